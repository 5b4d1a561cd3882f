import { UrlError } from './errors.ts'
import type { ProviderProfile } from './profile.ts'

const placeholder = /\{([A-Za-z_][\w-]*)\}/g
const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i
// A segment is percent-encoded, but these stay out: some servers decode before they split the path.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const unsafeInPath = /[/\\?#%\u0000-\u0020\u007f-\u009f]/
const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/** Names of the placeholders in a template, in order of appearance. */
export const placeholdersIn = (template: string): string[] =>
  [...template.matchAll(placeholder)].map((match) => match[1]!)

/** Whether a host (without port) is this machine: the only one that may be spoken to without TLS. */
export const isLoopback = (hostname: string): boolean => loopback.test(hostname)

/** Values for placeholders: the profile's defaults, then what was learned, then what the integration says. */
export function resolveParams(
  profile: Pick<ProviderProfile, 'params'>,
  params: Record<string, string> = {},
  metadata: Record<string, string> = {},
): Record<string, string> {
  const resolved: Record<string, string> = Object.create(null)
  for (const [name, declared] of Object.entries(profile.params ?? {})) {
    if (declared.default !== undefined) resolved[name] = declared.default
  }
  return Object.assign(resolved, metadata, params)
}

/** A text (not a URL) with its placeholders filled; null when one of them has no value. */
export function fillText(template: string, params: Record<string, string>): string | null {
  let missing = false
  const text = template.replace(placeholder, (_, name: string) => {
    if (!Object.hasOwn(params, name)) missing = true
    return params[name] ?? ''
  })
  return missing ? null : text
}

/**
 * The URL that a template and its values make: in the host a value is one DNS label (RFC 1123 §2.1), in the path one
 * segment, in the query one value. A value that opens the template is a whole origin out of `origins[name]`.
 * Https only, http for loopback; throws {@link UrlError}.
 *
 * @example fillUrl('https://{shop}.example.com/token', { shop: 'acme' }) // 'https://acme.example.com/token'
 */
export function fillUrl(
  template: string,
  params: Record<string, string> = {},
  origins: Record<string, string[]> = {},
): string {
  const opening = /^\{([A-Za-z_][\w-]*)\}/.exec(template)?.[1]
  const authorityEnd = template.search(/(?<!:|:\/)[/?#]|$/)
  const queryStart = template.search(/[?#]|$/)

  // `{origin}.elsewhere.example` would make another host out of an origin that was checked.
  if (opening && !/^\{[\w-]+\}(?:[/?#]|$)/.test(template)) {
    throw new UrlError('url_invalid', opening, 'an origin is followed by a path')
  }

  const filled = template.replace(placeholder, (_, name: string, at: number) => {
    const value = Object.hasOwn(params, name) ? params[name] : undefined
    if (value === undefined || value === '')
      throw new UrlError('param_missing', name, `"${name}" has no value`)
    if (at === 0 && name === opening) return originOf(name, value, origins[name] ?? [])
    if (at < authorityEnd) {
      if (!label.test(value)) throw invalid(name, 'must be a single host label')
      return value.toLowerCase()
    }
    if (at < queryStart && (unsafeInPath.test(value) || /^\.{1,2}$/.test(value))) {
      throw invalid(name, 'must be a single path segment')
    }
    return encodeURIComponent(value.toWellFormed())
  })

  // Values come in encoded, so a brace is what is left of a placeholder that was misspelt.
  if (/[{}]/.test(filled))
    throw new UrlError('url_invalid', null, 'a brace that opens or closes no placeholder')
  return checkUrl(filled).href
}

const invalid = (name: string, why: string) => new UrlError('param_invalid', name, `"${name}" ${why}`)

function originOf(name: string, value: string, allowed: string[]): string {
  const url = URL.canParse(value) ? new URL(value) : null
  // The raw text must be the origin and nothing else: userinfo, paths, tabs and backslashes all make it differ.
  if (!url || value.toLowerCase().replace(/\/$/, '') !== url.origin) throw invalid(name, 'must be an origin')
  checkUrl(value)
  const host = url.host
  const found = allowed.some((entry) => (entry.startsWith('.') ? host.endsWith(entry) : host === entry))
  if (!found) throw new UrlError('origin_not_allowed', name, `"${name}" is not a host of this provider`)
  return url.origin
}

function checkUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url) throw new UrlError('url_invalid', null, 'not a URL')
  const secure = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
  if (!secure) throw new UrlError('url_invalid', null, 'must be https')
  if (url.username || url.password) throw new UrlError('url_invalid', null, 'must not hold credentials')
  return url
}
