import { exitCodes, Failure } from '../failure.ts'
import type { World } from '../world.ts'
import type { Profile, Profiles } from './file.ts'

/** Which server is called, and as whom. */
export type Target = {
  /** The profile it comes of; null where it is the environment's alone or the default. */
  name: string | null
  /** An origin. */
  url: string
  credential:
    | { kind: 'api_key'; key: string; from: 'environment' | 'profile' }
    | { kind: 'login'; profile: string }
    | null
}

export const defaultUrl = 'http://localhost:7001'

/**
 * Flags win over the environment (GRANTRY_URL, GRANTRY_API_KEY, GRANTRY_PROFILE), that over the profiles' file. A profile that
 * a flag names comes as a whole: what the environment says of another server does not mix in. A stored credential is sent
 * to the server that it was stored for and to no other.
 * @throws Failure where the named profile is not there
 */
export function chooseTarget(
  { profiles, current }: Profiles,
  env: World['env'],
  flags: { profile?: string; url?: string },
): Target {
  const named = flags.profile ?? (env.GRANTRY_PROFILE || undefined)
  const name = named ?? current
  const entry = name === null ? undefined : profiles[name]
  if (named !== undefined && !entry)
    throw new Failure(`There is no profile "${named}".`, {
      exitCode: exitCodes.notFound,
      next: `grantry profile list, or grantry login --profile ${named}`,
    })
  const whole = flags.profile !== undefined
  const url = originOf(
    flags.url ?? ((!whole && env.GRANTRY_URL) || entry?.url || env.GRANTRY_URL || defaultUrl),
  )
  const own = entry && originOf(entry.url) === url ? storedCredential(name!, entry) : null
  const given = env.GRANTRY_API_KEY
    ? ({ kind: 'api_key', key: env.GRANTRY_API_KEY, from: 'environment' } as const)
    : null
  return { name: entry ? name : null, url, credential: whole ? (own ?? given) : (given ?? own) }
}

function storedCredential(name: string, { api_key, login }: Profile): Target['credential'] {
  if (api_key) return { kind: 'api_key', key: api_key, from: 'profile' }
  return login ? { kind: 'login', profile: name } : null
}

/** Whether what is sent there can be read on the way. */
export const isPlain = (origin: string): boolean =>
  origin.startsWith('http:') &&
  !/^http:\/\/(localhost|[^/:]+\.localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/.test(origin)

export const plainWarning =
  'over plain http others on the way can read the credential: give the https address.'

/** @throws Failure for what is no address of a server */
export function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.pathname !== '/')
    throw new Failure(
      `"${url ? url.origin : text}" is not the address of a server, such as https://connect.example.com.`,
      {
        exitCode: exitCodes.usage,
      },
    )
  return url.origin
}
