import { createHash } from 'node:crypto'

/**
 * The browser that started keeps which session its `state` stands for: the return address gets a code and the state,
 * nothing more. One cookie for each attempt, so that two tabs do not undo each other.
 */
const nameOf = (state: string) =>
  `grantry_connect_${createHash('sha256').update(state).digest('hex').slice(0, 16)}`

/** A session lives 30 minutes. Lax: it comes along when the provider's redirect leads here. */
export function setSession(finishUrl: string, state: string, session: string): string {
  return cookie(finishUrl, nameOf(state), `${state}.${session}`, 1800)
}

export function forgetSession(finishUrl: string, state: string): string {
  return cookie(finishUrl, nameOf(state), '', 0)
}

/** The session that this browser started with this state; null for a state that is not its own. */
export function sessionOf(cookies: string, state: string): string | null {
  const name = `${nameOf(state)}=`
  const found = cookies.split(/; */).find((pair) => pair.startsWith(name))
  const [kept, session] = (found?.slice(name.length) ?? '').split('.')
  return kept === state && session ? session : null
}

function cookie(finishUrl: string, name: string, value: string, seconds: number): string {
  const { protocol, pathname } = new URL(finishUrl)
  const secure = protocol === 'https:' ? '; Secure' : ''
  return `${name}=${value}; Max-Age=${seconds}; Path=${pathname}; HttpOnly; SameSite=Lax${secure}`
}
