import { PassThrough } from 'node:stream'
import type { Connecting } from '@grantry/connect/react'
import { useConnect } from '@grantry/connect/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { session } from '../packages/connect/src/page.fixture.ts'

// React without a browser, by the renderer for terminals that a tool of ours brings along.
const { createElement } = await import('react' as string)
const { render, Text } = await import('ink' as string)

type Hook = ReturnType<typeof useConnect>
const popup = { closed: false, close: () => {}, focus: () => {}, location: { href: '', replace: () => {} } }
let say: (message: unknown) => void = () => {}

beforeEach(() => {
  vi.stubGlobal('open', () => popup)
  vi.stubGlobal('sessionStorage', { getItem: () => null, setItem: () => {}, removeItem: () => {} })
  vi.stubGlobal('document', { hasFocus: () => true })
  vi.stubGlobal('addEventListener', (_type: string, listener: typeof say) => {
    say = listener
  })
  vi.stubGlobal('removeEventListener', () => {})
})
afterEach(() => void vi.unstubAllGlobals())

/** A mounted component; `seen` is its state at each rendering. */
function mount(source: Parameters<typeof useConnect>[0]) {
  const seen: Connecting['status'][] = []
  let hook = {} as Hook
  const Component = () => {
    hook = useConnect(source)
    seen.push(hook.status)
    return createElement(Text, null, hook.status)
  }
  const stdout = Object.assign(new PassThrough(), { columns: 80, rows: 24 })
  const { unmount } = render(createElement(Component), { stdout, patchConsole: false, debug: true })
  return { seen, hook: () => hook, unmount: unmount as () => void }
}

test('goes from idle to connected; a second click while it runs does nothing', async () => {
  let sessions = 0
  const { seen, hook, unmount } = mount({
    session: async () => {
      sessions++
      return session
    },
  })
  const { start } = hook()
  start()
  start()
  await expect.poll(() => hook().status).toBe('connecting')
  const data = { type: 'oauth_success', sessionId: 'cs_1', connectionId: 'con_1', providerName: 'Gmail' }
  say({ origin: 'https://grantry.example', source: popup, data })
  await expect.poll(() => hook().connection).toMatchObject({ connectionId: 'con_1' })
  expect([...new Set(seen)]).toEqual(['idle', 'connecting', 'connected'])
  expect(sessions).toBe(1)
  expect(hook().start).toBe(start)
  unmount()
})

test('a failure is state, and can be tried again', async () => {
  const { hook, unmount } = mount({ session: () => Promise.reject(new Error('offline')) })
  hook().start()
  await expect.poll(() => hook().error).toMatchObject({ code: 'no_session', cause: { message: 'offline' } })
  hook().start({ session: () => session })
  await expect.poll(() => hook().status).toBe('connecting')
  const data = { type: 'oauth_error', sessionId: 'cs_1', error: 'access_denied', errorDescription: null }
  say({ origin: 'https://grantry.example', source: popup, data })
  await expect.poll(() => hook().error?.code).toBe('access_denied')
  unmount()
})

test('a component that goes away ends the waiting', async () => {
  const closed = vi.spyOn(popup, 'close')
  const { hook, unmount } = mount({ session })
  hook().start()
  await expect.poll(() => hook().status).toBe('connecting')
  closed.mockClear()
  unmount()
  await expect.poll(() => closed.mock.calls.length).toBeGreaterThan(0)
  closed.mockRestore()
})
