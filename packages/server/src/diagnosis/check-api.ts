import { advise } from '../http/advise.ts'
import { type Finding, ok, quoting, unknown, wrong } from './finding.ts'
import { failureFor, type Seen } from './seen.ts'

const check = 'api'

/** Whether the provider's API takes the tokens: it was asked when accounts were connected. */
export function checkApi(seen: Seen): Finding[] {
  const { history, integration } = seen
  const name = integration.providerName
  const failure = failureFor(check, seen)
  if (failure?.kind === 'api_not_enabled')
    return [
      wrong(check, 'failed', quoting(advise(failure.error, failure.words, name), failure.words), 'provider'),
    ]
  if (failure)
    return [
      wrong(
        check,
        'warning',
        quoting(
          {
            what: `The API of ${name} refused a token that it had given.`,
            todo: 'Check that the scopes cover what the API is asked for, and that the client may use it.',
          },
          failure.words,
        ),
        'scope',
      ),
    ]
  if (history.apiAnswers) return [ok(check, `The API of ${name} answers to its tokens.`)]
  return [unknown(check, 'No connection has been used there yet.')]
}
