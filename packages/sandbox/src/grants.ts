import type { Account } from './accounts.ts'
import type { RefusalReason } from './provider-table.ts'
import type { SandboxState } from './state.ts'

/** All that came from one consent. It ends as a whole. */
export type Family = {
  id: number
  provider: string
  client_id: string
  /** Null for client credentials. */
  account: Account | null
  scopes: string[]
  place: Record<string, string>
  /** Oldest first. */
  access: AccessToken[]
  ended: string | null
}

export type Code = {
  code: string
  provider: string
  client_id: string
  account: Account
  redirect_uri: string
  scopes: string[]
  challenge: { value: string; method: string } | null
  with_refresh_token: boolean
  nonce: string | null
  /** The values of the path parts that codes and tokens are bound to. */
  place: Record<string, string>
  issued_at: number
  used_by: Family | null
}

export type AccessToken = {
  token: string
  family: Family
  /** `main`, or the name of the second token. */
  kind: string
  scopes: string[]
  issued_at: number
  /** Null: never. */
  expires_at: number | null
  ended: string | null
}

export type RefreshToken = {
  token: string
  family: Family
  kind: string
  scopes: string[]
  used_at: number
  superseded_at: number | null
  ended: string | null
}

export type GrantStore = {
  codes: Map<string, Code>
  access: Map<string, AccessToken>
  refresh: Map<string, RefreshToken>
  families: Family[]
  /** `provider client account` → scopes granted so far, and whether a refresh token went with them. */
  consents: Map<string, { scopes: Set<string>; offline: boolean }>
  familiesKilled: number
  /** Refresh tokens that came again after they were exchanged, inside the leeway or not. */
  reuses: number
}

type Ctx = Pick<SandboxState, 'grants' | 'clock' | 'random' | 'settings' | 'tables'>

export const createGrantStore = (): GrantStore => ({
  codes: new Map(),
  access: new Map(),
  refresh: new Map(),
  families: [],
  consents: new Map(),
  familiesKilled: 0,
  reuses: 0,
})

export const consentKey = (provider: string, clientId: string, account: Account): string =>
  `${provider} ${clientId} ${account.email}`

export const issueCode = (ctx: Ctx, facts: Omit<Code, 'code' | 'issued_at' | 'used_by'>): Code => {
  const strings = ctx.tables.get(facts.provider)!.strings
  const code: Code = {
    ...facts,
    code: strings.code(ctx.random, facts.account, 'main'),
    issued_at: ctx.clock.now(),
    used_by: null,
  }
  ctx.grants.codes.set(code.code, code)
  const consents = ctx.grants.consents
  const key = consentKey(facts.provider, facts.client_id, facts.account)
  const before = consents.get(key)
  consents.set(key, {
    scopes: new Set([...(before?.scopes ?? []), ...facts.scopes]),
    offline: facts.with_refresh_token || (before?.offline ?? false),
  })
  return code
}

export const startFamily = (
  ctx: Ctx,
  facts: Pick<Family, 'provider' | 'client_id' | 'account' | 'scopes' | 'place'>,
): Family => {
  const family: Family = { ...facts, id: ctx.grants.families.length + 1, access: [], ended: null }
  ctx.grants.families.push(family)
  return family
}

export const issueAccessToken = (
  ctx: Ctx,
  family: Family,
  scopes = family.scopes,
  kind = 'main',
  expiresIn = ctx.settings.get(family.provider)!.expires_in,
): AccessToken => {
  const { strings } = ctx.tables.get(family.provider)!
  const now = ctx.clock.now()
  const access: AccessToken = {
    token: strings.access_token(ctx.random, family.account, kind),
    family,
    kind,
    scopes,
    issued_at: now,
    expires_at: expiresIn === null ? null : now + expiresIn * 1000,
    ended: null,
  }
  ctx.grants.access.set(access.token, access)
  family.access.push(access)
  return access
}

export const issueRefreshToken = (
  ctx: Ctx,
  family: Family,
  scopes = family.scopes,
  kind = 'main',
): RefreshToken => {
  const { strings } = ctx.tables.get(family.provider)!
  const refresh: RefreshToken = {
    token: strings.refresh_token(ctx.random, family.account, kind),
    family,
    kind,
    scopes,
    used_at: ctx.clock.now(),
    superseded_at: null,
    ended: null,
  }
  ctx.grants.refresh.set(refresh.token, refresh)
  return refresh
}

export const endAccessTokens = (family: Family, reason: string): void => {
  for (const access of family.access) access.ended ??= reason
}

/** Lets access tokens live until then (milliseconds since the epoch), and no longer. */
export const shortenAccessTokens = (family: Family, until: number): void => {
  for (const access of family.access) access.expires_at = Math.min(access.expires_at ?? Infinity, until)
}

/** Ends all that came from one consent. */
export const endFamily = (ctx: Ctx, family: Family, reason: string): void => {
  if (family.ended) return
  family.ended = reason
  // The person is asked again, as if for the first time.
  if (family.account)
    ctx.grants.consents.delete(consentKey(family.provider, family.client_id, family.account))
}

/** Ends every grant of an account, to one client or to all. Answers how many there were. */
export const endAccount = (
  ctx: Ctx,
  which: { provider: string; account: string; client_id?: string },
  reason: string,
): number => {
  const found = ctx.grants.families.filter(
    (family) =>
      !family.ended &&
      family.provider === which.provider &&
      family.account?.email === which.account &&
      (which.client_id === undefined || family.client_id === which.client_id),
  )
  for (const family of found) endFamily(ctx, family, reason)
  return found.length
}

/** Null where the token is good now, else why it is not. */
export const accessTokenFault = (ctx: Ctx, access: AccessToken): string | null =>
  access.family.ended ??
  access.ended ??
  (access.expires_at !== null && access.expires_at <= ctx.clock.now() ? 'expired' : null)

/**
 * May this refresh token be exchanged now? A token that was exchanged before is still taken inside the leeway; after it, where reuse is
 * detected, its whole family ends (RFC 9700 §4.14.2).
 */
export const refreshTokenFault = (ctx: Ctx, refresh: RefreshToken): RefusalReason | null => {
  const settings = ctx.settings.get(refresh.family.provider)!
  const now = ctx.clock.now()
  if (refresh.family.ended || refresh.ended) return 'refresh_revoked'
  if (refresh.superseded_at !== null) {
    ctx.grants.reuses += 1
    if (now - refresh.superseded_at <= settings.leeway * 1000 && settings.leeway > 0) return null
    if (settings.reuse_detection) {
      ctx.grants.familiesKilled += 1
      endFamily(ctx, refresh.family, 'reuse')
    }
    return 'refresh_superseded'
  }
  const idle = settings.refresh_idle_lifetime
  return idle !== null && now - refresh.used_at > idle * 1000 ? 'refresh_expired' : null
}
