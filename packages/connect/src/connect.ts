import type { Connected, Finish } from './calls.ts'
import { ConnectError } from './errors.ts'
import { follow } from './follow.ts'
import type { Page } from './page.ts'
import { openPopup } from './popup.ts'
import { leave, takeKept } from './redirect.ts'
import { readSession, type SessionSource } from './session.ts'

export type ConnectOptions = {
  session: SessionSource
  /** `auto`: a popup, and where the browser blocks it this window itself. Default `auto`. */
  mode?: 'auto' | 'popup' | 'redirect' | undefined
  /**
   * Who ends the session in `finish` binding. By default this page, by its connect token; or your server, which knows who is
   * signed in: an address for a POST of `{session_id, code}`, or a function.
   */
  finish?: Finish | undefined
  /** Ends the waiting, with `aborted`, and closes the window. */
  signal?: AbortSignal | undefined
}

/** Everything up to the first await happens within the person's click. */
export async function connectFrom(page: Page, options: ConnectOptions): Promise<Connected> {
  const { session: source, mode = 'auto', finish, signal } = options
  const popup = mode === 'redirect' ? null : openPopup(page)
  if (!popup && mode === 'popup')
    throw new ConnectError('popup_blocked', 'The browser has blocked the window.')
  try {
    // What an earlier attempt left behind would be taken for this one's.
    takeKept(page)
    const session = await readSession(page, source)
    if (signal?.aborted) throw new ConnectError('aborted', null, signal.reason)
    if (!popup) return await leave(page, session)
    if (popup.closed) throw new ConnectError('closed', 'The window was closed.')
    popup.location.replace(session.connect_url)
    return await follow(page, popup, session, { finish, signal })
  } catch (error) {
    popup?.close()
    throw error
  }
}
