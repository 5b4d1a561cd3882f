/**
 * Where a provider's endpoints are and how it departs from RFC 6749. Plain data with a name for each quirk;
 * code that asks for a provider by name is a defect. Every field but the two endpoints is optional.
 * URLs may hold `{name}` placeholders, filled from the integration's `params` (in a host: one label).
 * A dotted string such as `authed_user.access_token` is a path into a JSON answer.
 */
export type ProviderProfile = {
  authorization_url: string
  token_url: string
  /** Issuer identifier; compared with `iss` in the callback whenever that is present (RFC 9207). */
  issuer?: string
  /** The provider promises `iss` in the callback (RFC 9207 §3): its absence is then an error. */
  iss_parameter_supported?: boolean
  authorize?: AuthorizeQuirks
  callback?: CallbackQuirks
  token?: TokenRequestQuirks
  token_response?: TokenResponseQuirks
  refresh?: RefreshFacts
  revocation?: Revocation
  /** Where the API is and how it takes the token. */
  api?: ApiFacts
  /** One call that tells whose account this is. */
  account?: AccountLookup
  /** One call that lists the tenants (sites, organisations) behind a token. */
  tenants?: TenantLookup
}

export type AuthorizeQuirks = {
  /** Default: a space (RFC 6749 §3.3). */
  scope_separator?: ' ' | ',' | '+'
  /** Our parameter name → the provider's (`client_id` → `client_key`, `scope` → `user_scope`). */
  parameter_names?: Record<string, string>
  extra?: Record<string, string>
  response_type?: string
  /** Leave parameters with an empty value out. */
  drop_empty?: boolean
  /** Default: S256. `none` only where the provider is known to refuse it. */
  pkce?: 'S256' | 'none'
  /** Scopes that are always asked for, besides the chosen ones. */
  always_scopes?: string[]
}

export type CallbackQuirks = {
  code_parameter?: string
  state_parameter?: string
  /** Query parameters to keep as connection metadata (`realmId`, `accounts-server`). */
  metadata?: string[]
  /** Seconds that the provider's authorization codes live. Default 300. */
  code_lifetime?: number
}

export type TokenAuthMethod =
  | 'auto'
  | 'client_secret_basic'
  | 'client_secret_post'
  | 'client_secret_json'
  | 'private_key_jwt'
  | 'none'

export type TokenRequestQuirks = {
  /** Default `auto`: Basic as RFC 6749 §2.3.1 prefers, remembered as body where the provider refuses it. */
  auth_method?: TokenAuthMethod
  body?: 'form' | 'json' | 'query'
  /** Standard grant type → the provider's name for it. */
  grant_types?: Record<string, string>
  /** Our parameter name → the provider's. */
  parameter_names?: Record<string, string>
  extra?: Record<string, string>
  headers?: Record<string, string>
}

export type TokenResponseQuirks = {
  /** `auto` (default) goes by the content type, then by the look of the body. */
  format?: 'auto' | 'json' | 'form'
  /** Paths of fields that are not where RFC 6749 §5.1 puts them. */
  fields?: Partial<Record<'access_token' | 'refresh_token' | 'expires_in' | 'refresh_expires_in' | 'scope' | 'token_type' | 'id_token', string>>
  /** An error in a 200 answer: present when `ok` is false, or when `error` holds a string. */
  error_in_200?: { ok?: string; error: string; description?: string }
  expires_in_unit?: 's' | 'ms'
  /** Seconds to assume when the answer has no lifetime. */
  default_expires_in?: number
  scope_separator?: ' ' | ',' | '+'
  /** Metadata name → path in the answer. */
  metadata?: Record<string, string>
}

export type RefreshFacts = {
  /** `refresh_token` (default), `exchange` (long-lived token exchange), `regrant` (ask again without a refresh token), `none` (tokens do not end). */
  by?: 'refresh_token' | 'exchange' | 'regrant' | 'none'
  url?: string
  extra?: Record<string, string>
  /** Extra parameters whose values we know. */
  include?: ('redirect_uri' | 'scope')[]
  /** Each refresh answers a new refresh token and ends the old one. */
  rotates?: boolean
  /** Seconds during which the old refresh token still works after a rotation (a lost answer can be asked for again). */
  leeway?: number
  /** Seconds after which an unused refresh token ends. */
  idle_lifetime?: number
  /** Seconds after which a refresh token ends whatever happens. */
  absolute_lifetime?: number
  kills_access_token?: boolean
  /** Seconds before expiry at which to refresh; default min(300, 20 % of the lifetime). */
  buffer?: number
  /** Error codes, besides `invalid_grant`, by which this provider says that a grant has ended. */
  ended_errors?: string[]
  /** Parameter that carries the current access token in an `exchange`. */
  exchange_parameter?: string
  /** Grant type of an `exchange`. */
  exchange_grant_type?: string
  method?: 'POST' | 'GET'
}

export type Revocation = {
  url: string
  /** `rfc7009` (default): form POST with client authentication; `query`: POST with `?token=`; `delete`: DELETE with the token as bearer; `bearer`: POST with the token as bearer. */
  by?: 'rfc7009' | 'query' | 'delete' | 'bearer'
  /** Which token to send. Default: the refresh token where there is one. */
  token?: 'refresh_token' | 'access_token'
  parameter?: string
  extra?: Record<string, string>
  /** Revoking one grant ends every other grant of the same account and client. */
  ends_siblings?: boolean
}

export type ApiFacts = {
  base_url: string
  /** Default: `Authorization: Bearer TOKEN`. */
  auth?: { in: 'header' | 'query'; name: string; prefix?: string }
  headers?: Record<string, string>
}

export type AccountLookup = {
  method?: 'GET' | 'POST'
  url: string
  headers?: Record<string, string>
  body?: string
  /** Path of the stable account id, and of what a person would recognise it by. */
  id: string
  label?: string
  email?: string
  metadata?: Record<string, string>
}

export type TenantLookup = {
  url: string
  /** Path of the list in the answer; empty when the answer is the list. */
  list?: string
  id: string
  label?: string
  /** The metadata name that the chosen tenant's id is kept under. */
  metadata: string
}
