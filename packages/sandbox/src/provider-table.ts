import type { Account } from './accounts.ts'
import type { Answer } from './answer.ts'
import type { Random } from './random.ts'
import type { OutboxItem } from './state.ts'

/**
 * How one real service behaves, as far as its documentation and its observed answers tell: the whole of what the sandbox knows about it.
 * A table never reads the catalogue that it is there to test. Paths are those of the real service, below `/{name}`.
 */
export type ProviderTable = {
  name: string
  display_name: string
  /** False: not a real service, so it is offered as `generic` and not as an override of a catalogue entry. */
  real: boolean
  /** The application that is registered from the start; any loopback redirect URI is registered for it. */
  client: { client_id: string; client_secret: string }
  /** The service has an issuer identifier, discovery and signed id_tokens (OpenID Connect). */
  openid: boolean
  paths: { authorize: string[]; token: string[]; revoke?: string[]; jwks?: string }
  scopes: Record<string, ScopeFacts>
  settings: Settings
  authorize: AuthorizeTable
  token: TokenTable
  revoke?: RevokeTable
  api: ApiTable
  /** Forms of the strings it hands out. */
  strings: Record<
    'code' | 'access_token' | 'refresh_token',
    (random: Random, account: Account | null) => string
  >
  /** URLs that take the place of the real ones in a catalogue entry; `base` is `http://host:port/{name}`. */
  overrides: (base: string) => ProviderOverrides
}

export type ScopeFacts = {
  /** What it allows, as the consent page says it. */
  sentence: string
  /** The name under which it is granted, where that is another one. */
  granted_as?: string
}

/** What tests may change while the sandbox runs; the values in the tables are the real service's. */
export type Settings = {
  /** Seconds an access token lives. */
  expires_in: number
  /** Seconds an authorization code lives. */
  code_lifetime: number
  /** Each refresh answers a new refresh token and ends the old one. */
  rotates: boolean
  /** A refresh token that was exchanged before kills its whole family when it comes back after the leeway. */
  reuse_detection: boolean
  /** Seconds during which an exchanged refresh token still works. */
  leeway: number
  /** A refresh ends the access tokens that came before. */
  kills_access_token: boolean
  /** Seconds after which an unused refresh token ends; null: never. */
  refresh_idle_lifetime: number | null
}

export type AuthorizeTable = {
  /** Characters that separate scopes in a request. */
  scope_separators: RegExp
  /** Granted when none is asked for; absent: asking for none is an error. */
  default_scopes?: string[]
  /** Granted whatever is asked for. */
  always_scopes?: string[]
  /** Is the person told of an unknown scope on a page, or the client by redirect? */
  invalid_scope: 'page' | 'redirect'
  /** The error when the person says no. Default `access_denied`. */
  denied?: string
  response_type_required: boolean
  pkce: 'optional' | 'required' | 'ignored'
  /** The person may leave single scopes out. */
  granular: boolean
  /** `include_granted_scopes=true` adds what was granted before. */
  incremental: boolean
  /** RFC 9207. */
  iss: boolean
  /** Further query parameters of the callback. */
  callback?: (facts: {
    scopes: string[]
    account: Account
    params: URLSearchParams
  }) => Record<string, string>
}

export type ClientAuthMethod = 'client_secret_basic' | 'client_secret_post' | 'none'

export type TokenTable = {
  client_auth: ClientAuthMethod[]
  grant_types: string[]
  body: ('form' | 'json')[]
  /** Is a refresh token part of the answer to this code? `before`: this account already gave this client offline access. */
  refresh_token_when: (params: URLSearchParams, before: boolean) => boolean
  /** A code that comes twice ends what it gave (RFC 6749 §4.1.2). */
  replay_revokes: boolean
  answer: (issued: Issued, base: string) => Answer
  refusals: Partial<Record<RefusalReason, RefusalFacts>>
  refusal: (facts: RefusalFacts) => Answer
}

/** What a successful token request gave. Faults may have put values of other types in. */
export type Issued = {
  grant_type: string
  access_token: unknown
  token_type: unknown
  /** Seconds; undefined: left out. */
  expires_in: unknown
  refresh_token: string | null
  scopes: string[]
  id_token: string | null
  account: Account | null
}

export type RefusalFacts = { status: number; error: string; description: string }

export type RefusalReason =
  | 'content_type'
  | 'parameter_repeated'
  | 'parameter_missing'
  | 'client_missing'
  | 'client_unknown'
  | 'client_wrong_secret'
  | 'client_method'
  | 'grant_type_missing'
  | 'grant_type_unsupported'
  | 'grant_type_not_allowed'
  | 'code_unknown'
  | 'code_used'
  | 'code_expired'
  | 'redirect_uri_mismatch'
  | 'verifier_missing'
  | 'verifier_wrong'
  | 'refresh_unknown'
  | 'refresh_expired'
  | 'refresh_revoked'
  | 'refresh_superseded'
  | 'scope_invalid'

export type RevokeTable = {
  client_auth: boolean
  /** Where the token may stand. */
  token_in: ('body' | 'query')[]
  parameter: string
  /** What ends: the token alone, everything from the same consent, or every grant of the account to the client. */
  ends: Record<'access_token' | 'refresh_token', 'token' | 'family' | 'account'>
  done: Answer
  unknown: Answer
}

export type ApiTable = {
  routes: ApiRoute[]
  unauthorized: Answer
  /** `needed`: scopes, any of which would do. */
  forbidden: (needed: string[]) => Answer
  not_found: Answer
  /** What an account holds at the start. */
  seed: (account: Account, now: number) => unknown
}

export type ApiRoute = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With `:name` parts. */
  path: string
  /** `account`: the call that tells whose account it is. */
  endpoint: 'api' | 'account'
  /** Any of these opens it; empty: every token does. */
  scopes: string[]
  handle: (call: ApiCall) => Answer
}

export type ApiCall = {
  params: Record<string, string>
  query: URLSearchParams
  body: unknown
  account: Account
  scopes: string[]
  /** Made by `seed`, changed in place. */
  data: unknown
  /** The data of somebody else at the same provider, if there is such an account. */
  dataOf: (email: string) => unknown
  now: number
  random: Random
  base: string
  send: (item: Omit<OutboxItem, 'at' | 'provider' | 'account'>) => void
}

/** Fields of a catalogue entry that hold URLs, and nothing else. */
export type ProviderOverrides = {
  authorization_url: string
  token_url: string
  issuer?: string
  revocation?: { url: string }
  api?: { base_url: string }
  account?: { url: string }
}
