import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  changeWorkspace,
  newPerson,
  openPopup,
  openStage,
  press,
  type Stage,
} from '../e2e/browser.fixture.ts'

// Kambrium's two patterns in a real browser: the popup with its message listeners (the page that the customer's site
// serves at /popup is the document's snippet), and the redirect of the whole window.
let stage: Stage
beforeAll(async () => {
  stage = await openStage()
  await changeWorkspace(stage.grantry, {
    allowed_origins: [stage.site.origin],
    return_urls: [stage.site.returnTo],
  })
})
afterAll(() => stage?.close())

async function create(body: Record<string, unknown> = {}) {
  const { grantry, site } = stage
  const answer = await grantry.call('POST', '/api/v1/mcp-servers', {
    mcp_server: 'pipedrive',
    access_type: 'write',
    auth_method: 'oauth',
    ...body,
  })
  expect(answer.status).toBe(201)
  const server = answer.body.data
  site.connecting = {
    url: server.authorization_url,
    sessionId: '',
    connectToken: server.connect_token,
    grantry: grantry.url,
  }
  return server
}
const statusOf = async (id: string) =>
  (await stage.grantry.call('GET', `/api/v1/mcp-servers/${id}`)).body.data.status

test('popup: oauth_success with the provider’s name; the page closes it and reloads; the server is active', async () => {
  const server = await create()
  const person = await newPerson(stage.browser)
  const popup = await openPopup(stage, person, '/popup')
  await press(popup, 'Allow')
  await popup.getByRole('heading', { name: /Connect your Pipedrive account/ }).waitFor()
  const reloaded = person.page.waitForEvent('load')
  const closed = popup.waitForEvent('close')
  await press(popup, 'Connect')
  await Promise.all([closed, reloaded])
  expect(person.messages.map(({ data }) => data)).toMatchObject([
    { type: 'oauth_success', providerName: 'Pipedrive' },
  ])
  expect(await statusOf(server.id)).toBe('active')
  await person.leave([server.connect_token])
})

test('popup: oauth_error with access_denied when the person cancels', async () => {
  const server = await create()
  const person = await newPerson(stage.browser)
  const popup = await openPopup(stage, person, '/popup')
  await press(popup, 'Cancel')
  await expect
    .poll(() => person.messages.map(({ data }) => data))
    .toMatchObject([{ type: 'oauth_error', error: 'access_denied', providerName: 'Pipedrive' }])
  expect(await statusOf(server.id)).toBe('pending')
})

test('redirect: the whole window goes and comes back to the customer’s address with code and state', async () => {
  const server = await create({ return_to: stage.site.returnTo, state: 'their-own' })
  const person = await newPerson(stage.browser)
  await person.page.goto(server.authorization_url)
  await press(person.page, 'Allow')
  await press(person.page, 'Connect')
  await person.page.waitForURL(stage.site.landing)
  const { searchParams } = stage.site.returned.at(-1)!.url
  expect(searchParams.get('state')).toBe('their-own')
  expect(searchParams.get('code')).toMatch(/^gfc_/)
  expect(await statusOf(server.id)).toBe('active')
})
