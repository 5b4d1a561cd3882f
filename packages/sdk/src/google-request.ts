import { Readable } from 'node:stream'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import { setTimeout as after } from 'node:timers/promises'
import { retryAfterOf, waitOf } from './retry.ts'
import { isStream } from './stream.ts'

/** What Google's client libraries ask of their `auth`: the parts of a gaxios request that they use. */
export type GoogleRequest = {
  url?: string | URL
  method?: string
  headers?: Headers | Record<string, string> | [string, string][]
  params?: Record<string, unknown>
  paramsSerializer?: (params: never) => string
  data?: unknown
  body?: unknown
  responseType?: 'json' | 'text' | 'arraybuffer' | 'blob' | 'stream' | 'unknown'
  validateStatus?: (status: number) => boolean
  signal?: AbortSignal | null
  /** Milliseconds. */
  timeout?: number
  [other: string]: unknown
}

/** gaxios answers the `Response` itself, with these on it. */
export type GoogleResponse<T> = Response & { data: T; config: GoogleRequest }

/** What gaxios throws, as far as callers look: `status`, `code`, `errors`, `response`. Its config has no credential in it. */
export class GoogleRequestError extends Error {
  override readonly name = 'GaxiosError'
  readonly status: number
  readonly code: number
  readonly errors: unknown
  readonly response: GoogleResponse<unknown>
  readonly config: GoogleRequest

  constructor(response: GoogleResponse<unknown>) {
    const told = (response.data as { error?: { message?: string; errors?: unknown } | string } | null)?.error
    const message = typeof told === 'object' ? told?.message : told
    super(message ?? `Request failed with status code ${response.status}`)
    this.status = response.status
    this.code = response.status
    this.errors = typeof told === 'object' ? told?.errors : undefined
    this.response = response
    this.config = response.config
  }
}

const repeatable = new Set(['GET', 'HEAD', 'PUT', 'OPTIONS', 'DELETE'])
const retries = 3

/** One request as gaxios would make it, through a `fetch` that brings the credential. */
export async function googleRequest<T>(
  fetcher: typeof fetch,
  config: GoogleRequest,
  sleep = (seconds: number, signal: AbortSignal): Promise<void> =>
    after(seconds * 1000, undefined, { signal }),
): Promise<GoogleResponse<T>> {
  const { validateStatus = (status) => status >= 200 && status < 300 } = config
  const { headers, body } = bodyOf(config)
  const method = (config.method ?? 'GET').toUpperCase()
  const late = config.timeout ? AbortSignal.timeout(config.timeout) : null
  const limits = [config.signal, late].filter((signal) => signal != null)
  const signal = AbortSignal.any(limits)
  const init: RequestInit = { method, headers, signal }
  if (body !== undefined) init.body = body as NonNullable<RequestInit['body']>
  const again = config.retry && repeatable.has(method) && !isStream(body) ? retries : 0
  for (let tried = 0; ; tried++) {
    const response = await fetcher(urlOf(config), init)
    const passing = response.status === 429 || response.status >= 500
    if (!passing || tried >= again) return finish<T>(response, config, validateStatus(response.status))
    await response.body?.cancel()
    await sleep(waitOf(tried, retryAfterOf(response), Math.random), signal)
  }
}

async function finish<T>(
  response: Response,
  config: GoogleRequest,
  good: boolean,
): Promise<GoogleResponse<T>> {
  const data = await readData(response, good ? config.responseType : 'unknown')
  const answer = Object.assign(response, { data, config }) as GoogleResponse<T>
  if (!good) throw new GoogleRequestError(answer)
  return answer
}

function urlOf({ url, params, paramsSerializer }: GoogleRequest): string {
  if (!url) throw new TypeError('a request needs a URL')
  const text = String(url)
  if (!params || Object.keys(params).length === 0) return text
  const query = paramsSerializer
    ? paramsSerializer(params as never).replace(/^\?/, '')
    : new URLSearchParams(params as Record<string, string>).toString()
  return `${text}${text.includes('?') ? '&' : '?'}${query}`
}

function bodyOf(config: GoogleRequest): { headers: Headers; body: unknown } {
  const headers = new Headers(config.headers)
  const { data = config.body } = config
  if (data === undefined || data === null) return { headers, body: undefined }
  const plain =
    typeof data === 'object' &&
    [Object.prototype, Array.prototype, null].includes(Object.getPrototypeOf(data))
  if (!plain) return { headers, body: data }
  if (!headers.has('content-type')) headers.set('content-type', 'application/json')
  return { headers, body: JSON.stringify(data) }
}

async function readData(response: Response, type: GoogleRequest['responseType']): Promise<unknown> {
  if (type === 'stream') return response.body && Readable.fromWeb(response.body as NodeReadableStream)
  if (response.status === 204 || response.status === 304) return ''
  if (type === 'arraybuffer') return response.arrayBuffer()
  if (type === 'blob') return response.blob()
  if (type === 'text') return response.text()
  const kind = response.headers.get('content-type') ?? ''
  if (type !== 'json' && !/json|^text\/|xml|javascript/.test(kind)) return response.blob()
  const text = await response.text()
  if (type !== 'json' && !kind.includes('json')) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
