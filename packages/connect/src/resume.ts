import { type Connected, type Finish, finishSession } from './calls.ts'
import { CHANNEL, type Finished } from './carry.ts'
import { ConnectError } from './errors.ts'
import { type Page, pause } from './page.ts'
import { takeKept } from './redirect.ts'

/** How long a page that waits has to say that it has taken a code. */
const heardMs = 10_000

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
  const heard = new Promise<boolean>((resolve) => {
    channel.onmessage = ({ data }) => {
      if ((data as Partial<Finished> | null)?.finished === code) resolve(true)
    }
    channel.postMessage({ code })
    pause(page, heardMs).then(() => resolve(false))
  })
  const taken = await heard
  channel.close()
  return taken
}
