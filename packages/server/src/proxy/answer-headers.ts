import { isBelow, pathBelow } from './api-url.ts'
import type { Mask } from './mask.ts'

/** What of a provider's answer is the caller's to see: nothing that a browser would keep or obey in our name. */
const passed = new Set([
  'accept-ranges',
  'allow',
  'content-disposition',
  'content-language',
  'content-length',
  'content-range',
  'content-type',
  'date',
  'deprecation',
  'etag',
  'last-modified',
  'retry-after',
  'sunset',
  'warning',
])
/** Limits, pages, versions and the like have a name of each provider's own. */
const passedFamilies =
  /^(?:x-)?(?:ratelimit|rate-limit|total|page|per-page|next-page|prev-page|pagination)(?:-|$)/
const requestIds = ['x-request-id', 'request-id', 'x-correlation-id', 'x-amzn-requestid', 'x-goog-request-id']

/**
 * The headers of the answer to the caller.
 * @param asked the URL that answered, which relative ones are of
 * @param own where our caller reaches what is below `base`, without a slash at its end
 */
export function answerHeaders(
  answer: Response,
  { mask, asked, base, own }: { mask: Pick<Mask, 'text'>; asked: URL; base: URL; own: string },
): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of answer.headers)
    if (passed.has(name) || passedFamilies.test(name)) headers[name] = value
  const id = requestIds.map((name) => answer.headers.get(name)).find((value) => value !== null)
  if (id) headers['x-provider-request-id'] = id
  const location = answer.headers.get('location')
  const moved = location === null ? null : belowOwn(location, asked, base, own)
  if (moved !== null) headers.location = moved
  const link = answer.headers.get('link')
  if (link !== null)
    headers.link = link.replace(/<([^<>]*)>/g, (whole, url: string) => {
      const ours = belowOwn(url, asked, base, own)
      return ours === null ? whole : `<${ours}>`
    })
  for (const [name, value] of Object.entries(headers)) headers[name] = mask.text(value)
  return {
    ...headers,
    // Tells a provider's 401 or 404 from ours.
    'x-grantry-answer': 'provider',
    // Whatever the provider says of caches, what came by a credential is nobody else's.
    'cache-control': 'no-store',
    'content-security-policy': "sandbox; default-src 'none'",
    'x-content-type-options': 'nosniff',
  }
}

/** A URL below the API's base as one of ours; null for any other. */
function belowOwn(text: string, asked: URL, base: URL, own: string): string | null {
  if (!URL.canParse(text, asked.href)) return null
  const url = new URL(text, asked)
  if (!isBelow(base, url)) return null
  return own + pathBelow(base, url) + url.search
}
