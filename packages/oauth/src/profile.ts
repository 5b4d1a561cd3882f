/**
 * Where a provider's endpoints are and how it departs from RFC 6749. Plain data with a name for each quirk;
 * code that asks for a provider by name is a defect. Every field but the two endpoints is optional.
 *
 * URLs may hold `{name}` placeholders, filled from the integration's `params` and the connection's metadata: in a
 * host one label, in a path one segment. A placeholder that opens a URL stands for a whole origin, which must be
 * among `origins[name]`. A dotted string such as `authed_user.access_token` is a path into a JSON answer.
 */
export type ProviderProfile = {
  authorization_url: string
  token_url: string
  /** What an integration must tell before the URLs are complete: placeholder → how to ask for it. */
  params?: Record<string, ParamDeclaration>
  /** Placeholders that are whole origins → the hosts they may be: `host`, `host:port`, or `.suffix` for any host below. */
  origins?: Record<string, string[]>
  /** Other addresses of the same endpoints, as documents and older clients write them. */
  aliases?: { authorization_url?: string[]; token_url?: string[] }
  /** Issuer identifier; compared with `iss` in the callback whenever that is present (RFC 9207). */
  issuer?: string
  /** The provider promises `iss` in the callback (RFC 9207 §3): its absence is then an error. */
  iss_parameter_supported?: boolean
  authorize?: AuthorizeQuirks
  callback?: CallbackQuirks
  token?: TokenRequestQuirks
  token_response?: TokenResponseQuirks
  /** A first token that is short-lived and must be exchanged for a long-lived one right after the code. */
  upgrade?: TokenExchange
  refresh?: RefreshFacts
  revocation?: Revocation
  /** Where the provider tells what a token is worth (RFC 7662): asked where token answers have no lifetime. */
  introspection?: Introspection
  /** Where the API is and how it takes the token. */
  api?: ApiFacts
  /** One call that tells whose account this is. */
  account?: AccountLookup
  /** One call that lists the tenants (sites, organisations) behind a token. */
  tenants?: TenantLookup
}

export type ParamDeclaration = {
  label: string
  description?: string
  example?: string
  /** Used where the integration says nothing. */
  default?: string
}

export type AuthorizeQuirks = {
  /** Default: a space (RFC 6749 §3.3). */
  scope_separator?: ' ' | ',' | '+'
  /** Our parameter name → the provider's (`client_id` → `client_key`, `scope` → `user_scope`). */
  parameter_names?: Record<string, string>
  /** Values may hold `{name}` placeholders (`audience` → `{audience}`). */
  extra?: Record<string, string>
  /** Default: `code`. */
  response_type?: string
  /** Leave extra parameters out whose value is empty, or whose placeholder nothing fills (otherwise that is an error). */
  drop_empty?: boolean
  /** Default: S256. `none` only where the provider is known to refuse it. */
  pkce?: 'S256' | 'none'
  /** Scopes that are always asked for, besides the chosen ones. */
  always_scopes?: string[]
  /** Scopes to ask for where none was chosen. */
  default_scopes?: string[]
  /** Default true. False where the app's registration fixes what it may do: the chosen scopes are then not sent. */
  sends_scopes?: boolean
  /** Scopes with a prefix go, without it, into another parameter (`user:` → `user_scope`). */
  scope_parameters?: Record<string, string>
}

export type CallbackQuirks = {
  code_parameter?: string
  state_parameter?: string
  /** Query parameters to keep as connection metadata (`realmId`, `accounts-server`). */
  metadata?: string[]
  /** Seconds that the provider's authorization codes live. Default 300. */
  code_lifetime?: number
}

/**
 * How the client proves itself at the token endpoint (RFC 6749 §2.3, OIDC Core §9, RFC 8705 §2).
 * `private_key_jwt`: the client secret is a PKCS #8 private key in PEM. `tls_client_auth`: the injected fetch
 * presents the certificate. `client_secret_header`: see `credential_headers`.
 */
export type TokenAuthMethod =
  | 'auto'
  | 'client_secret_basic'
  | 'client_secret_post'
  | 'client_secret_json'
  | 'client_secret_header'
  | 'private_key_jwt'
  | 'tls_client_auth'
  | 'none'

export type TokenRequestQuirks = {
  /** Default `auto`: Basic as RFC 6749 §2.3.1 prefers, then the body where the provider refuses that. */
  auth_method?: TokenAuthMethod
  /** Default `form`: id and secret are form-encoded inside Basic, as RFC 6749 §2.3.1 says. `raw`: the provider does not decode them. */
  basic_encoding?: 'form' | 'raw'
  /** Names of the headers that carry id and secret (`client_secret_header`). */
  credential_headers?: { client_id: string; client_secret: string }
  body?: 'form' | 'json' | 'query'
  /** Standard grant type → the provider's name for it. */
  grant_types?: Record<string, string>
  /** Our parameter name → the provider's. */
  parameter_names?: Record<string, string>
  /** Sent with every grant; values may hold `{name}` placeholders. */
  extra?: Record<string, string>
  /** Standard grant type → what is sent with that grant only. */
  grant_extra?: Record<string, Record<string, string>>
  headers?: Record<string, string>
}

export type TokenResponseQuirks = {
  /** `auto` (default) goes by the look of the body and then by the content type. */
  format?: 'auto' | 'json' | 'form'
  /**
   * Paths of fields that are not where RFC 6749 §5.1 puts them; of several, the first that holds something counts.
   * `expires_at`: RFC 3339 or Unix time, used where there is no lifetime.
   */
  fields?: Partial<Record<TokenField, string | string[]>>
  /** An error in a 200 answer: present when `ok` is false, or, without `ok`, when `error` holds a string or a number other than 0. */
  error_in_200?: { ok?: string; error: string; description?: string }
  /** This provider's error code → the standard's word for it (`bad_client_secret` → `invalid_client`). */
  error_codes?: Record<string, string>
  /** Error codes by which this provider says "too often". */
  throttled_errors?: string[]
  expires_in_unit?: 's' | 'ms'
  /** Seconds to assume when the answer has no lifetime. */
  default_expires_in?: number
  /** Default: white space or commas. */
  scope_separator?: ' ' | ',' | '+'
  /** Values of `token_type` that mean Bearer here (`bot`, `user`). */
  token_types?: string[]
  /** Metadata name → path in the answer. */
  metadata?: Record<string, string>
}

export type TokenField =
  | 'access_token'
  | 'refresh_token'
  | 'expires_in'
  | 'expires_at'
  | 'refresh_expires_in'
  | 'scope'
  | 'token_type'
  | 'id_token'

/** A request that turns the current access token into another one. */
export type TokenExchange = {
  /** Default: the token endpoint. */
  url?: string
  method?: 'POST' | 'GET'
  grant_type: string
  /** Parameter that carries the current access token. Default `access_token`. */
  parameter?: string
  /** Whether the client proves itself too. Default true. */
  client?: boolean
  extra?: Record<string, string>
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
  /** How many refreshes the provider takes from one client (one integration, all its connections) in that time. */
  budget?: { calls: number; seconds: number }
  /** Error codes, besides `invalid_grant`, by which this provider says that a grant has ended. */
  ended_errors?: string[]
  /** What an `exchange` sends. */
  exchange?: TokenExchange
}

export type Revocation = {
  /** May hold `{client_id}`, and `{token}` where the provider wants the token in the path. */
  url: string
  /** `rfc7009` (default): form POST with client authentication; `query`: POST with `?token=`; `delete`: DELETE with the token as bearer; `bearer`: POST with the token as bearer. */
  by?: 'rfc7009' | 'query' | 'delete' | 'bearer'
  /** Where a provider is between two of these: what differs. */
  method?: 'POST' | 'GET' | 'DELETE'
  /** `client`: as at the token endpoint; `basic`: the client by Basic, whatever the token endpoint takes; `secret`: the client secret as bearer; `api`: the token where the API takes it. */
  auth?: 'client' | 'basic' | 'secret' | 'bearer' | 'api' | 'none'
  body?: 'form' | 'json' | 'query' | 'none'
  headers?: Record<string, string>
  /** Which token to send. Default: the refresh token where there is one. `none`: `extra` says whose grant it is. */
  token?: 'refresh_token' | 'access_token' | 'none'
  /** Parameter that carries the token. Default `token`. */
  parameter?: string
  extra?: Record<string, string>
  /** Revoking one grant ends every other grant of the same account and client. */
  ends_siblings?: boolean
}

export type Introspection = {
  url: string
  /** Who asks: `client` (default), as at the token endpoint; `basic`, the client by Basic, whatever that takes; `bearer`, whoever has the token. */
  auth?: 'client' | 'basic' | 'bearer'
}

export type ApiFacts = {
  base_url: string
  /** Default: `Authorization: Bearer TOKEN`. */
  auth?: { in: 'header' | 'query'; name: string; prefix?: string }
  /** Values may hold `{name}` placeholders; a header is left out where nothing fills them. */
  headers?: Record<string, string>
}

export type AccountLookup = {
  method?: 'GET' | 'POST'
  /** Absolute, or from `/` on: below the API base URL. */
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
  /** Absolute, or from `/` on: below the API base URL. */
  url: string
  /** Path of the list in the answer; empty when the answer is the list. */
  list?: string
  id: string
  label?: string
  /** The metadata name that the chosen tenant's id is kept under. */
  metadata: string
}
