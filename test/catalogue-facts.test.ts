import { catalogue } from '@grantry/providers'
import { describe, expect, test } from 'vitest'
import { allTables } from '../packages/sandbox/src/tables/all.ts'

// Catalogue and sandbox were written apart, each from the providers' documentation. Where they differ about how a token
// is kept alive, one of them is wrong, or there is a reason; every reason is here.

type Fact = 'rotates' | 'leeway' | 'kills_access_token' | 'idle_lifetime'

const played = new Map(allTables.map((table) => [table.name, table.settings]))

const reasons: Record<string, Partial<Record<Fact, string>>> = {
  github: {
    rotates:
      'the sandbox plays an OAuth app, whose tokens do not end; only those of GitHub Apps are refreshed',
    kills_access_token: 'the same',
    idle_lifetime: 'the same',
  },
  shopify: {
    rotates: 'the sandbox plays tokens that do not end, as custom apps still get them',
    leeway: 'the same',
    idle_lifetime: 'the same',
  },
  outlook: {
    rotates:
      'a new refresh token comes, and the old one stays good: for us that is no rotation, in the sandbox',
    leeway: 'it is one with a leeway as long as the token lives',
  },
  quickbooks: {
    idle_lifetime: 'the documentation says 100 days, the answers 101: the catalogue takes the less',
  },
}

describe.each([...catalogue])('%s', (name, { refresh = {} }) => {
  const settings = played.get(name)!
  const told: Record<Fact, unknown> = {
    rotates: refresh.rotates ?? false,
    leeway: refresh.leeway ?? 0,
    kills_access_token: refresh.kills_access_token ?? false,
    idle_lifetime: refresh.idle_lifetime ?? null,
  }
  const seen: Record<Fact, unknown> = {
    rotates: settings.rotates,
    leeway: settings.leeway,
    kills_access_token: settings.kills_access_token,
    idle_lifetime: settings.refresh_idle_lifetime,
  }

  test.each(Object.keys(told) as Fact[])('%s is as the sandbox plays it, or there is a reason', (fact) => {
    const reason = reasons[name]?.[fact]
    if (reason === undefined) expect(told[fact]).toBe(seen[fact])
    // A reason that is no longer needed would hide the next difference.
    else expect(told[fact], reason).not.toBe(seen[fact])
  })
})
