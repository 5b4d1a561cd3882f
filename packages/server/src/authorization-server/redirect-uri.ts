/**
 * Apps that answer to a scheme of one word and register themselves with it: the editors that people use as MCP clients.
 * Such a scheme is nobody's for certain; PKCE keeps a code that another program caught from being worth anything.
 */
const wordSchemes: ReadonlySet<string> = new Set([
  'claude:',
  'cursor:',
  'vscode:',
  'vscode-insiders:',
  'windsurf:',
])

/** Run or show what they carry instead of asking an app. */
const neverSchemes: ReadonlySet<string> = new Set([
  'javascript:',
  'data:',
  'vbscript:',
  'file:',
  'blob:',
  'about:',
  'view-source:',
  'filesystem:',
  'ws:',
  'wss:',
  'ftp:',
])

const longest = 2048

export type ApplicationType = 'web' | 'native'

/**
 * What is wrong with a redirect URI, as words that follow its name; null when it will do. It is compared as a string
 * (RFC 9700 §4.1.3), so it must be written as a browser reads it: then nobody takes it for another place.
 * Source: RFC 8252 §7 and §8.4.
 */
export function judgeRedirectUri(uri: string, type: ApplicationType): string | null {
  if (uri.length > longest) return `must have at most ${longest} characters`
  if (!/^[\x21-\x7e]+$/.test(uri)) return 'must be plain ASCII without spaces'
  if (/[\\*<>"`{}|^]/.test(uri)) return 'must not hold wildcards, backslashes, quotes or brackets'
  if (uri.includes('#')) return 'must not have a fragment (RFC 6749 §3.1.2)'
  const parsed = URL.parse(uri)
  if (!parsed) return 'must be an absolute URI'
  if (parsed.username !== '' || parsed.password !== '' || /^[^/]*\/\/[^/?]*@/.test(uri))
    return 'must not name a user'
  if (neverSchemes.has(parsed.protocol)) return `must not use the scheme ${parsed.protocol}`
  if (!isAsRead(uri, parsed))
    return 'must be written as browsers read it: no dots to resolve, lower-case scheme and host, no default port'
  if (parsed.protocol === 'https:') return judgeHttps(parsed, type)
  if (parsed.protocol === 'http:') return judgeHttp(parsed, type)
  return judgeCustom(parsed, type)
}

/** What makes an app one that runs on its person's device: no other can be called in these ways. */
export function isNativeRedirect(uri: string): boolean {
  const parsed = URL.parse(uri)
  if (!parsed) return false
  return parsed.protocol === 'http:' ? isLoopback(parsed.hostname) : parsed.protocol !== 'https:'
}

function judgeHttps({ hostname }: URL, type: ApplicationType): string | null {
  if (type === 'native' && isLoopback(hostname))
    return 'must use http for this computer: nobody can have a certificate for it (RFC 8252 §7.3)'
  return null
}

function judgeHttp({ hostname }: URL, type: ApplicationType): string | null {
  if (!isLoopback(hostname)) return 'must use https: http is for this computer only (127.0.0.1, localhost)'
  if (type === 'web' && hostname === '[::1]') return 'must use 127.0.0.1 or localhost, or be of a native app'
  return null
}

function judgeCustom({ protocol }: URL, type: ApplicationType): string | null {
  if (type === 'web') return 'must use https: a scheme of its own is for native apps (application_type)'
  if (wordSchemes.has(protocol)) return null
  if (!/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+:$/.test(protocol))
    return 'must use a domain of yours, reversed, as its scheme: com.example.app (RFC 8252 §7.1)'
  return null
}

const isLoopback = (hostname: string) => ['localhost', '127.0.0.1', '[::1]'].includes(hostname)

/** An origin may go without its last slash: that is how people write it, and both are compared as they stand. */
function isAsRead(uri: string, parsed: URL): boolean {
  return parsed.href === uri || (parsed.pathname === '/' && parsed.search === '' && parsed.href === `${uri}/`)
}
