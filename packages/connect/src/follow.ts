import { askStatus, type Connected, endOf, type Finish, finishSession, type Status } from './calls.ts'
import { CHANNEL, readCarried } from './carry.ts'
import { ConnectError } from './errors.ts'
import { type Message, type Page, type Popup, pause } from './page.ts'
import { whereIs } from './popup.ts'
import { readMessage } from './read-message.ts'
import type { ConnectSession } from './session.ts'

/** How often the window is looked at, and the session asked for: the latter only matters where no message comes. */
const lookMs = 200
const askMs = 3000
const askWhenGoneMs = 1000

type Options = { finish?: Finish | undefined; signal?: AbortSignal | undefined }

/**
 * Waits for what becomes of a session whose window is open: a message from the window; a code that another page of this
 * origin brings, when the window had to return there; or the session's status, where the window has lost this page.
 * @throws ConnectError
 */
export async function follow(
  page: Page,
  popup: Popup,
  session: ConnectSession,
  { finish, signal }: Options,
): Promise<Connected> {
  let resolve!: (connected: Connected) => void
  let reject!: (error: unknown) => void
  const promise = new Promise<Connected>((yes, no) => {
    resolve = yes
    reject = no
  })
  let over = false
  let finishing = false

  const listen = (event: Message) => {
    const told = readMessage(event, popup, session)
    if (told?.type === 'oauth_success')
      resolve({ connectionId: told.connectionId, sessionId: session.id, providerName: told.providerName })
    if (told?.type === 'oauth_error') reject(new ConnectError(told.error, told.errorDescription))
    if (told?.type !== 'oauth_finish') return
    popup.postMessage({ type: 'oauth_ack', sessionId: session.id }, event.origin)
    if (finishing) return
    finishing = true
    finishSession(page, session, told.code, finish).then(resolve, reject)
  }

  const channel = new page.BroadcastChannel(CHANNEL)
  channel.onmessage = ({ data }) => {
    const code = readCarried(data)
    if (code === null || finishing) return
    channel.postMessage({ heard: code })
    // It may be the code of another tab's session, which ends nothing here.
    finishSession(page, session, code, finish).then(
      (connected) => {
        channel.postMessage({ finished: code })
        resolve(connected)
      },
      () => {},
    )
  }

  const abort = () => reject(new ConnectError('aborted', null, signal?.reason))
  page.addEventListener('message', listen)
  signal?.addEventListener('abort', abort)
  if (signal?.aborted) abort()
  watch().then((connected) => connected && resolve(connected), reject)
  try {
    return await promise
  } finally {
    over = true
    page.removeEventListener('message', listen)
    signal?.removeEventListener('abort', abort)
    channel.close()
    popup.close()
  }

  async function watch(): Promise<Connected | null> {
    let wasAway = false
    let sinceAsked = 0
    let asksWhileGone = 0
    let asksWhileBack = 0
    for (;;) {
      await pause(page, lookMs)
      if (over) return null
      const where = whereIs(popup)
      if (where === 'away') wasAway = true
      sinceAsked += lookMs
      if (sinceAsked < (where === 'gone' ? askWhenGoneMs : askMs)) continue
      sinceAsked = 0
      const said = await askStatus(page, session)
      if (over) return null
      if (!said) continue
      const end = endOf(session, said)
      if (end) return end
      asksWhileGone = where === 'gone' && !finishing ? asksWhileGone + 1 : 0
      asksWhileBack = asksWhileGone > 0 && page.document.hasFocus() ? asksWhileBack + 1 : 0
      giveUp(said, wasAway, asksWhileGone, asksWhileBack)
    }
  }

  /**
   * A window that is gone was closed, or has lost this page; the person's attention tells, if it is back here for a while.
   * One that vanished with its first page, while the session went on, has most likely lost it, and gets longer.
   */
  function giveUp({ status, binding }: Status, wasAway: boolean, gone: number, back: number): void {
    const lost = !wasAway && status !== 'created'
    if (back >= (lost ? 20 : 2))
      throw new ConnectError('closed', 'The window was closed before the account was connected.')
    if (gone >= 10 && status === 'awaiting_finish' && binding === 'finish')
      throw new ConnectError('opener_lost', 'The window has lost this page; give the session a return_to.')
  }
}
