import type { Provider } from '@grantry/providers'

const day = 86_400

/** What whoever connects accounts of a provider notices of how it differs, in sentences. */
export function hintsOf({
  refresh = {},
  authorize = {},
  token_response,
  revocation,
  params,
}: Provider): string[] {
  const hints: string[] = []
  const say = (when: unknown, sentence: string) => void (when && hints.push(sentence))
  say(
    params && Object.keys(params).length > 0,
    'Its addresses differ by customer: the integration says for whom, as params.',
  )
  say(authorize.pkce === 'none', 'It refuses PKCE, so requests go without.')
  say(
    authorize.sends_scopes === false,
    'What a connection may do is set where the app is registered; scopes are not sent.',
  )
  say(refresh.by === 'none', 'Access tokens do not end, and there is nothing to refresh.')
  say(refresh.by === 'exchange', 'Access tokens are renewed by exchanging them; there are no refresh tokens.')
  say(refresh.rotates, 'Each refresh ends the refresh token before it.')
  say(refresh.idle_lifetime, `A connection that is not refreshed for ${days(refresh.idle_lifetime)} ends.`)
  say(
    refresh.absolute_lifetime,
    `People must connect again after ${days(refresh.absolute_lifetime)}, however often it is used.`,
  )
  say(
    refresh.budget,
    `It takes ${refresh.budget?.calls} refreshes of one OAuth app in ${refresh.budget?.seconds} seconds; Grantry keeps to that.`,
  )
  say(token_response?.default_expires_in, 'It does not say how long tokens live; Grantry knows.')
  say(!revocation, 'It has no way to end a grant from here: people end it in their account there.')
  say(revocation?.ends_siblings, 'Ending one connection there ends all of the same account.')
  return hints
}

function days(seconds = 0): string {
  if (seconds < 2 * day) return `${Math.round(seconds / 3600)} hours`
  return `${Math.round(seconds / day)} days`
}
