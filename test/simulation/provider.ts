import type { Dice } from './random.ts'

/** How a provider of this run treats refresh tokens. Times in milliseconds. */
export type ProviderHabits = {
  rotates: boolean
  /** How long a refresh token that was rotated out still works. */
  leeway: number
  /** One that comes back later ends the whole grant. */
  killsFamily: boolean
  /** Of two pairs that came of one parent only the later lives. */
  latestWins: boolean
  killsAccessToken: boolean
  lifetime: number
  saysLifetime: boolean
}

export type Grant = {
  account: string
  /** Refresh tokens that work. */
  live: Set<string>
  /** Refresh tokens that were rotated out, and when; with the one that came of it last. */
  spent: Map<string, { at: number; child: string }>
  /** Access tokens, and when they stop working. */
  access: Map<string, number>
  /** Who ended it: the person at the provider, or a refresh token that came back too late. */
  ended: null | { by: 'person' | 'reuse'; at: number }
}

export type ProviderAnswer = { status: number; body: string }

export function createProvider(habits: ProviderHabits, dice: Dice, now: () => number) {
  const grants: Grant[] = []
  let count = 0
  const mint = (kind: string) => `${kind}-${++count}-${dice.between(0, 1e9)}`

  const issue = (grant: Grant): { access: string; refresh: string } => {
    const access = mint('at')
    const refresh = mint('rt')
    grant.access.set(access, now() + habits.lifetime)
    grant.live.add(refresh)
    return { access, refresh }
  }
  const grantOf = (refresh: string) =>
    grants.find(({ live, spent }) => live.has(refresh) || spent.has(refresh))

  return {
    habits,
    grants,
    grantOf,
    consent(account: string) {
      const grant: Grant = { account, live: new Set(), spent: new Map(), access: new Map(), ended: null }
      grants.push(grant)
      return { grant, ...issue(grant) }
    },
    revoke(grant: Grant) {
      grant.ended ??= { by: 'person', at: now() }
    },
    /** Whether the API would take this access token at any time from `since` to now. */
    accepts(access: string, since: number): boolean {
      const grant = grants.find((one) => one.access.has(access))
      if (!grant || grant.access.get(access)! <= since) return false
      return grant.ended === null || grant.ended.at >= since
    },
    /** Whether a refresh with this token would work at `at`. */
    takes(refresh: string, at = now()): boolean {
      const grant = grantOf(refresh)
      if (!grant || grant.ended) return false
      if (grant.live.has(refresh)) return true
      const spent = grant.spent.get(refresh)
      return spent !== undefined && at - spent.at <= habits.leeway
    },
    refresh(token: string): ProviderAnswer {
      const grant = grantOf(token)
      const refused = { status: 400, body: JSON.stringify({ error: 'invalid_grant' }) }
      if (!grant || grant.ended) return refused
      const spent = grant.spent.get(token)
      if (!grant.live.has(token)) {
        if (!spent) return refused
        if (now() - spent.at > habits.leeway) {
          if (habits.killsFamily) grant.ended = { by: 'reuse', at: now() }
          return refused
        }
      }
      if (habits.killsAccessToken)
        for (const [access, ends] of grant.access) grant.access.set(access, Math.min(ends, now()))
      if (!habits.rotates) {
        const access = mint('at')
        grant.access.set(access, now() + habits.lifetime)
        return answer(access, null)
      }
      if (spent && habits.latestWins) grant.live.delete(spent.child)
      grant.live.delete(token)
      const pair = issue(grant)
      grant.spent.set(token, { at: spent?.at ?? now(), child: pair.refresh })
      return answer(pair.access, pair.refresh)
    },
  }

  function answer(access: string, refresh: string | null): ProviderAnswer {
    const body = {
      access_token: access,
      token_type: 'Bearer',
      ...(refresh && { refresh_token: refresh }),
      ...(habits.saysLifetime && { expires_in: habits.lifetime / 1000 }),
    }
    return { status: 200, body: JSON.stringify(body) }
  }
}

export type SimulatedProvider = ReturnType<typeof createProvider>
