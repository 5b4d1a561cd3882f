import type { IncomingHttpHeaders } from 'node:http'
import type { Context } from '../context.ts'

type Needs = Pick<Context, 'config'>

/**
 * `__Host-`: Secure, for every path of this host, and no other host can set it (RFC 6265bis §4.1.3.2). Over plain http,
 * which is loopback only, browsers would not take it.
 */
export const sessionCookie = ({ config }: Needs): string => nameOf(config.publicUrl, 'grantry', 'session')

/** Binds a sign-in at an outside provider to the browser that began it; gone when it comes back. */
export const flowCookie = ({ config }: Needs): string => nameOf(config.publicUrl, 'grantry-flow', 'flow')

function nameOf(publicUrl: string, secure: string, plain: string): string {
  return publicUrl.startsWith('https:') ? `__Host-${secure}` : `grantry_${plain}`
}

/** The value of a cookie; null where there is none, or two that differ: then it cannot be known which is ours. */
export function readCookie(headers: IncomingHttpHeaders, name: string): string | null {
  const values = new Set<string>()
  for (const pair of (headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === name) values.add(pair.slice(at + 1).trim())
  }
  return values.size === 1 ? ([...values][0] as string) : null
}

/** A Set-Cookie line; an empty value takes the cookie away. @param maxAge seconds; null until the browser is closed */
export function writeCookie(
  { config }: Needs,
  name: string,
  value: string,
  maxAge: number | null,
  { path = '/' } = {},
): string {
  const secure = config.publicUrl.startsWith('https:') ? '; Secure' : ''
  const age = value === '' ? '; Max-Age=0' : maxAge === null ? '' : `; Max-Age=${maxAge}`
  return `${name}=${value}; Path=${path}; HttpOnly; SameSite=Lax${secure}${age}`
}
