import { advise } from '../http/advise.ts'
import { type Finding, ok, quoting, unknown, wrong } from './finding.ts'
import { failureFor, refusalFor, type Seen } from './seen.ts'

const check = 'client_authentication'

/** Whether the provider takes the client id, the secret, and the way in which they are sent. */
export function checkClient(seen: Seen): Finding[] {
  const { client, history, integration } = seen
  const name = integration.providerName
  if (client?.is === 'refused' && client.worksWith)
    return [
      wrong(
        check,
        'failed',
        {
          what: `${name} knows this client, but does not take ${integration.authMethod} (${client.words}).`,
          todo: `Set token_auth_method to ${client.worksWith}.`,
        },
        'token_auth_method',
      ),
    ]
  const unknownClient = refusalFor(check, seen)
  if (unknownClient)
    return [
      wrong(
        check,
        'failed',
        quoting(
          {
            what: `${name} does not know the client id.`,
            todo: "Copy it once more from the provider's developer console and save the integration again.",
          },
          unknownClient.words,
        ),
        'client_id',
      ),
    ]
  if (client?.is === 'refused')
    return [
      wrong(
        check,
        'failed',
        quoting(advise('invalid_client', client.words, name), client.words),
        'client_secret',
      ),
    ]
  if (client?.is === 'recognised') return [ok(check, `${name} recognises the client.`)]
  const failure = failureFor(check, seen)
  if (failure)
    return [
      wrong(
        check,
        'failed',
        quoting(advise(failure.error, failure.words, name), failure.words),
        'client_secret',
      ),
    ]
  if (history.refreshed > 0 || history.connects)
    return [ok(check, `${name} has given tokens to this client.`)]
  if (client?.is === 'silent') return [unknown(check, client.words)]
  return [unknown(check, 'It has not been tried.')]
}
