import { type Connected, type Finish, finishSession } from './calls.ts'
import { CHANNEL, type Heard } from './carry.ts'
import { ConnectError } from './errors.ts'
import { type Page, pause } from './page.ts'
import { takeKept } from './redirect.ts'

/** How long a page that waits has to say so; and then, to end its session. */
const heardMs = 1000
const finishedMs = 20_000

/**
 * For the page at your `return_to`, at its start. Ends what `connect` began by redirect in this tab; or brings the code to
 * the page that waits in another window, and closes this one. Null where there is nothing to resume.
 * @throws ConnectError
 */
export async function resumeAt(page: Page, { finish }: { finish?: Finish } = {}): Promise<Connected | null> {
  const url = new URL(page.location.href)
  const read = (name: string) => url.searchParams.get(name)
  const [code, error, description] = [read('code'), read('error'), read('error_description')]
  if (code === null && error === null) return null
  const kept = takeKept(page)
  if (!kept) {
    if (code === null || !(await carry(page, code))) return null
    clean(page, url)
    page.close()
    return null
  }
  clean(page, url)
  if (code === null) throw new ConnectError(error!, description)
  return finishSession(page, kept, code, finish)
}

/** Takes what came back out of the address, so that it is neither kept by a bookmark nor read again. */
function clean(page: Page, url: URL): void {
  for (const name of ['code', 'state', 'error', 'error_description']) url.searchParams.delete(name)
  page.history.replaceState(page.history.state, '', url.href)
}

/** Whether another page of this origin has ended its session with this code. */
async function carry(page: Page, code: string): Promise<boolean> {
  const channel = new page.BroadcastChannel(CHANNEL)
  let heard = false
  const ended = new Promise<boolean>((resolve) => {
    channel.onmessage = ({ data }) => {
      const said = (data ?? {}) as Partial<Heard>
      if (said.heard === code) heard = true
      if (said.finished === code) resolve(true)
    }
    channel.postMessage({ code })
    pause(page, heardMs).then(() => heard || resolve(false))
    pause(page, finishedMs).then(() => resolve(false))
  })
  const taken = await ended
  channel.close()
  return taken
}
