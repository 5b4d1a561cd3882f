import { isIP } from 'node:net'
import { EgressError } from './error.ts'

/** A URL that is well-formed enough to be judged. `host` is as in the URL, lower case, without IPv6 brackets. */
export type Target = {
  origin: string
  secure: boolean
  host: string
  isAddress: boolean
  port: number
  path: string
}

const METADATA_NAMES = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'instance-data',
  'instance-data.ec2.internal',
  'metadata.tencentyun.com',
  'metadata.azure.internal',
])
const LOCAL_SUFFIXES = ['localhost', 'local', 'internal', 'localdomain', 'home.arpa']
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?$/
const MAX_URL = 16_384

/**
 * Parses a URL and refuses every form that two readers could take differently: backslashes and the control characters
 * that the WHATWG parser drops, userinfo, trailing dots, empty or odd labels. Odd IPv4 forms (`0x7f.1`, `2130706433`)
 * come out of the parser as dotted quads and are judged as such. A fragment is never sent.
 *
 * @throws EgressError `egress_bad_url`
 */
export function parseTarget(text: string): Target {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  if (text.length > MAX_URL || /[\u0000-\u0020\u007f\\]/.test(text) || !URL.canParse(text)) {
    throw bad('The URL is not a well-formed absolute URL.')
  }
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw bad('The URL must use https.')
  // Of the text, because the parser makes `https:host`, `https:///host` and `https://@host` all into `https://host`.
  if (!/^https?:\/\/[^/?#@]+(?:[/?#]|$)/i.test(text)) throw bad('The URL must name a host, and no user.')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const isAddress = isIP(host) !== 0
  if (!isAddress && !isHostname(host)) throw bad('The URL does not name a proper host.')
  const secure = url.protocol === 'https:'
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port)
  if (port === 0) throw bad('The URL does not name a proper port.')
  return { origin: url.origin, secure, host, isAddress, port, path: url.pathname + url.search }
}

function isHostname(host: string): boolean {
  return host.length <= 253 && host.split('.').every((label) => label.length <= 63 && LABEL.test(label))
}

/** Names of a cloud's metadata service; never called, whatever they resolve to. */
export function isMetadataName(host: string): boolean {
  return METADATA_NAMES.has(host)
}

/** Names that only mean something inside a network (RFC 6761, 6762, 8375 and `.internal`), and single labels. */
export function isLocalName(host: string): boolean {
  return !host.includes('.') || LOCAL_SUFFIXES.some((suffix) => host.endsWith(`.${suffix}`))
}

const bad = (message: string) => new EgressError('egress_bad_url', message, { sent: false })
