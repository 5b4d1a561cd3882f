import type { AccessToken } from './contract.ts'
import { type GoogleRequest, type GoogleResponse, googleRequest } from './google-request.ts'
import { isStream } from './stream.ts'
import type { TokenCache, Wanted } from './token-cache.ts'

export type CredentialsOptions = {
  /** Your id of whose account it is. Without one: the workspace's own connection. */
  endUser?: string | undefined
  /** Id of the app that the connection belongs to. */
  app?: string | undefined
}

const inspect = Symbol.for('nodejs.util.inspect.custom')

/**
 * A connection's access token, kept fresh: asked for when it is needed, held until shortly before it ends, renewed by
 * Grantry when the provider refuses it. Goes as `auth` into `googleapis`; `fetch` is for everything else.
 *
 * @example
 * const gmail = google.gmail({ version: 'v1', auth: grantry.credentials('gmail', { endUser: 'u_17' }) })
 */
export class Credentials {
  readonly #cache: TokenCache
  readonly #wanted: Wanted
  readonly #fetch: typeof fetch
  /** As Google's libraries ask it; other universes are not Grantry's to know. */
  readonly universeDomain = 'googleapis.com'

  constructor(cache: TokenCache, wanted: Wanted, fetcher: typeof globalThis.fetch) {
    this.#cache = cache
    this.#wanted = wanted
    this.#fetch = fetcher
    // Handed about as a plain function, it must still know whose it is.
    this.fetch = this.fetch.bind(this)
  }

  /** The access token. @throws NeedsReauthError, NotFoundError, UnavailableError */
  async getAccessToken(): Promise<string> {
    return (await this.getToken()).access_token
  }

  /** The token with what is known of it: its type, end, scopes, connection. */
  getToken(): Promise<AccessToken> {
    return this.#cache.get(this.#wanted)
  }

  /** `Authorization` for one request. */
  async getRequestHeaders(_url?: string | URL): Promise<Headers> {
    return new Headers({ authorization: authorizationOf(await this.getToken()) })
  }

  /**
   * `fetch` with the token. A path such as `/users/me` is below the integration's API base URL. A refused token (401) is
   * renewed, and the request sent once more, unless its body is a stream.
   */
  async fetch(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
    const again = input instanceof Request && input.body !== null ? input.clone() : input
    const token = await this.getToken()
    const response = await this.#send(input, init, token)
    if (response.status !== 401 || isStream(init.body)) return response
    const renewed = await this.#cache.renew(this.#wanted, token.access_token)
    if (renewed.access_token === token.access_token) return response
    await response.body?.cancel()
    return this.#send(again, init, renewed)
  }

  /** What Google's libraries call: a request as their `gaxios` takes it. */
  request<T = unknown>(options: GoogleRequest): Promise<GoogleResponse<T>> {
    return googleRequest<T>(this.fetch, options)
  }

  async #send(input: string | URL | Request, init: RequestInit, token: AccessToken): Promise<Response> {
    const request = new Headers(init.headers ?? (input instanceof Request ? input.headers : undefined))
    request.set('authorization', authorizationOf(token))
    const target = typeof input === 'string' ? absolute(input, token.api_base_url) : input
    refusePlain(target instanceof Request ? target.url : String(target))
    const sent: RequestInit = { ...init, headers: request }
    // Required of stream bodies, and not in the types.
    if (isStream(init.body)) Object.assign(sent, { duplex: 'half' })
    return this.#fetch(target, sent)
  }

  [inspect](): string {
    return `Credentials ${JSON.stringify(this.#wanted)}`
  }
}

/** RFC 6750 §2.1; some providers say `bearer`, and a few of their servers then refuse it. */
function authorizationOf({ token_type, access_token }: AccessToken): string {
  return `${/^bearer$/i.test(token_type) ? 'Bearer' : token_type} ${access_token}`
}

function absolute(given: string, base: string | null): string {
  if (!given.startsWith('/') || given.startsWith('//')) return given
  if (base === null) throw new TypeError(`${given}: the integration has no API base URL; give the full URL`)
  return `${base.replace(/\/+$/, '')}${given}`
}

/** A token must not cross a network in the clear. */
function refusePlain(target: string): void {
  const { protocol, hostname } = new URL(target)
  const loopback = hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname)
  if (protocol !== 'https:' && !loopback) throw new TypeError('an access token is sent over https only')
}
