import type { Page } from './page.ts'
import type { ConnectSession } from './session.ts'

const KEY = 'grantry.connect'

/** Sends this window itself. The session is kept for its return in this tab, as long as it can live. */
export function leave(page: Page, session: ConnectSession): Promise<never> {
  const { id, connect_url, connect_token, provider_name } = session
  const { origin } = new URL(connect_url)
  // Not the link itself: it has been used by then.
  page.sessionStorage.setItem(KEY, JSON.stringify({ id, connect_url: origin, connect_token, provider_name }))
  page.location.assign(connect_url)
  return new Promise(() => {})
}

/** The session that this tab left for, once. */
export function takeKept(page: Page): ConnectSession | null {
  const text = page.sessionStorage.getItem(KEY)
  page.sessionStorage.removeItem(KEY)
  return text === null ? null : (JSON.parse(text) as ConnectSession)
}
