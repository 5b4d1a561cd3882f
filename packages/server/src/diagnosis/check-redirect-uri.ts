import { type Finding, ok, quoting, unknown, wrong } from './finding.ts'
import { failureFor, refusalFor, type Seen } from './seen.ts'

const check = 'redirect_uri'

/** Whether the provider knows where to send people back to. */
export function checkRedirectUri(seen: Seen): Finding[] {
  const { authorization, history, integration } = seen
  const { providerName: name, redirectUri } = integration
  const refused = refusalFor(check, seen)
  const known = authorization?.tellsRedirectUri === true
  const said = refused ?? (known ? undefined : failureFor(check, seen))
  if (said)
    return [
      wrong(
        check,
        'failed',
        quoting(
          {
            what: `${name} does not know the redirect URI.`,
            todo: `In ${name}'s developer console, register ${redirectUri} for this client, character by character.`,
          },
          said.words,
        ),
        'provider',
      ),
    ]
  if (known) return [ok(check, `${name} takes ${redirectUri}, and refuses another.`)]
  if (history.connects) return [ok(check, `${name} has sent people back to it.`)]
  return [
    unknown(
      check,
      `${name} tells only those who sign in. Check that ${redirectUri} is registered there, or connect an account.`,
    ),
  ]
}
