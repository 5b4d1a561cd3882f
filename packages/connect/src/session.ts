import { ConnectError, refusalOf } from './errors.ts'
import type { Page } from './page.ts'

/** A connect session as `POST /api/v1/connect-sessions` answers it; your server hands it on to your page. */
export type ConnectSession = {
  id: string
  connect_url: string
  connect_token: string
  provider_name?: string | null
}

/**
 * The session, or where it comes from: a promise, a function, or an address of your own server, which is asked by POST
 * and answers the session as JSON, as it is or as `{data}`.
 */
export type SessionSource =
  | ConnectSession
  | Promise<ConnectSession>
  | (() => ConnectSession | Promise<ConnectSession>)
  | string

/** @throws ConnectError no_session, or what your server said; and whatever a function of yours throws. */
export async function readSession(page: Page, source: SessionSource): Promise<ConnectSession> {
  const given = await (typeof source === 'string'
    ? askFor(page, source)
    : typeof source === 'function'
      ? source()
      : source)
  const session = ((given as { data?: unknown } | null)?.data ?? given) as Partial<ConnectSession> | null
  // The address goes into a window that is this page's own as long as it is blank: a script there would be ours.
  if (!session?.id || !session.connect_token || !/^https?:\/\//i.test(session.connect_url ?? ''))
    throw new ConnectError('no_session', 'This is no connect session.')
  return session as ConnectSession
}

async function askFor(page: Page, url: string): Promise<unknown> {
  const answer = await page.fetch(url, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: '{}',
  })
  const body = await answer.json().catch(() => null)
  if (!answer.ok) throw refusalOf(body, 'no_session')
  return body
}
