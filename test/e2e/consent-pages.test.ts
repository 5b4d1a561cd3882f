import { encodeId } from '@grantry/api'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchChromium } from '../support/chromium.ts'
import { addSandboxIntegration, connectAccount } from '../support/connecting.ts'
import { startTestGrantry, type TestGrantry } from '../support/grantry.ts'
import { addClient, addMember, authorizationUrl, type Client } from '../support/partner-app.ts'
import { newPerson, type Person } from './browser.fixture.ts'
import { look } from './look.fixture.ts'

const longName =
  `${'Interdepartmental'.repeat(4)} Automation for Customers and Friends of the Society, Inc.`.slice(0, 120)

let grantry: TestGrantry
let browser: Awaited<ReturnType<typeof launchChromium>>
/** One window: who sits before it is changed by the cookie. */
let person: Person
let session: string
let viewer: string
let partner: Client

beforeAll(async () => {
  grantry = await startTestGrantry()
  browser = await launchChromium()
  person = await newPerson(browser, { reducedMotion: 'reduce' })
  session = (await addMember(grantry)).browser.cookies.get('grantry_session')!
  viewer = (await addMember(grantry, { email: 'vera@example.com', role: 'viewer' })).browser.cookies.get(
    'grantry_session',
  )!
  partner = await addClient(grantry, { redirectUri: `${grantry.url}/healthz`, client_name: 'Acme Reports' })
  await addSandboxIntegration(grantry, 'gmail')
  await connectAccount(grantry, { provider: 'gmail', end_user: { id: 'u_17' } })
})
afterAll(async () => {
  await browser?.close()
  await grantry?.close()
})

async function sit(secret: string) {
  await person.context.clearCookies()
  await person.context.addCookies([{ name: 'grantry_session', value: secret, url: grantry.url }])
  person.complaints.length = 0
}
const everything = 'openid email profile account:read connections:read connections:write mcp:read mcp:write'

const ways: Record<string, (page: Page) => Promise<unknown>> = {
  consent: (page) => page.goto(authorizationUrl(grantry.url, partner, { scope: everything })),
  'consent for what a role does not allow': (page) =>
    page.goto(authorizationUrl(grantry.url, partner, { scope: everything })),
  'consent for a client with a long name': async (page) => {
    const client = await addClient(grantry, {
      client_name: longName,
      client_uri: 'https://example.com/about',
    })
    await page.goto(authorizationUrl(grantry.url, client, { scope: 'account:read' }))
  },
  'consent for a client that registered itself, on this computer': async (page) => {
    const answer = await fetch(`${grantry.url}/oauth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ client_name: 'Some agent', redirect_uris: ['http://127.0.0.1:3334/cb'] }),
    })
    const { client_id } = (await answer.json()) as { client_id: string }
    const client = { id: client_id, secret: null, redirectUri: 'http://127.0.0.1:3334/cb' }
    await page.goto(authorizationUrl(grantry.url, client, { scope: 'mcp:read' }))
  },
  'a client of another workspace': async (page) => {
    const made = await grantry.call(
      'POST',
      '/api/v1/workspaces',
      { name: 'Other' },
      { key: grantry.operatorKey },
    )
    const [, workspace] = /^ws_(.*)$/.exec(made.body.data.id) ?? []
    const row = await grantry.ctx.db
      .selectFrom('workspaces')
      .select('id')
      .where('name', '=', 'Other')
      .orderBy('created_at', 'desc')
      .executeTakeFirstOrThrow()
    expect(encodeId('ws', row.id)).toBe(`ws_${workspace}`)
    await page.goto(authorizationUrl(grantry.url, await addClient(grantry, { workspace: row.id })))
  },
  'an unknown client': (page) =>
    page.goto(
      authorizationUrl(grantry.url, { id: 'cli_nothing', secret: null, redirectUri: 'https://x.example/' }),
    ),
  'a return address that is not registered': (page) =>
    page.goto(authorizationUrl(grantry.url, { ...partner, redirectUri: 'https://evil.example/' })),
  'a request that is over': (page) => page.goto(`${grantry.url}/oauth/interaction/nothing`),
  'the code of a device': (page) => page.goto(`${grantry.url}/oauth/device`),
  'a wrong code of a device': async (page) => {
    await page.goto(`${grantry.url}/oauth/device`)
    await page.getByRole('textbox').fill('WRONG')
    await page.getByRole('button').click()
  },
  'is this your device': (page) => confirmDevice(page),
  'a device that is connected': async (page) => {
    await confirmDevice(page)
    await page.getByRole('button', { name: 'Yes, continue' }).click()
    await page.getByRole('button', { name: 'Allow', exact: true }).click()
    await page.getByRole('heading', { name: 'Grantry CLI is connected.' }).waitFor()
  },
}

async function confirmDevice(page: Page) {
  const client = await addClient(grantry, {
    client_name: 'Grantry CLI',
    redirect_uris: [],
    response_types: [],
    grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
    application_type: 'native',
  })
  const answer = await fetch(`${grantry.url}/oauth/device_authorization`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: client.id, scope: 'account:read' }),
  })
  const { user_code } = (await answer.json()) as { user_code: string }
  await page.goto(`${grantry.url}/oauth/device`)
  await page.getByRole('textbox').fill(user_code)
  await page.getByRole('button').click()
}

test.each(Object.keys(ways))('%s: reads well in light and dark, on a phone and a desk', async (way) => {
  await sit(way.includes('role') ? viewer : session)
  await ways[way]!(person.page)
  await person.page.getByRole('heading', { level: 1 }).waitFor()
  await look(person.page, way)
  expect(person.complaints.filter((text) => !/the server responded with a status of 4/.test(text))).toEqual(
    [],
  )
})

test('a person allows an app one account of two, in a real browser, and is sent back with a code', async () => {
  await sit(session)
  const { page } = person
  await page.goto(authorizationUrl(grantry.url, partner, { scope: 'connections:read', prompt: 'consent' }))
  await page.getByRole('checkbox').first().check()
  await page.getByRole('button', { name: 'Allow', exact: true }).click()
  await page.waitForURL(/\/healthz\?code=gac_/)
  expect(new URL(page.url()).searchParams.get('state')).toBe('the-state')
})
