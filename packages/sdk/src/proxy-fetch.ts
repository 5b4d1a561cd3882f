import { segment } from './call.ts'
import { readError } from './read-error.ts'

export type Proxy = {
  /** Of Grantry. */
  url: string
  credential: () => Promise<string | null>
  fetch: typeof fetch
  signal: AbortSignal | undefined
  baseUrl?: string | undefined
}

/** A `fetch` through Grantry's proxy. The provider's answers are returned whatever their status; Grantry's refusals are thrown. */
export function createProxyFetch(proxy: Proxy, connectionId: string): typeof fetch {
  const base = `${proxy.url}/api/v1/proxy/${segment(connectionId)}`
  return async (input, init) => {
    const given = input instanceof Request ? input.url : String(input)
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined))
    const credential = await proxy.credential()
    if (credential !== null) headers.set('authorization', `Bearer ${credential}`)
    const url = below(base, pathBelow(given, proxy.baseUrl))
    const own = init?.signal ?? (input instanceof Request ? input.signal : null)
    const signals = [proxy.signal, own].filter((signal) => signal != null)
    const signal = signals.length > 0 ? { signal: AbortSignal.any(signals) } : {}
    // A Request keeps its method and body; its own address and credential stay behind.
    const target = input instanceof Request ? new Request(url, input) : url
    const response = await proxy.fetch(target, { ...init, headers, ...signal, redirect: 'manual' })
    const ours = !response.ok && response.headers.get('x-grantry-answer') !== 'provider'
    if (ours) throw await readError(response)
    return response
  }
}

/** `fetch` resolves `..`: what climbs would reach another connection, or the rest of the API, with our credential. */
function below(base: string, path: string): string {
  const url = `${base}${path}`
  const [own, asked] = [new URL(base).pathname, new URL(url).pathname]
  if (asked !== own && !asked.startsWith(`${own}/`))
    throw new TypeError('a call through the proxy names a path below the API base URL, and no .. above it')
  return url
}

/** What follows the API's base URL, as it was written: nothing of it is decoded or made shorter here. */
function pathBelow(given: string, baseUrl: string | undefined): string {
  if (given.startsWith('/') && !given.startsWith('//')) return given
  const base = baseUrl?.replace(/\/+$/, '')
  if (
    base !== undefined &&
    (given === base || /^[/?]/.test(given.slice(base.length))) &&
    given.startsWith(base)
  )
    return given.slice(base.length)
  throw new TypeError(
    base === undefined
      ? 'a call through the proxy names a path below the API base URL, such as /users/me; give baseUrl to use full URLs'
      : `only URLs below ${base} go through this connection`,
  )
}
