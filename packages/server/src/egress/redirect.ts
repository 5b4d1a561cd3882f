import type { Outgoing } from './outgoing.ts'
import type { Target } from './target.ts'

const REDIRECTS = new Set([301, 302, 303, 307, 308])

/**
 * Where a redirect leads and what may go there; null when the answer is not one to follow. Only GET and HEAD are
 * followed, so there is no body that could be sent to a stranger (RFC 9110 §15.4).
 */
export function followRedirect(
  response: Response,
  from: Target,
  outgoing: Outgoing,
  sensitiveHeaders: string[] = [],
): { url: string; outgoing: Outgoing } | null {
  const location = response.headers.get('location')
  if (!REDIRECTS.has(response.status) || location === null) return null
  if (outgoing.method !== 'GET' && outgoing.method !== 'HEAD') return null
  if (!URL.canParse(location, from.origin + from.path)) return null
  const url = new URL(location, from.origin + from.path)
  url.hash = ''
  if (url.origin === from.origin) return { url: url.href, outgoing }
  const headers = new Headers(outgoing.headers)
  for (const name of ['authorization', ...sensitiveHeaders]) headers.delete(name)
  return { url: url.href, outgoing: { ...outgoing, headers } }
}
