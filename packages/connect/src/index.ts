import type { Connected, Finish } from './calls.ts'
import { type ConnectOptions, connectFrom } from './connect.ts'
import type { Page } from './page.ts'
import { resumeAt } from './resume.ts'

export type { Connected, Finish } from './calls.ts'
export type { ConnectOptions } from './connect.ts'
export { ConnectError, type ConnectErrorCode } from './errors.ts'
export type { ConnectSession, SessionSource } from './session.ts'

// Looked up when it is needed: the module may be loaded where pages are rendered, which have no window.
const page = () => globalThis as unknown as Page

/**
 * Lets the person connect an account. Call it in the click itself, so that the browser lets the window open; the session
 * may still be on its way.
 *
 * @example
 * button.onclick = async () => {
 *   const { connectionId } = await connect({ session: '/connect?provider=gmail' })
 * }
 * @throws ConnectError `access_denied`, `closed`, `popup_blocked`, `expired`, …
 */
export const connect = (options: ConnectOptions): Promise<Connected> => connectFrom(page(), options)

/**
 * For the page at the session's `return_to`: ends what `connect` began, where that went by redirect or the window has
 * lost its opener. Null where nothing was to be done.
 * @throws ConnectError
 */
export const resume = (options: { finish?: Finish } = {}): Promise<Connected | null> =>
  resumeAt(page(), options)
