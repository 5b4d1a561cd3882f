import { setTimeout as delay } from 'node:timers/promises'
import { type CallOptions, createCall, segment } from './call.ts'
import { Credentials, type CredentialsOptions } from './credentials.ts'
import { readEnvironment } from './environment.ts'
import { openStream } from './open-stream.ts'
import { createProxyFetch } from './proxy-fetch.ts'
import { Resources } from './resources.ts'
import { createSend, type Send } from './send.ts'
import { createTokenCache, type TokenCache, type Wanted } from './token-cache.ts'

export type GrantryOptions = {
  /** Where the server is. Default GRANTRY_URL, else `http://localhost:7001`. */
  url?: string | undefined
  /** Default GRANTRY_API_KEY; null: none, for what is public. */
  apiKey?: string | null | undefined
  /** In place of an API key: an end user's token, or an OAuth access token; a function is asked at each use. */
  token?: string | (() => string | Promise<string>) | undefined
  /** Default the global one. */
  fetch?: typeof fetch | undefined
  /** Ends every call of this client. */
  signal?: AbortSignal | undefined
  /** Seconds that a call may take in all, with its retries. Default 30. */
  timeout?: number | undefined
  /** Tries after the first, where another can do no harm. Default 2. */
  retries?: number | undefined
}

export type RequestOptions = CallOptions & {
  /** undefined and null are left out. */
  query?: Record<string, string | number | boolean | null | undefined>
  /** Sent as JSON. */
  body?: unknown
  /** Beside the credential's and the content's. */
  headers?: Record<string, string>
}

const inspect = Symbol.for('nodejs.util.inspect.custom')

/**
 * A client of one Grantry server.
 *
 * @example
 * const grantry = new Grantry()
 * for await (const connection of grantry.connections.list({ end_user: 'u_17' })) console.log(connection.status)
 */
export class Grantry extends Resources {
  readonly url: string
  readonly #send: Send
  readonly #fetch: typeof fetch
  readonly #credential: () => Promise<string | null>
  readonly #tokens: TokenCache
  readonly #open: (
    method: string,
    path: string,
    options: StreamOptions,
  ) => Promise<ReadableStream<Uint8Array>>
  readonly #proxied: (connectionId: string, options?: ProxyFetchOptions) => typeof fetch

  constructor(options: GrantryOptions = {}) {
    const environment = readEnvironment()
    const url = readUrl(options.url ?? environment.url ?? 'http://localhost:7001')
    const fetcher = options.fetch ?? ((...request) => fetch(...request))
    const credential = readCredential(options, environment.apiKey)
    const send = createSend({
      url,
      credential,
      fetch: fetcher,
      signal: options.signal,
      timeout: options.timeout ?? 30,
      retries: options.retries ?? 2,
      random: Math.random,
      sleep: (seconds, signal) => delay(seconds * 1000, undefined, { signal }),
    })
    super(createCall(send))
    this.url = url
    this.#send = send
    this.#fetch = fetcher
    this.#credential = credential
    this.#tokens = createTokenCache({ connections: this.connections, credential, now: Date.now })
    this.#open = (...call) => openStream({ url, credential, fetch: fetcher, signal: options.signal }, ...call)
    this.#proxied = (connectionId, proxy) =>
      createProxyFetch({ url, credential, fetch: fetcher, signal: options.signal, ...proxy }, connectionId)
  }

  /** Any call of the API by its path, answered as it is: `{ data }`. For what has no method yet. */
  request<T = unknown>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
    if (!path.startsWith('/')) throw new TypeError(`a path begins with a slash: /${path}`)
    return this.#send(method.toUpperCase(), path, options) as Promise<T>
  }

  /** A call that answers bytes and no JSON, as they come: an export. It is made once, and takes as long as bytes come. */
  stream(method: string, path: string, options: StreamOptions = {}): Promise<ReadableStream<Uint8Array>> {
    if (!path.startsWith('/')) throw new TypeError(`a path begins with a slash: /${path}`)
    return this.#open(method.toUpperCase(), path, options)
  }

  /**
   * A `fetch` whose calls go to the provider's API by way of Grantry's proxy; the token never comes here.
   * It takes paths below the integration's API base URL (`/users/me`), and full URLs below `baseUrl` where that is given.
   */
  fetch(connectionId: string, options: ProxyFetchOptions = {}): typeof fetch {
    return this.#proxied(connectionId, options)
  }

  /**
   * The credentials of a connection, which keep themselves fresh: of its id (`con_…`), or of the one that a provider
   * (`gmail`) or an integration (`int_…`) and an end user mean. Nothing is asked before they are used.
   */
  credentials(of: string, options: CredentialsOptions = {}): Credentials {
    return new Credentials(this.#tokens, wantedBy(of, options), this.#fetch)
  }

  /** Where an MCP client finds an MCP server, and what it says there; the headers hold this client's credential. */
  async mcp(mcpServer: string): Promise<{ url: string; headers: Record<string, string> }> {
    const credential = await this.#credential()
    return {
      url: `${this.url}/mcp/${segment(mcpServer)}`,
      headers: credential === null ? {} : { authorization: `Bearer ${credential}` },
    }
  }

  [inspect](): string {
    return `Grantry { url: '${this.url}' }`
  }
}

export type StreamOptions = {
  /** Sent as JSON. */
  body?: unknown
  signal?: AbortSignal | undefined
}

export type ProxyFetchOptions = {
  /** The provider's API base URL, for libraries that ask for full URLs. */
  baseUrl?: string | undefined
}

function wantedBy(of: string, { endUser, app }: CredentialsOptions): Wanted {
  if (of.startsWith('con_')) return { connection: of }
  return { ...(of.startsWith('int_') ? { integration: of } : { provider: of }), end_user: endUser, app }
}

function readUrl(given: string): string {
  if (!URL.canParse(given))
    throw new TypeError('url: not an absolute URL such as https://grantry.example.com')
  const url = new URL(given)
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new TypeError('url: begins with https:// or http://')
  if (url.username !== '' || url.password !== '')
    throw new TypeError('url: must not hold a user name or password')
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

function readCredential(
  { apiKey, token }: GrantryOptions,
  fromEnvironment: string | undefined,
): () => Promise<string | null> {
  if (apiKey === null && token === undefined) return async () => null
  if (apiKey !== undefined && token !== undefined) throw new TypeError('give either apiKey or token')
  if (typeof token === 'function') return async () => readable(await token())
  const given = token ?? apiKey ?? fromEnvironment
  const credential = given === undefined ? null : readable(given)
  return async () => credential
}

/** A header cannot hold it otherwise, and what fetch says of such a header quotes it. */
function readable(credential: string): string {
  const trimmed = credential.trim()
  if (!/^[\x21-\x7e]+$/.test(trimmed))
    throw new TypeError('the credential is empty, or holds characters that none has')
  return trimmed
}
