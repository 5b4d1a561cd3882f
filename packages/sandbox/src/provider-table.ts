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
  paths: { authorize: string[]; token: string[]; revoke?: string[]; introspect?: string[]; jwks?: string }
  /** Path parts that stand for a label of the real host (`{shop}.example.com`): codes and tokens are good only where they were given. */
  bound_to?: string[]
  /** The API answers at the sandbox's root too: the service tells its API's place as an origin, and an origin has no path. */
  own_origin?: boolean
  scopes: Record<string, ScopeFacts>
  settings: Settings
  authorize: AuthorizeTable
  token: TokenTable
  revoke?: RevokeTable
  /** RFC 7662, asked by the client as at the token endpoint: what is told of a live token besides `active`. */
  introspect?: (token: IntrospectedToken, base: string) => Record<string, unknown>
  /** A second way that the service has. */
  other_revoke?: RevokeTable & { paths: string[] }
  api: ApiTable
  /** Forms of the strings it hands out. */
  strings: Record<
    'code' | 'access_token' | 'refresh_token',
    (random: Random, account: Account | null, kind: string) => string
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
  /** Seconds an access token lives; null: it does not expire. */
  expires_in: number | null
  /** Seconds an authorization code lives. */
  code_lifetime: number
  /** Each refresh answers a new refresh token and ends the old one. */
  rotates: boolean
  /** A refresh token that was exchanged before kills its whole family when it comes back after the leeway. */
  reuse_detection: boolean
  /** Seconds during which an exchanged refresh token still works. */
  leeway: number
  /** A refresh ends the access tokens that came before, as soon as the refresh token before it: after the leeway. */
  kills_access_token: boolean
  /** Seconds after which an unused refresh token ends; null: never. */
  refresh_idle_lifetime: number | null
}

export type AuthorizeTable = {
  /** Characters that separate scopes in a request. */
  scope_separators: RegExp
  /** Further parameters that ask for scopes → the prefix under which `scopes` has those. */
  scope_parameters?: Record<string, string>
  /** Parameters without which there is no consent page. */
  required?: Record<string, string>
  /** Granted when none is asked for; absent: asking for none is an error. */
  default_scopes?: string[]
  /** Granted whatever is asked for. */
  always_scopes?: string[]
  /** Is the person told of an unknown scope on a page, or the client by redirect, or nobody? */
  invalid_scope: 'page' | 'redirect' | 'ignored'
  /** What the client is told of it, besides `state`. Default: `invalid_scope`. */
  unknown_scope?: (scopes: string[], facts: RequestFacts) => Record<string, string>
  /** What the client is told when the person says no. Default: `access_denied`. */
  denied?: Record<string, string>
  response_type_required: boolean
  pkce: 'optional' | 'required' | 'ignored'
  /** Default: both. */
  pkce_methods?: ('S256' | 'plain')[]
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
    client: { client_id: string; client_secret: string | null }
    place: Record<string, string>
    now: number
    /** `code`, `state` and the like, as far as they are known. */
    query: Record<string, string>
  }) => Record<string, string>
}

export type ClientAuthMethod = 'client_secret_basic' | 'client_secret_post' | 'none'

/** What an answer may depend on besides what it tells. */
export type RequestFacts = {
  now: number
  random: Random
  settings: Settings
  /** The Accept header. */
  accept: string
  client: { client_id: string; client_secret: string | null } | null
}

export type TokenTable = {
  client_auth: ClientAuthMethod[]
  /** The client is known by its secret alone, wherever that stands (body, user name of Basic, bearer). */
  client_by_secret?: boolean
  /** Default: POST. GET takes its parameters from the query. */
  methods?: ('POST' | 'GET')[]
  grant_types: string[]
  /** For requests that name none. */
  default_grant_type?: string
  body: ('form' | 'json')[]
  /** `required` (default), or only compared when it comes, or not even that. */
  redirect_uri?: 'required' | 'optional' | 'ignored'
  /** Default: `Bearer`. */
  token_type?: string
  /** Is a refresh token part of the answer to this code? `before`: this account already gave this client offline access. */
  refresh_token_when: (facts: {
    params: URLSearchParams
    before: boolean
    scopes: string[]
    settings: Settings
  }) => boolean
  /** A refresh without rotation answers the refresh token that it was asked with. */
  repeats_refresh_token?: boolean
  /** Scopes with the prefix become a second token, told under that name. */
  second_token?: { name: string; prefix: string }
  /** An access token may be turned into one that lives longer. */
  exchange?: { grant_type: string; parameter: string; expires_in: number }
  /** A code that comes twice ends what it gave (RFC 6749 §4.1.2). */
  replay_revokes: boolean
  answer: (issued: Issued, base: string, request: RequestFacts) => Answer
  refusals: Partial<Record<RefusalReason, RefusalFacts>>
  refusal: (facts: RefusalFacts, request: RequestFacts) => Answer
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
  /** `main`, or the name of the second token. */
  kind: string
  second: { access_token: string; refresh_token: string | null; scopes: string[] } | null
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
  /** Default: POST. */
  method?: 'POST' | 'GET' | 'DELETE'
  /** Who may ask: the client, whoever has the token, or nobody in particular. */
  auth: 'client' | 'none'
  /** Where that is another than at the token endpoint. */
  client_auth?: ClientAuthMethod[]
  /** Where the token may stand; `bearer`: it is what the call is authorized by. */
  token_in: ('body' | 'query' | 'path' | 'bearer')[]
  /** Default: form. */
  body?: ('form' | 'json')[]
  parameter: string
  /** The parameter holds not a token but the name of an account. */
  names_account?: (account: Account) => string
  /** What ends: the token alone, everything from the same consent, or every grant of the account to the client. Absent: not taken. */
  ends: RevokeEnds
  /** Where that depends on the path. */
  ends_at?: Record<string, RevokeEnds>
  done: Answer
  unknown: Answer
  /** Where a refused client is told so in other words than at the token endpoint. */
  refusal?: (reason: RefusalReason) => Answer
}

export type RevokeEnds = Partial<Record<'access_token' | 'refresh_token', 'token' | 'family' | 'account'>>

/** A live access token, as its provider knows it. Times in milliseconds since the epoch. */
export type IntrospectedToken = {
  client_id: string
  account: Account | null
  scopes: string[]
  issued_at: number
  expires_at: number | null
}

export type ApiTable = {
  routes: ApiRoute[]
  /** The header that holds the token. Default: `Authorization`, as a bearer. */
  header?: string
  /** Why: `no_token`, `unknown_token`, `expired`, `revoked` and the like. */
  unauthorized: Answer | ((why: string, facts: { now: number; random: Random }) => Answer)
  /** `needed`: scopes, any of which would do. */
  forbidden: (needed: string[], granted: string[]) => Answer
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
  /** The path part that holds the token, where that is not a header. */
  token_in_path?: string
  /** Instead of the table's, where the service differs within itself. */
  unauthorized?: Answer
  handle: (call: ApiCall) => Answer
}

export type ApiCall = {
  params: Record<string, string>
  query: URLSearchParams
  headers: Record<string, string | undefined>
  body: unknown
  account: Account
  scopes: string[]
  token: { value: string; kind: string; client_id: string; expires_at: number | null }
  /** Made by `seed`, changed in place. */
  data: unknown
  /** The data of somebody else at the same provider, if there is such an account. */
  dataOf: (email: string) => unknown
  now: number
  random: Random
  base: string
  send: (item: Omit<OutboxItem, 'at' | 'provider' | 'account'>) => void
}

/** Fields of a catalogue entry that say where something is, and nothing else. Templates keep the entry's placeholders. */
export type ProviderOverrides = {
  authorization_url: string
  token_url: string
  issuer?: string
  refresh?: { url: string }
  upgrade?: { url: string }
  revocation?: { url: string }
  introspection?: { url: string }
  api?: { base_url: string }
  account?: { url: string }
  tenants?: { url: string }
  /** Origins that the provider tells → the sandbox's own `host:port`. */
  origins?: Record<string, string[]>
}
