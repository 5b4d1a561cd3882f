import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { buildConnect } from '../../scripts/build-connect.ts'
import { launchChromium } from '../support/chromium.ts'
import { addSandboxIntegration, startSession } from '../support/connecting.ts'
import { startTestGrantry, type TestGrantry } from '../support/grantry.ts'
import { changeWorkspace, newPerson, type Person, press } from './browser.fixture.ts'
import { startGuideSite } from './guide-site.fixture.ts'
import { buildHookPage } from './hook-page.fixture.ts'
import { type LibrarySite, startLibrarySite } from './library-site.fixture.ts'

// The browser library in a browser that blocks popups as people's browsers do.
let folder: string
let grantry: TestGrantry
let site: LibrarySite
let browser: Browser
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'grantry-library-'))
  const library = await buildConnect(folder)
  await buildHookPage(library)
  site = await startLibrarySite(library)
  grantry = await startTestGrantry()
  await addSandboxIntegration(grantry, 'gmail')
  await changeWorkspace(grantry, { allowed_origins: [site.origin], return_urls: [site.returnTo] })
  browser = await launchChromium()
})
afterAll(async () => {
  await browser?.close()
  await grantry?.close()
  await site?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** The sessions of this test, as the API made them. */
let made: { id: string; connect_url: string; connect_token: string }[]
beforeEach(() => {
  made = []
  site.isolated = false
  site.windowless = false
  site.finish = async () => null
})

/** The next session of the site, and what its page passes to `connect`. */
function offer(body: Record<string, unknown>, options: Record<string, unknown> = {}): void {
  site.options = options
  site.session = async () => {
    const session = await startSession(grantry, {
      provider: 'gmail',
      end_user: { id: 'u_17', email: 'ada@example.com' },
      ...body,
    })
    made.push(session)
    return session
  }
}

const strictPopups = fileURLToPath(new URL('strict-popups.page.js', import.meta.url))

async function atPage(path = '/page'): Promise<Person> {
  const person = await newPerson(browser)
  await person.context.addInitScript({ path: strictPopups })
  await person.page.goto(site.origin + path)
  return person
}

/** Clicks the customer's button; the window that opens is on its way to the provider. */
async function clickConnect({ page }: Person): Promise<Page> {
  const opened = page.waitForEvent('popup')
  await press(page, 'Connect')
  return opened
}

/** What the page shows when all is over. */
async function shown(page: Page) {
  const output = page.locator('output')
  await expect.poll(() => output.textContent(), { timeout: 20_000 }).toMatch(/^(\{|null)/)
  return JSON.parse((await output.textContent())!)
}

const statusOf = async () =>
  (await grantry.call('GET', `/api/v1/connect-sessions/${made.at(-1)!.id}`)).body.data
const secrets = () => made.map(({ connect_token }) => connect_token)
const connected = { connectionId: expect.stringMatching(/^con_/), providerName: 'Gmail' }

test('popup, confirm: resolves with the connection, and the window closes', async () => {
  offer({ origin: site.origin })
  const person = await atPage()
  const popup = await clickConnect(person)
  await press(popup, 'Allow')
  const closed = popup.waitForEvent('close')
  await press(popup, 'Connect')
  await closed
  const result = await shown(person.page)
  expect(result).toEqual({ ...connected, sessionId: made[0]!.id })
  expect((await statusOf()).connection_id).toBe(result.connectionId)
  await person.leave(secrets())
})

test.each([
  ['the page by its connect token', {}],
  ['the customer’s server', { finish: '/finish' }],
])('popup, finish: ended by %s', async (_what, options) => {
  offer({ binding: 'finish', origin: site.origin, return_to: site.returnTo }, options)
  site.finish = async ({ session_id, code }) => {
    const body = { code, end_user_id: 'u_17' }
    const answer = await grantry.call('POST', `/api/v1/connect-sessions/${session_id}/finish`, body)
    return { connection_id: answer.body.data.id }
  }
  const person = await atPage()
  const popup = await clickConnect(person)
  const closed = popup.waitForEvent('close')
  await press(popup, 'Allow')
  await closed
  expect(await shown(person.page)).toEqual({ ...connected, sessionId: made[0]!.id })
  expect((await statusOf()).status).toBe('completed')
  await person.leave(secrets())
})

test('a person who says no', async () => {
  offer({ origin: site.origin })
  const person = await atPage()
  const popup = await clickConnect(person)
  const closed = popup.waitForEvent('close')
  await press(popup, 'Cancel')
  await closed
  expect(await shown(person.page)).toMatchObject({ name: 'ConnectError', code: 'access_denied' })
  expect((await statusOf()).status).toBe('failed')
  await person.leave(secrets())
})

test('a person who closes the window, and tries again', async () => {
  offer({ origin: site.origin })
  const person = await atPage()
  const popup = await clickConnect(person)
  await popup.getByRole('button', { name: 'Allow' }).waitFor()
  // Nobody closes it so fast that the page has not looked at it once.
  await person.page.waitForRequest(/\/connect-sessions\/cs_/)
  await popup.close()
  expect(await shown(person.page)).toMatchObject({ code: 'closed' })
  const again = await clickConnect(person)
  await press(again, 'Allow')
  await press(again, 'Connect')
  await expect.poll(() => shown(person.page)).toMatchObject(connected)
  await person.leave(secrets())
})

test('a session that has run out, while the person was away', async () => {
  offer({ origin: site.origin })
  const person = await atPage()
  const popup = await clickConnect(person)
  await popup.getByRole('button', { name: 'Allow' }).waitFor()
  grantry.clock.advance(31 * 60)
  expect(await shown(person.page)).toMatchObject({ code: 'expired' })
  expect(popup.isClosed()).toBe(true)
  await person.leave(secrets())
})

test('a blocked window: this window itself goes, comes back, and the return page ends it', async () => {
  site.windowless = true
  offer({ binding: 'finish', origin: site.origin, return_to: site.returnTo })
  const person = await atPage()
  await press(person.page, 'Connect')
  await press(person.page, 'Allow')
  await person.page.waitForURL(/\/return\b/)
  expect(await shown(person.page)).toEqual({ ...connected, sessionId: made[0]!.id })
  expect(person.page.url()).toBe(site.returnTo)
  expect(person.context.pages()).toHaveLength(1)
  // The browser tells its console that it blocked.
  person.complaints.length = 0
  await person.leave(secrets())
})

test('a blocked window, where no redirect is wanted: an error, and no session is made', async () => {
  site.windowless = true
  offer({ origin: site.origin }, { mode: 'popup' })
  const person = await atPage()
  await press(person.page, 'Connect')
  expect(await shown(person.page)).toMatchObject({ code: 'popup_blocked' })
  expect(made).toEqual([])
  await person.context.close()
})

test('by redirect: denied at the provider', async () => {
  offer({ binding: 'finish', return_to: site.returnTo }, { mode: 'redirect' })
  const person = await atPage()
  await press(person.page, 'Connect')
  await press(person.page, 'Cancel')
  await person.page.waitForURL(/\/return\b/)
  expect(await shown(person.page)).toMatchObject({ code: 'access_denied' })
  await person.leave(secrets())
})

test('a lost opener, confirm: the page follows the session', async () => {
  site.isolated = true
  offer({ origin: site.origin })
  const person = await atPage()
  const popup = await clickConnect(person)
  await press(popup, 'Allow')
  await press(popup, 'Connect')
  await popup.getByRole('heading', { name: 'Gmail is connected to default.' }).waitFor()
  expect(await popup.evaluate('opener')).toBeNull()
  expect(await shown(person.page)).toEqual({ ...connected, sessionId: made[0]!.id })
  await person.leave(secrets())
})

test('a lost opener, finish: the window brings its code home, and the page that waits ends the session', async () => {
  site.isolated = true
  offer({ binding: 'finish', origin: site.origin, return_to: site.returnTo })
  const person = await atPage()
  const popup = await clickConnect(person)
  await press(popup, 'Allow')
  expect(await shown(person.page)).toEqual({ ...connected, sessionId: made[0]!.id })
  expect((await statusOf()).status).toBe('completed')
  if (!popup.isClosed()) await expect.poll(() => popup.isClosed() || popup.url()).not.toContain('code=')
  await person.leave(secrets())
})

test('a hostile window that knows the session is not heard', async () => {
  offer({ binding: 'finish', origin: site.origin, return_to: site.returnTo })
  const person = await atPage()
  const popup = await clickConnect(person)
  await popup.getByRole('button', { name: 'Allow' }).waitFor()
  // In the very window that was opened, and in one of its own; from another origin.
  const evil = `${site.origin.replace('127.0.0.1', 'localhost')}/hostile#${made[0]!.id}`
  const consent = popup.url()
  await popup.goto(evil)
  await popup.waitForFunction("document.title === 'said'")
  await popup.goto(consent)
  const closed = popup.waitForEvent('close')
  await press(popup, 'Allow')
  await closed
  const result = await shown(person.page)
  expect(result).toEqual({ ...connected, sessionId: made[0]!.id })
  expect(result.connectionId).not.toBe('con_evil')
  await person.context.close()
})

test('a forwarded link binds nobody: whoever follows it comes to the return page with a code that ends nothing', async () => {
  offer({ binding: 'finish', return_to: site.returnTo }, { mode: 'redirect' })
  const mallory = await atPage()
  const left = mallory.page.waitForURL(/consent|authorize|auth/)
  await press(mallory.page, 'Connect')
  await left
  const victim = await newPerson(browser)
  await victim.page.goto(made[0]!.connect_url)
  await press(victim.page, 'Allow')
  await victim.page.waitForURL(/\/return\b/)
  expect(await shown(victim.page)).toBeNull()
  expect((await statusOf()).status).toBe('awaiting_finish')
  await mallory.context.close()
  await victim.context.close()
})

/** The hook's state, as its component shows it. */
const stateOf = async ({ page }: Person) => JSON.parse((await page.locator('#state').textContent())!)

test('the React hook goes from idle to connected; a second click while it runs does nothing', async () => {
  offer({ origin: site.origin })
  const person = await atPage('/hook')
  expect(await stateOf(person)).toEqual({ status: 'idle', seen: ['idle'] })
  const popup = await clickConnect(person)
  await press(popup, 'Allow')
  await press(popup, 'Connect')
  await expect
    .poll(() => stateOf(person))
    .toEqual({
      status: 'connected',
      seen: ['idle', 'connecting', 'connected'],
      id: connected.connectionId,
    })
  expect(made).toHaveLength(1)
  await person.leave(secrets())
})

test('of the React hook a failure is state, and can be tried again', async () => {
  site.session = async () => ({ nothing: 'of use' })
  const person = await atPage('/hook')
  await press(person.page, 'Connect')
  await expect.poll(() => stateOf(person)).toMatchObject({ status: 'failed', code: 'no_session' })
  offer({ origin: site.origin })
  const popup = await clickConnect(person)
  await press(popup, 'Cancel')
  await expect.poll(() => stateOf(person)).toMatchObject({ status: 'failed', code: 'access_denied' })
  await person.leave(secrets())
})

test('a component with the React hook that goes away ends the waiting, and its window', async () => {
  offer({ origin: site.origin })
  const person = await atPage('/hook')
  const popup = await clickConnect(person)
  await popup.getByRole('button', { name: 'Allow' }).waitFor()
  const closed = popup.waitForEvent('close')
  await press(person.page, 'Leave')
  await closed
  await person.leave(secrets())
})

test('docs/browser.md as it is written: by popup and its server; by script tag, redirect and the page itself', async () => {
  const guide = await startGuideSite(grantry, folder)
  try {
    const page = await browser.newPage()
    await page.goto(`${guide.origin}/settings.html`)
    const opened = page.waitForEvent('popup')
    await page.getByRole('button').click()
    const popup = await opened
    await press(popup, 'Allow')
    await page.getByText(/^Gmail is connected: con_/).waitFor()
    await expect.poll(() => popup.isClosed()).toBe(true)
    await page.goto(`${guide.origin}/returned.html`)
    await page.getByRole('button').click()
    await press(page, 'Allow')
    await page.getByText(/^Gmail is connected: con_/).waitFor()
    expect(page.url()).toBe(`${guide.origin}/returned.html`)
    await page.close()
  } finally {
    guide.close()
  }
})
