import { invalid } from '../errors.ts'

const longestPath = 8192
/** Of path and query. Longer ones no server takes, and none goes out. */
const longestTarget = 15_000
/** RFC 3986 §3.3: what a path may hold as it is. A percent sign begins an encoded byte. */
const pathText = /^(?:[\w\-.~!$&'()*+,;=:@/]|%[0-9a-f]{2})*$/i
/** As sloppy as clients are with queries, but nothing that ends one, and no control characters. */
const queryText = /^[\x21\x22\x24-\x7e]*$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
const dangerous = /[\\\u0000-\u001f\u007f]/
/** RFC 3629 §3: a byte sequence longer than its character needs, which a careless reader takes for a dot or a slash. */
const overlong = /[\u00c0\u00c1][\u0080-\u00bf]|\u00e0[\u0080-\u009f]|\u00f0[\u0080-\u008f]/
/** Servers that decode once too often are around; nobody decodes more than this. */
const decodings = 3

/**
 * The address of a call: the base, and below it what the caller asked for, kept as it was written. Whatever two readers
 * could take differently is refused, so that neither a parser nor a server ends up outside the base.
 * @throws ApiError invalid_request
 */
export function apiUrl(base: URL, path: string, query: string): URL {
  judgePath(path)
  if (!queryText.test(query)) throw invalid('query', 'must be percent-encoded')
  if (path.length + query.length > longestTarget)
    throw invalid('query', `is longer, once encoded, than ${longestTarget} characters with the path`)
  const prefix = base.pathname.replace(/\/+$/, '')
  // Nothing asked for below it: the base as it was given.
  const text = path === '' ? `${base.origin}${base.pathname}` : `${base.origin}${prefix}${path}`
  const url = new URL(query === '' ? text : `${text}?${query}`)
  const kept = url.origin === base.origin && `${url.origin}${url.pathname}` === text
  if (!kept || url.username !== '' || url.password !== '') throw outside()
  return url
}

/** Whether an address is one that `apiUrl` could have made of this base. */
export function isBelow(base: URL, url: URL): boolean {
  const prefix = base.pathname.replace(/\/+$/, '')
  return url.origin === base.origin && (url.pathname === prefix || url.pathname.startsWith(`${prefix}/`))
}

/** The path of an address below the base, as a call would name it. */
export function pathBelow(base: URL, url: URL): string {
  return url.pathname.slice(base.pathname.replace(/\/+$/, '').length)
}

function judgePath(path: string): void {
  if (path === '') return
  if (path.length > longestPath) throw invalid('path', `is longer than ${longestPath} characters`)
  if (!path.startsWith('/') || path.startsWith('//')) throw outside()
  if (!pathText.test(path)) throw invalid('path', 'must be percent-encoded')
  if (/^\/[a-z][a-z0-9+.-]*:\/\//i.test(path)) throw outside()
  let text = path
  for (let decoding = 0; decoding <= decodings; decoding++) {
    if (dangerous.test(text)) throw invalid('path', 'must not hold backslashes or control characters')
    // Some servers cut `;parameters` off a segment before they look at its dots.
    if (text.split('/').some((segment) => /^\.{1,2}(?:;|$)/.test(segment))) throw outside()
    if (overlong.test(text)) throw invalid('path', 'must be percent-encoded UTF-8')
    const decoded = decode(text)
    if (decoded === text) return
    text = decoded
  }
}

/** One decoding, byte by byte, as servers do: neither other encodings nor a percent sign beside it keep them from the rest. */
const decode = (text: string): string =>
  text.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

const outside = () => invalid('path', "must stay below the API's base URL")
