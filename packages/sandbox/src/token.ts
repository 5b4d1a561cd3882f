import { createHash } from 'node:crypto'
import type { Answer } from './answer.ts'
import { paramsOf, repeatsParameter, splitScopes } from './body.ts'
import { type Call, hashOf } from './calls.ts'
import { authenticateClient } from './client-auth.ts'
import type { FaultPlan } from './faults.ts'
import {
  type AccessToken,
  accessTokenFault,
  type Code,
  endAccessTokens,
  endFamily,
  type Family,
  issueAccessToken,
  issueRefreshToken,
  refreshTokenFault,
  shortenAccessTokens,
  startFamily,
} from './grants.ts'
import type { Issued, ProviderTable, RefusalReason } from './provider-table.ts'
import { refuse, requestFacts } from './refusals.ts'
import { spoilIssued } from './spoil-answer.ts'
import { baseOf, type Client, clientKey, type SandboxState } from './state.ts'
import { subjectOf } from './subject.ts'

type Given = Omit<Issued, 'grant_type' | 'token_type' | 'id_token'> & { family: Family; nonce: string | null }
type Outcome = Given | RefusalReason
type GrantHandler = (
  state: SandboxState,
  table: ProviderTable,
  client: Client,
  params: URLSearchParams,
  plan: FaultPlan,
  place: Record<string, string>,
) => Outcome

export type TokenRequest = {
  authorization: string | undefined
  accept: string
  params: URLSearchParams | null
  /** The values of the path parts that codes and tokens are bound to. */
  place: Record<string, string>
}

/** Reads what the log and the faults need to know before the work: the grant type and which refresh token is in use. */
export const noteTokenRequest = (call: Call, params: URLSearchParams | null): void => {
  call.grant_type = params?.get('grant_type') ?? null
  const refresh = params?.get('refresh_token')
  call.refresh_token_hash = refresh ? hashOf(refresh) : null
}

export const tokenParams = (table: ProviderTable, body: unknown): URLSearchParams | null =>
  paramsOf(body, table.token.body)

/** The token endpoint (RFC 6749 §3.2), in the provider's words. */
export const answerToken = async (
  state: SandboxState,
  table: ProviderTable,
  request: TokenRequest,
  call: Call,
  plan: FaultPlan,
): Promise<Answer> => {
  const outcome = decide(state, table, request, call, plan)
  const facts = () => {
    const client = state.clients.get(clientKey(table.name, call.client_id ?? '')) ?? null
    return requestFacts(state, table, client, request.accept)
  }
  if (typeof outcome === 'string') {
    call.outcome = `refused:${outcome}`
    return refuse(table, outcome, facts())
  }
  call.outcome = 'ok'
  const { family, nonce, ...given } = outcome
  const issued: Issued = {
    ...given,
    grant_type: call.grant_type!,
    token_type: table.token.token_type ?? 'Bearer',
    id_token: await idToken(state, table, family, nonce),
  }
  return table.token.answer(spoilIssued(issued, plan), baseOf(state, table), facts())
}

const decide = (
  state: SandboxState,
  table: ProviderTable,
  { authorization, params, place }: TokenRequest,
  call: Call,
  plan: FaultPlan,
): Outcome => {
  if (!params) return 'content_type'
  if (repeatsParameter(params)) return 'parameter_repeated'
  const auth = authenticateClient(state, table, authorization, params)
  if ('refused' in auth) {
    call.client_id = auth.client_id
    return auth.refused
  }
  call.client_id = auth.client.client_id
  const grantType = params.get('grant_type') ?? table.token.default_grant_type
  if (!grantType) return 'grant_type_missing'
  call.grant_type = grantType
  if (grantType === table.token.exchange?.grant_type)
    return byExchange(state, table, auth.client, params, plan, place)
  const handler = grants[grantType]
  if (!handler || !table.token.grant_types.includes(grantType)) return 'grant_type_unsupported'
  return handler(state, table, auth.client, params, plan, place)
}

/** RFC 6749 §4.1.3, RFC 7636 §4.6. */
const byCode: GrantHandler = (state, table, client, params, _plan, place) => {
  const text = params.get('code')
  if (!text) return 'parameter_missing'
  const code = state.grants.codes.get(text)
  if (!code || code.provider !== table.name || code.client_id !== client.client_id) return 'code_unknown'
  if (!isBoundTo(table, code.place, place)) return 'code_unknown'
  if (code.used_by) {
    if (table.token.replay_revokes) endFamily(state, code.used_by, 'code_replayed')
    return 'code_used'
  }
  if (state.clock.now() - code.issued_at > state.settings.get(table.name)!.code_lifetime * 1000)
    return 'code_expired'
  const { redirect_uri: rule = 'required' } = table.token
  const redirectUri = params.get('redirect_uri')
  if (
    rule !== 'ignored' &&
    redirectUri !== code.redirect_uri &&
    !(rule === 'optional' && redirectUri === null)
  )
    return 'redirect_uri_mismatch'
  const wrong = table.authorize.pkce === 'ignored' ? null : verifierFault(code, params.get('code_verifier'))
  if (wrong) return wrong
  const family = startFamily(state, {
    provider: table.name,
    client_id: client.client_id,
    account: code.account,
    scopes: code.scopes,
    place: code.place,
  })
  code.used_by = family
  const { main, other } = divideScopes(table, code.scopes)
  const issue = (scopes: string[], kind: string) => ({
    access: issueAccessToken(state, family, scopes, kind),
    refresh: code.with_refresh_token ? issueRefreshToken(state, family, scopes, kind).token : null,
  })
  const second = other.length > 0 ? issue(other, table.token.second_token!.name) : null
  // Where everything asked for goes with the second token, there is no first one.
  const first = main.length > 0 || !second ? issue(main, 'main') : null
  return {
    ...given(state, (first ?? second)!.access, first?.refresh ?? null, code.nonce),
    ...(first ? {} : { access_token: undefined, scopes: [] }),
    second: second && {
      access_token: second.access.token,
      refresh_token: second.refresh,
      scopes: other,
    },
  }
}

const isBoundTo = (
  { bound_to: names = [] }: ProviderTable,
  given: Record<string, string>,
  now: Record<string, string>,
): boolean => names.every((name) => given[name] === now[name])

const divideScopes = ({ token }: ProviderTable, scopes: string[]): { main: string[]; other: string[] } => {
  const prefix = token.second_token?.prefix
  if (prefix === undefined) return { main: scopes, other: [] }
  return {
    main: scopes.filter((scope) => !scope.startsWith(prefix)),
    other: scopes.filter((scope) => scope.startsWith(prefix)).map((scope) => scope.slice(prefix.length)),
  }
}

const verifierFault = ({ challenge }: Code, verifier: string | null): RefusalReason | null => {
  // A verifier for a code without a challenge points to a stripped challenge (RFC 9700 §4.8.2).
  if (!challenge) return verifier === null ? null : 'verifier_wrong'
  if (!verifier) return 'verifier_missing'
  const computed =
    challenge.method === 'S256' ? createHash('sha256').update(verifier).digest('base64url') : verifier
  return computed === challenge.value ? null : 'verifier_wrong'
}

/** RFC 6749 §6. */
const byRefreshToken: GrantHandler = (state, table, client, params, plan, place) => {
  const text = params.get('refresh_token')
  if (!text) return 'parameter_missing'
  const refresh = state.grants.refresh.get(text)
  if (refresh?.family.provider !== table.name || refresh.family.client_id !== client.client_id)
    return 'refresh_unknown'
  if (!isBoundTo(table, refresh.family.place, place)) return 'refresh_unknown'
  const wrong = refreshTokenFault(state, refresh)
  if (wrong) return wrong
  const { family } = refresh
  const asked = splitScopes(params.get('scope'), table.authorize.scope_separators)
  if (asked.some((scope) => !refresh.scopes.includes(scope))) return 'scope_invalid'
  const settings = state.settings.get(table.name)!
  const now = state.clock.now()
  const has = (fault: string) => plan.spoilers.some(({ order }) => order.fault === fault)
  refresh.used_at = now
  const before = family.access.findLast(({ kind }) => kind === refresh.kind)
  if (settings.kills_access_token && settings.leeway === 0) endAccessTokens(family, 'refreshed')
  // Who asks again inside the leeway ends nothing more: what the lost answer held may have arrived after all.
  else if (settings.kills_access_token && refresh.superseded_at === null)
    shortenAccessTokens(family, now + settings.leeway * 1000)
  let access: AccessToken
  if (has('same_access_token') && before && !before.ended) {
    before.expires_at = settings.expires_in === null ? null : now + settings.expires_in * 1000
    access = before
  } else access = issueAccessToken(state, family, asked.length > 0 ? asked : refresh.scopes, refresh.kind)
  let next = table.token.repeats_refresh_token && !has('omit_refresh_token') ? text : null
  if (settings.rotates && !has('omit_refresh_token')) {
    refresh.superseded_at ??= now
    next = issueRefreshToken(state, family, refresh.scopes, refresh.kind).token
  }
  return given(state, access, next, null)
}

/** RFC 6749 §4.4. No refresh token (§4.4.3). */
const byClientCredentials: GrantHandler = (state, table, client, params) => {
  if (client.client_secret === null) return 'grant_type_not_allowed'
  const asked = splitScopes(params.get('scope'), table.authorize.scope_separators)
  const scopes = asked.length > 0 ? asked : (table.authorize.default_scopes ?? [])
  if (scopes.some((scope) => !(scope in table.scopes))) return 'scope_invalid'
  const family = startFamily(state, {
    provider: table.name,
    client_id: client.client_id,
    account: null,
    scopes,
    place: {},
  })
  return given(state, issueAccessToken(state, family), null, null)
}

/** A live access token becomes one that lives longer; the first one stays good. */
const byExchange: GrantHandler = (state, table, client, params) => {
  const rules = table.token.exchange!
  const text = params.get(rules.parameter)
  if (!text) return 'parameter_missing'
  const access = state.grants.access.get(text)
  if (access?.family.provider !== table.name || access.family.client_id !== client.client_id)
    return 'refresh_unknown'
  const dead = accessTokenFault(state, access)
  if (dead) return dead === 'expired' ? 'refresh_expired' : 'refresh_revoked'
  const { family, scopes, kind } = access
  return given(state, issueAccessToken(state, family, scopes, kind, rules.expires_in), null, null)
}

const grants: Record<string, GrantHandler> = {
  authorization_code: byCode,
  refresh_token: byRefreshToken,
  client_credentials: byClientCredentials,
}

const given = (
  state: SandboxState,
  access: AccessToken,
  refresh: string | null,
  nonce: string | null,
): Given => ({
  family: access.family,
  access_token: access.token,
  expires_in:
    access.expires_at === null ? undefined : Math.round((access.expires_at - state.clock.now()) / 1000),
  refresh_token: refresh,
  scopes: access.scopes,
  account: access.family.account,
  kind: access.kind,
  second: null,
  nonce,
})

/** OpenID Connect Core §3.1.3.6; profile claims as far as the scopes go (§5.4). */
const idToken = async (
  state: SandboxState,
  table: ProviderTable,
  { account, scopes, client_id }: Family,
  nonce: string | null,
): Promise<string | null> => {
  if (!table.openid || !account || !scopes.includes('openid')) return null
  const now = Math.floor(state.clock.now() / 1000)
  const may = (scope: string) =>
    scopes.some((granted) => granted === scope || granted.endsWith(`userinfo.${scope}`))
  return state.signer.sign({
    iss: baseOf(state, table),
    aud: client_id,
    azp: client_id,
    sub: subjectOf(account),
    iat: now,
    exp: now + 3600,
    ...(nonce === null ? {} : { nonce }),
    ...(may('email') ? { email: account.email, email_verified: true } : {}),
    ...(may('profile')
      ? { name: account.name, given_name: account.given_name, family_name: account.family_name }
      : {}),
  })
}
