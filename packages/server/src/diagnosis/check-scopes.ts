import { type Finding, ok, quoting, unknown, wrong } from './finding.ts'
import { failureFor, refusalFor, type Seen } from './seen.ts'

const check = 'scopes'

/** Whether the provider grants what is asked for. */
export function checkScopes(seen: Seen): Finding[] {
  const { asked, authorization, history, integration } = seen
  const name = integration.providerName
  const refused = refusalFor(check, seen)
  const taken = authorization?.tellsScopes === true
  const failure = failureFor(check, seen)
  // A connect session may ask for more than its integration.
  const beyond = failure?.scopes?.filter((scope) => !asked.includes(scope)) ?? []
  const said = refused ?? (taken && beyond.length === 0 ? undefined : failure)
  if (said)
    return [
      wrong(
        check,
        'failed',
        quoting(
          {
            what: `${name} does not grant one of the scopes.`,
            todo: `Enable the API that it belongs to and add the scope to the client in ${name}'s developer console, or take it out of scope.`,
          },
          said.words,
        ),
        'scope',
      ),
    ]
  if (taken) return [ok(check, `${name} takes the scopes, and refuses one that it does not have.`)]
  if (history.connects || history.refreshed > 0) return [ok(check, `${name} has granted them.`)]
  return [unknown(check, `${name} tells only those who sign in.`)]
}
