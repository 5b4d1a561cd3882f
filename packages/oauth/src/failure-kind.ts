/** What went wrong between us and a provider, whatever the provider calls it. */
export type FailureKind =
  | 'access_denied'
  | 'not_me'
  | 'redirect_uri_mismatch'
  | 'https_required'
  | 'invalid_scope'
  | 'api_not_enabled'
  | 'blocked'
  | 'invalid_client'
  | 'client_secret_expired'
  | 'clock_skew'
  | 'invalid_grant'
  | 'no_refresh_token'
  | 'invalid_request'
  | 'expired'
  | 'conflict'
  | 'already_used'
  | 'quota_exceeded'
  | 'temporarily_unavailable'
  | 'unusable_answer'
  | 'unreachable_address'
  | RenewalKind
  | 'unknown'

/** Kinds of which the provider knows nothing: why there are no new tokens although it was not asked, or has answered. */
export type RenewalKind = 'held_back' | 'over_budget' | 'in_progress' | 'not_stored' | 'replaced_since_backup'

/** Where the code says little and the description says which: tried first. */
const byDescription: [RegExp, FailureKind][] = [
  [
    /AADSTS7000222|client secret (keys .* )?(is|are|has|have) expired|expired client secret/i,
    'client_secret_expired',
  ],
  [
    /redirect[ _]ur[il].{0,60}(must|should|has to) (use|be|start with).{0,12}https|insecure redirect|https (is )?required/i,
    'https_required',
  ],
  [
    /AADSTS50011|redirect[ _]ur[il].{0,60}(mismatch|not match|not registered|invalid)/i,
    'redirect_uri_mismatch',
  ],
  [/AADSTS(65001|90094|65004)|admin(istrator)? (consent|approval|has (not|blocked))/i, 'blocked'],
  [
    /has not been used in project|API .{0,40}(is|was) (disabled|not enabled)|accessNotConfigured/i,
    'api_not_enabled',
  ],
  [/\b(iat|exp|nbf)\b.{0,60}(claim|past|future|timeframe)|clock|AADSTS700024/i, 'clock_skew'],
]

const byCode: Record<string, FailureKind> = {
  // RFC 6749 §4.1.2.1, §5.2, and our own
  access_denied: 'access_denied',
  not_me: 'not_me',
  redirect_uri_mismatch: 'redirect_uri_mismatch',
  invalid_scope: 'invalid_scope',
  invalid_client: 'invalid_client',
  invalid_grant: 'invalid_grant',
  invalid_request: 'invalid_request',
  expired: 'expired',
  conflict: 'conflict',
  already_used: 'already_used',
  quota_exceeded: 'quota_exceeded',
  temporarily_unavailable: 'temporarily_unavailable',
  // Renewing
  grant_ended: 'invalid_grant',
  lost_response: 'invalid_grant',
  restored: 'replaced_since_backup',
  refresh_token_missing: 'no_refresh_token',
  no_refresh: 'no_refresh_token',
  breaker_open: 'held_back',
  over_budget: 'over_budget',
  refresh_in_progress: 'in_progress',
  lease_lost: 'in_progress',
  storage_unavailable: 'not_stored',
  // Other names of the same
  consent_required: 'access_denied',
  interaction_required: 'access_denied',
  login_required: 'access_denied',
  user_denied: 'access_denied', // Pipedrive
  user_cancelled_login: 'access_denied', // LinkedIn
  user_cancelled_authorize: 'access_denied', // LinkedIn
  bad_redirect_uri: 'redirect_uri_mismatch', // Slack
  invalid_redirect_uri: 'redirect_uri_mismatch',
  insecure_redirect_uri: 'https_required',
  accessNotConfigured: 'api_not_enabled', // Google
  SERVICE_DISABLED: 'api_not_enabled', // Google
  admin_policy_enforced: 'blocked', // Google
  org_internal: 'blocked', // Google
  OAUTH_APP_BLOCKED: 'blocked', // Salesforce
  unauthorized_client: 'invalid_client',
  deleted_client: 'invalid_client', // Google
  invalid_client_id: 'invalid_client', // Salesforce, Slack
  bad_client_secret: 'invalid_client', // Slack
  incorrect_client_credentials: 'invalid_client', // GitHub
  bad_verification_code: 'invalid_grant', // GitHub
  invalid_code: 'invalid_grant', // Slack
  code_already_used: 'invalid_grant', // Slack
  unsupported_response_type: 'invalid_request',
  unsupported_grant_type: 'invalid_request',
  invalid_target: 'invalid_request',
  server_error: 'temporarily_unavailable',
  slow_down: 'temporarily_unavailable',
  rate_limited: 'temporarily_unavailable',
  rate_limit_exceeded: 'temporarily_unavailable',
  too_many_requests: 'temporarily_unavailable',
  network_error: 'temporarily_unavailable',
  egress_timeout: 'temporarily_unavailable',
  egress_unreachable: 'temporarily_unavailable',
  egress_unresolvable: 'temporarily_unavailable',
  egress_cut: 'temporarily_unavailable',
  egress_closed: 'temporarily_unavailable',
  egress_too_large: 'unusable_answer',
  egress_bad_answer: 'unusable_answer',
  egress_bad_encoding: 'unusable_answer',
  redirect: 'unusable_answer',
  empty: 'unusable_answer',
  not_utf8: 'unusable_answer',
  unreadable: 'unusable_answer',
  no_access_token: 'unusable_answer',
  unusable_access_token: 'unusable_answer',
  unusable_refresh_token: 'unusable_answer',
  unusable_token_type: 'unusable_answer',
  egress_tls: 'unreachable_address',
  egress_bad_url: 'unreachable_address',
  egress_refused_address: 'unreachable_address',
  url_refused: 'unreachable_address',
  url_invalid: 'unreachable_address',
  origin_not_allowed: 'unreachable_address',
  param_missing: 'unreachable_address',
  param_invalid: 'unreachable_address',
}

/** The kind behind an error code (RFC 6749 §4.1.2.1, §5.2; a provider's; ours) and, where it helps, its description. */
export function failureKind(error: string, description: string | null = null): FailureKind {
  const said = description && byDescription.find(([pattern]) => pattern.test(description))
  if (said) return said[1]
  if (Object.hasOwn(byCode, error)) return byCode[error]!
  if (/^http_5\d\d$/.test(error)) return 'temporarily_unavailable'
  return /^http_\d\d\d$/.test(error) ? 'unusable_answer' : 'unknown'
}

/**
 * The code of a failure that a text for people tells, and its kind: a provider's error page names it somewhere. Null where
 * it names none.
 */
export function failureInText(text: string): { error: string; kind: FailureKind } | null {
  const said = byDescription.find(([pattern]) => pattern.test(text))
  if (said) return { error: text.match(/AADSTS\d+/)?.[0] ?? said[1], kind: said[1] }
  // A code of one word is a word like any other.
  for (const [word] of text.matchAll(/\b[A-Za-z]+(?:_[A-Za-z]+)+\b|\baccessNotConfigured\b/g)) {
    if (Object.hasOwn(byCode, word)) return { error: word, kind: byCode[word]! }
  }
  return null
}
