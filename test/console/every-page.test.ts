import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { consolePages } from '../../packages/server/src/console/routes.ts'
import { createOwned } from '../support/members.ts'
import { addressesOf, pages } from './addresses.fixture.ts'
import { cookiesOf, moveTo, openScene, type Scene, type Seat } from './console.fixture.ts'
import { type Furnished, furnishConsole } from './furnished.fixture.ts'
import { createSettling, overflowOf, violationsOf, walkByKeyboard } from './inspect.fixture.ts'

const none = '00000000000000000000000000'
/** The same addresses in every workspace, so that tests can be named after them. */
const places = addressesOf({
  connections: { active: 'con_active', needs_reauth: 'con_needs_reauth', revoked: 'con_revoked' },
  integration: 'int_generic',
  mcpServer: 'mcp_gmail',
  client: 'cli_partner',
  webhook: 'whe_hook',
  breakGlass: 'bgl_leak',
})
/** Where something must be there to be shown. */
const named = (place: string) => /(con|int|mcp|cli|whe|bgl)_/.test(place)

let scene: Scene
let furnished: Furnished
/** One window for everybody: who sits before it is changed by the cookie. */
let seat: Seat
let page: Page
let settled: () => Promise<void>
/** The page that is there, null where it is somebody else's. */
let shown: string | null = null
let people: Record<'owner' | 'viewer' | 'newcomer', { name: string; value: string; url: string }[]>

beforeAll(async () => {
  scene = await openScene()
  furnished = await furnishConsole(scene.grantry)
  seat = await scene.open()
  page = seat.page
  settled = createSettling(page)
  const url = scene.grantry.url
  const owner = (await seat.context.cookies()).map(({ name, value }) => ({ name, value, url }))
  const { browser } = await createOwned(scene.grantry, 'newcomer@example.com', 'Empty')
  people = { owner, viewer: cookiesOf(furnished.viewer, url), newcomer: cookiesOf(browser, url) }
})
afterAll(() => scene?.close())

async function become(who: keyof typeof people) {
  // Nobody is there to ask for more while the cookie changes.
  await page.goto('about:blank')
  await seat.context.clearCookies()
  await seat.context.addCookies(people[who])
  shown = null
  await sitAtDesk()
}

/** By daylight, before a wide screen. */
async function sitAtDesk() {
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 1280, height: 800 })
}

/** The console's script follows the scheme of the machine: until it has, the other's colours would be judged. */
const inScheme = (scheme: 'light' | 'dark') =>
  page.locator(`html[data-mantine-color-scheme=${scheme}]`).waitFor({ state: 'attached' })

/** Which of the pages a place is at. */
const pageAt = (place: string) => place.replace(/\?.*/, '').replace(/(con|int|mcp|cli|whe|bgl)_\w+/, '$$id')

function addressOf(place: string): string {
  const { connections, integration, mcpServer, client, webhook, breakGlass } = furnished
  const real: Record<string, string> = {
    con_active: connections.active,
    con_needs_reauth: connections.needs_reauth,
    con_revoked: connections.revoked,
    int_generic: integration,
    mcp_gmail: mcpServer,
    cli_partner: client,
    whe_hook: webhook,
    bgl_leak: breakGlass,
  }
  return place.replace(/(con|int|mcp|cli|whe|bgl)_\w+/, (name) => real[name] ?? `${name.slice(0, 4)}${none}`)
}

/** Shows a page: goes there from the page before; loads it where that is of the same kind, or somebody else's. */
async function open(place: string) {
  const path = addressOf(place)
  if (shown === null || shown === pageAt(place)) await page.goto(scene.grantry.url + path)
  else await moveTo(page, path)
  await settled()
  shown = pageAt(place)
}

beforeEach(() => {
  seat.complaints.length = 0
})

test('the list of pages is that of the router, and the server serves them and no others', async () => {
  const source = await readFile(new URL('../../packages/console/src/pages.tsx', import.meta.url), 'utf8')
  const routed = [...source.matchAll(/\bpage\(\s*'([^']+)'/g)].map(([, path]) => path)
  expect(Object.keys(pages)).toEqual(routed)
  const first = new Set(routed.map((path) => path!.split('/')[1]!).filter(Boolean))
  expect([...first].sort()).toEqual([...consolePages].sort())
})

/** What does no more than show, whatever it is called. */
const harmless = /^(Copy|Show|Hide|Clear|All|Any|Refresh$|Export$|Try again|Connect this|First|Next|Previous)/

/**
 * What the page offers to do: buttons, links to where something is made, files to be chosen. What opens more of the page is
 * not meant, nor are the rows of events.
 */
const offersOf = (place: string) =>
  page.evaluate<
    string[]
  >(`[...document.querySelectorAll('main button, main a[href*="/new"], main [type=file]')]
    .filter((one) => one.role !== 'tab' && (one.ariaExpanded === null || one.ariaHasPopup) && one.getClientRects().length > 0 && !one.disabled)
    .filter((one) => ${!place.startsWith('/events')} || !one.closest('tbody'))
    .map((one) => (one.ariaLabel ?? one.textContent).trim())`)

/** Where something to change is offered to an owner. */
const changing = ['/connections', '/connections/con_active', '/apps', '/members', '/keys']

describe('a workspace with one of everything, by the worst names', () => {
  beforeAll(() => become('owner'))

  beforeEach(sitAtDesk)

  test.each(places)('%s', async (place) => {
    await open(place)
    await inScheme('light')
    const answer = await seat.context.request.get(page.url())
    expect(answer.status()).toBe(200)
    const policy = answer.headers()['content-security-policy'] ?? ''
    expect(policy).not.toContain('unsafe-inline')
    expect(policy).toMatch(/style-src 'self' 'nonce-[\w+/=]+'/)
    if (changing.includes(place))
      expect((await offersOf(place)).filter((offer) => !harmless.test(offer))).not.toEqual([])
    expect(await page.evaluate('document.title')).toMatch(/^.+ · Grantry$/)
    const faults = [
      ...(await violationsOf(page)),
      ...(await walkByKeyboard(page)),
      ...(await overflowOf(page, [1280, 320, 375])),
    ]
    await page.emulateMedia({ colorScheme: 'dark' })
    await inScheme('dark')
    expect([...faults, ...(await violationsOf(page, 'colours'))]).toEqual([])
    expect(await page.evaluate(`document.querySelectorAll('img[src="x"]').length`)).toBe(0)
    const markup = await page.evaluate<string>('document.documentElement.outerHTML')
    for (const secret of furnished.secrets) expect(markup).not.toContain(secret)
    expect(seat.complaints).toEqual([])
  })

  test('the skip link leads past the navigation', async () => {
    // The focus is where it is after loading.
    shown = null
    await open('/connections')
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the page')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(await page.evaluate("document.activeElement.closest('main') !== null")).toBe(true)
  })
})

describe('an empty workspace', () => {
  beforeAll(() => become('newcomer'))

  test.each(places.filter((place) => !named(place)))('%s', async (place) => {
    await open(place)
    const faults = await overflowOf(page, [1280, 320, 375])
    expect([...faults, ...(await violationsOf(page))]).toEqual([])
    expect(seat.complaints).toEqual([])
  })

  // Of the ids of one kind none is there.
  const absent = new Map(places.filter(named).map((place) => [pageAt(place), place]))
  test.each([...absent.values()])('%s: is not there, and says so', async (place) => {
    await open(place)
    expect(await violationsOf(page)).toEqual([])
    // The browser itself says that an answer was a 404.
    expect(seat.complaints.filter((text) => !/status of 404/.test(text))).toEqual([])
  })
})

describe('a viewer', () => {
  beforeAll(() => become('viewer'))

  // Of their own account they change what they like.
  test.each(places.filter((place) => place !== '/your-account'))(
    '%s: nothing that would change anything',
    async (place) => {
      await open(place)
      expect((await offersOf(place)).filter((offer) => !harmless.test(offer))).toEqual([])
      // Nothing is asked for that is refused: pages know the role.
      expect(seat.complaints).toEqual([])
    },
  )
})
