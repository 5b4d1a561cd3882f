import { type Answer, json } from './answer.ts'
import type { ProviderTable, RefusalFacts, RefusalReason, RequestFacts } from './provider-table.ts'
import type { SandboxState } from './state.ts'

/** What RFC 6749 §5.2 (and 7636 §4.6) has a token endpoint say; tables put their provider's own words over it. */
export const standardRefusals: Record<RefusalReason, RefusalFacts> = {
  content_type: bad('invalid_request', 'The body must be application/x-www-form-urlencoded.'),
  parameter_repeated: bad('invalid_request', 'A parameter is repeated.'),
  parameter_missing: bad('invalid_request', 'A required parameter is missing.'),
  client_missing: client('Client authentication is missing.'),
  client_unknown: client('The client is unknown.'),
  client_wrong_secret: client('The client secret is wrong.'),
  client_method: client('This way of client authentication is not supported.'),
  grant_type_missing: bad('invalid_request', 'grant_type is missing.'),
  grant_type_unsupported: bad('unsupported_grant_type', 'This grant type is not supported.'),
  grant_type_not_allowed: bad('unauthorized_client', 'The client may not use this grant type.'),
  code_unknown: grant('The authorization code is unknown.'),
  code_used: grant('The authorization code was used before.'),
  code_expired: grant('The authorization code has expired.'),
  redirect_uri_mismatch: grant('redirect_uri is not the one of the authorization request.'),
  verifier_missing: grant('code_verifier is missing.'),
  verifier_wrong: grant('code_verifier does not match the challenge.'),
  refresh_unknown: grant('The refresh token is unknown.'),
  refresh_expired: grant('The refresh token has expired.'),
  refresh_revoked: grant('The refresh token was revoked.'),
  refresh_superseded: grant('The refresh token was used before.'),
  scope_invalid: bad('invalid_scope', 'A scope is unknown or was not granted.'),
}

function bad(error: string, description: string): RefusalFacts {
  return { status: 400, error, description }
}

function client(description: string): RefusalFacts {
  return { status: 401, error: 'invalid_client', description }
}

function grant(description: string): RefusalFacts {
  return bad('invalid_grant', description)
}

/** The error body of RFC 6749 §5.2. */
export const standardRefusal = ({ status, error, description }: RefusalFacts): Answer =>
  json(
    status,
    { error, error_description: description },
    status === 401 ? { 'www-authenticate': 'Basic realm="sandbox"', ...noStore } : noStore,
  )

export const noStore = { 'cache-control': 'no-store', pragma: 'no-cache' }

export const refuse = (table: ProviderTable, reason: RefusalReason, request: RequestFacts): Answer =>
  table.token.refusal(table.token.refusals[reason] ?? standardRefusals[reason], request)

export const requestFacts = (
  state: Pick<SandboxState, 'clock' | 'random' | 'settings'>,
  table: ProviderTable,
  client: RequestFacts['client'],
  accept = '',
): RequestFacts => ({
  now: state.clock.now(),
  random: state.random,
  settings: state.settings.get(table.name)!,
  accept,
  client,
})
