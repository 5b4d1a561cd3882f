import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { connectAccount, consent } from '../support/connecting.ts'
import {
  beginAt,
  changeWorkspace,
  newPerson,
  openStage,
  type Person,
  press,
  type Stage,
} from './browser.fixture.ts'
import { look } from './look.fixture.ts'

const words = `The Most Honourable Society of ${'Interdepartmental'.repeat(4)} Customers and Friends`
const name = words.padEnd(120, 's').slice(0, 120)
const email = `${'a-very-long-name-without-a-break'.repeat(2).slice(0, 60)}@${'subdomain.'.repeat(8)}example.com`

/** One black pixel. */
const logo =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=='

let stage: Stage
/** One window, in which somebody new sits before each test: all that is known of somebody is in cookies. */
let person: Person
beforeAll(async () => {
  stage = await openStage()
  person = await newPerson(stage.browser, { reducedMotion: 'reduce' })
  // A colour on which white cannot be read, nor it on white.
  await changeWorkspace(stage.grantry, { name, color: '#ffd400', logo })
})
afterAll(() => stage?.close())
beforeEach(async () => {
  await person.context.clearCookies()
  person.complaints.length = 0
})

const someone = { end_user: { id: 'u_17', email }, access_type: 'write' }

/** Ways to every page that people meet; each leaves the browser there. */
const ways = {
  confirm: (page) => returnWith(page, someone),
  'confirm for the workspace itself': (page) => returnWith(page, { end_user: undefined }),
  'confirm with unknown scopes': (page) =>
    returnWith(page, { provider: 'pipedrive', scopes: ['goals:read'] }),
  'confirm opened twice': async (page) => {
    await returnWith(page, someone)
    await page.reload()
  },
  done: async (page) => {
    await returnWith(page, someone)
    await press(page, 'Connect')
  },
  'done, opened again': async (page) => {
    await returnWith(page, someone)
    await press(page, 'Connect')
    await page.goto(`${stage.grantry.url}/connect/confirm`)
  },
  'not me': async (page) => {
    await returnWith(page, someone)
    await press(page, 'Not me')
  },
  'almost done': (page) => returnWith(page, { ...someone, binding: 'finish', origin: stage.site.origin }),
  cancelled: (page) => returnWith(page, someone, { deny: true }),
  'code expired': async (page) => {
    await returnWith(page, someone)
    stage.grantry.clock.advance(400)
    await press(page, 'Connect')
  },
  'client secret refused': (page) => exchangeFailing(page, { fault: 'error', error: 'invalid_client' }),
  'redirect URI unknown': (page) => exchangeFailing(page, { fault: 'error', error: 'redirect_uri_mismatch' }),
  'provider down': (page) => exchangeFailing(page, { fault: 'status', status: 503 }),
  'provider answers a page': (page) => exchangeFailing(page, { fault: 'html', status: 200 }),
  'long words of the provider': (page) =>
    exchangeFailing(page, {
      fault: 'error',
      error: 'a_code_of_its_own',
      error_description: `${'x'.repeat(150)} <script>alert(1)</script> & more`,
    }),
  'wrong state': (page) =>
    page.goto(`${stage.grantry.url}/api/v1/credentials/auth/callback/gmail?code=a&state=b`),
  'no state': (page) => page.goto(`${stage.grantry.url}/api/v1/credentials/auth/callback/gmail`),
  'state expired': async (page) => {
    const session = await beginAt(stage, someone)
    const callback = await consent(stage.grantry, session.connect_url)
    stage.grantry.clock.advance(601)
    await page.goto(callback)
  },
  'pick one': async (page) => {
    const session = await beginAt(stage, {
      ...someone,
      provider: undefined,
      providers: ['gmail', 'pipedrive'],
    })
    await page.goto(session.connect_url)
  },
  'my accounts': (page) => manage(page),
  'my accounts, after reconnecting': async (page) => {
    await manage(page)
    await press(page, 'Reconnect Gmail')
    await press(page, 'Allow')
    await press(page, 'Connect')
  },
  disconnect: async (page) => {
    await manage(page)
    await page.getByRole('link', { name: 'Disconnect Gmail' }).first().click()
  },
  disconnected: async (page) => {
    await manage(page)
    await page.getByRole('link', { name: 'Disconnect Gmail' }).first().click()
    await press(page, 'Disconnect')
  },
  'my accounts, closed': async (page) => {
    await manage(page)
    await press(page, 'Close this page')
  },
  'unknown link': (page) => page.goto(`${stage.grantry.url}/connect/gst_nothing`),
  'expired link': async (page) => {
    const session = await beginAt(stage, someone)
    stage.grantry.clock.advance(1801)
    await page.goto(session.connect_url)
  },
  'used link': async (page) => {
    const session = await beginAt(stage, someone)
    await page.goto(await consent(stage.grantry, session.connect_url))
    await press(page, 'Connect')
    await page.goto(session.connect_url)
  },
} satisfies Record<string, (page: Page) => Promise<unknown>>

/** What failures are called, where a page's looks would not tell one from another. */
const said: Partial<Record<keyof typeof ways, string>> = {
  'client secret refused': 'Gmail refused the client id or the client secret.',
  'redirect URI unknown': 'Gmail does not know the address that it should send people back to.',
  'provider down': 'Gmail is busy or down at the moment.',
  'provider answers a page': 'Gmail did not answer as an OAuth 2.0 server does.',
  'code expired': 'It took too long, and the authorization has expired.',
  cancelled: 'Access to Gmail was not given.',
}

test.each(Object.keys(ways) as (keyof typeof ways)[])(
  '%s: reads well in light and dark, on a phone and a desk',
  async (way) => {
    const { page } = person
    await ways[way](page)
    await page.getByRole('heading', { level: 1 }).waitFor()
    if (said[way]) expect(await page.getByRole('heading').textContent()).toBe(said[way])
    await look(page, way)
    expect(person.complaints.filter((text) => !/the server responded with a status of 4/.test(text))).toEqual(
      [],
    )
  },
)

test('too many visits: says for how long to wait', async () => {
  const { grantry } = stage
  const visit = () => grantry.call('GET', '/connect/gst_nothing', undefined, { key: null })
  while ((await visit()).status !== 429);
  // So that no visit is earned before the browser gets there.
  grantry.clock.advance(-30)
  await person.page.goto(`${grantry.url}/connect/gst_nothing`)
  expect(await person.page.getByRole('heading').textContent()).toBe('Too many requests.')
  expect(await person.page.locator('.lead').textContent()).toMatch(/Try again in \d+ s\.$/)
  await look(person.page, 'too many visits')
})

async function manage(page: Page) {
  await connectAccount(stage.grantry, { provider: 'gmail', end_user: { id: 'u_manages', email } })
  const made = await stage.grantry.call('POST', '/api/v1/manage-links', { end_user: { id: 'u_manages' } })
  await page.goto(made.body.data.url)
}

async function returnWith(page: Page, body: Record<string, unknown>, wish?: { deny: boolean }) {
  const session = await beginAt(stage, body)
  await page.goto(await consent(stage.grantry, session.connect_url, wish))
}

async function exchangeFailing(page: Page, fault: Record<string, unknown>) {
  await returnWith(page, someone)
  const { control } = stage.grantry.sandbox!
  control.fault({ endpoint: 'token', times: 'forever', ...fault } as Parameters<typeof control.fault>[0])
  await press(page, 'Connect')
  control.clearFaults()
}
