import type { AccessToken } from './contract.ts'
import { ForbiddenError } from './errors.ts'
import type { ConnectionsResource } from './resources.ts'

/** Which connection's token: by its id, or as the one that an integration or provider, an end user and an app mean. */
export type Wanted =
  | { connection: string }
  | {
      provider?: string | undefined
      integration?: string | undefined
      end_user?: string | undefined
      app?: string | undefined
    }

export type TokenCache = {
  /** A token that is good for a while; asked for once, however many wait for it. */
  get(wanted: Wanted): Promise<AccessToken>
  /** In place of a token that the provider has refused. Renewed once, however many were refused it. */
  renew(wanted: Wanted, refused: string): Promise<AccessToken>
}

type Entry = {
  token: AccessToken | null
  /** Milliseconds of `now`. */
  freshUntil: number
  /** When a refresh was last forced. */
  forcedAt: number
  pending: Promise<AccessToken> | null
}

/** A token is given up this long before it ends, and of a short life keeps at least four fifths. */
const bufferSeconds = 300
/** How long a token without a known end is kept. */
const unknownLifeSeconds = 300
/** A provider that refuses new tokens too is not asked for more of them. */
const forceAgainMs = 30_000
const most = 10_000

const heldFor = ({ expires_in: life }: AccessToken) =>
  life === null ? unknownLifeSeconds : life - Math.min(bufferSeconds, life / 5)

export function createTokenCache({
  connections,
  credential,
  now,
}: {
  connections: Pick<ConnectionsResource, 'token' | 'findToken' | 'refresh'>
  /** As whom Grantry is asked now. One client may ask as one end user after the other. */
  credential: () => Promise<string | null>
  now: () => number
}): TokenCache {
  const entries = new Map<string, Entry>()

  const read = (wanted: Wanted) =>
    'connection' in wanted ? connections.token(wanted.connection) : connections.findToken(wanted)

  async function readInto(entry: Entry, wanted: Wanted): Promise<AccessToken> {
    // The time of the question: what the answer says of its life is then told too short rather than too long.
    const asked = now()
    const token = await read(wanted)
    entry.token = token
    entry.freshUntil = asked + heldFor(token) * 1000
    return token
  }

  async function force(entry: Entry, wanted: Wanted, refused: string): Promise<AccessToken> {
    const stored = await readInto(entry, wanted)
    if (stored.access_token !== refused || now() - entry.forcedAt < forceAgainMs) return stored
    entry.forcedAt = now()
    try {
      await connections.refresh(stored.connection_id)
    } catch (error) {
      // A key that may only read tokens has to do with the stored one.
      if (error instanceof ForbiddenError) return stored
      throw error
    }
    return readInto(entry, wanted)
  }

  /** What is under way is shared; a failure is everyone's who waited, and nobody's afterwards. */
  function once(entry: Entry, work: () => Promise<AccessToken>): Promise<AccessToken> {
    entry.pending ??= work().finally(() => {
      entry.pending = null
    })
    return entry.pending
  }

  /** Most recently used last. What one credential was given is nothing to another. */
  async function entryOf(wanted: Wanted): Promise<Entry> {
    const key = `${await credential()} ${JSON.stringify(wanted, Object.keys(wanted).toSorted())}`
    const entry = entries.get(key) ?? {
      token: null,
      freshUntil: 0,
      forcedAt: Number.NEGATIVE_INFINITY,
      pending: null,
    }
    entries.delete(key)
    entries.set(key, entry)
    const [oldest] = entries.keys()
    if (entries.size > most && oldest !== undefined) entries.delete(oldest)
    return entry
  }

  return {
    async get(wanted) {
      const entry = await entryOf(wanted)
      if (entry.token !== null && now() < entry.freshUntil) return entry.token
      return once(entry, () => readInto(entry, wanted))
    },
    async renew(wanted, refused) {
      const entry = await entryOf(wanted)
      await entry.pending?.catch(() => null)
      if (entry.token !== null && entry.token.access_token !== refused) return entry.token
      entry.token = null
      return once(entry, () => force(entry, wanted, refused))
    },
  }
}
