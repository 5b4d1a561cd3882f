import { Failure } from '../failure.ts'
import { originOf } from '../profiles/choose.ts'
import { type Login, updateProfiles } from '../profiles/file.ts'
import type { World } from '../world.ts'
import { renewLogin } from './device-flow.ts'
import { findEndpoints } from './endpoints.ts'

/** Renewed this long before its end, so that it is good for the call it is asked for. */
const marginMs = 60_000

const isFresh = (login: Login) => login.expires_at - marginMs > Date.now()

/**
 * Gives the access token of a profile's sign-in, renewed when it is about to end. Only one process renews at a time, and
 * the others take what it got: a refresh token that is shown twice would end everything.
 * @param at.url the origin that it is sent to
 * @throws Failure where nobody is signed in there any more
 */
export function createAccessToken(
  { env }: Pick<World, 'env'>,
  { profile, url }: { profile: string; url: string },
): () => Promise<string> {
  // Not Ctrl-C's: the new pair must be kept once the old one is used up.
  const { signal } = new AbortController()
  let known: Login | null = null
  const renew = async (): Promise<Login> => {
    const login = await updateProfiles(env, async ({ profiles }) => {
      const entry = profiles[profile]
      // By now the profile may be of another server, whose tokens are not for the one that is called here.
      if (!entry?.login || originOf(entry.url) !== url) return null
      if (isFresh(entry.login)) return entry.login
      const renewed = await renewLogin(await findEndpoints(entry.url, signal), entry.login, signal)
      if (renewed) entry.login = renewed
      else delete entry.login
      return renewed
    })
    if (login) return login
    throw new Failure(`You are not signed in as "${profile}" any more.`, {
      next: `grantry login --profile ${profile}`,
    })
  }
  let renewing: Promise<Login> | null = null
  return async () => {
    if (!known || !isFresh(known)) {
      renewing ??= renew().finally(() => {
        renewing = null
      })
      known = await renewing
    }
    return known.access_token
  }
}
