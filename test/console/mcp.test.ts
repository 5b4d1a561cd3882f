import { afterAll, beforeAll, expect, test } from 'vitest'
import { addSandboxIntegration, confirmPage, connectAccount, consent } from '../support/connecting.ts'
import { inviteAndJoin, openBrowser, signIn } from '../support/members.ts'
import { cookiesOf, moveTo, openScene, type Scene, type Seat, sit } from './console.fixture.ts'

let scene: Scene
let seat: Seat
/** Id of the connection that the servers stand on. */
let connection: string
beforeAll(async () => {
  scene = await openScene()
  const { grantry } = scene
  await addSandboxIntegration(grantry, 'gmail')
  const made = await connectAccount(grantry, {
    provider: 'gmail',
    access_type: 'write',
    end_user: { id: 'u_17' },
  })
  connection = made.id
  seat = await scene.open('/mcp-servers')
})
afterAll(() => scene.close())

test('an MCP server is made over a connected account, from the empty list on', async () => {
  const { page } = seat
  await page.getByRole('heading', { name: 'There is no MCP server yet' }).waitFor()
  await page.getByRole('link', { name: 'New MCP server' }).first().click()
  await page.getByRole('button', { name: 'Make MCP server' }).click()
  await page.getByText('Choose the account that the tools are to work with.').waitFor()
  await page.getByRole('combobox', { name: 'Account' }).fill('u_17')
  await page.getByRole('option', { name: /ada@example\.com · gmail/ }).click()
  await page.getByRole('radio', { name: 'Read and write' }).check()
  await page.getByRole('button', { name: 'Make MCP server' }).click()
  await page.waitForURL('**/mcp-servers/mcp_*')
  await page.getByRole('heading', { level: 1, name: 'Gmail #1' }).waitFor()
  await page.getByText('Reading and writing').waitFor()
  await page.getByRole('link', { name: 'ada@example.com' }).waitFor()
})

test('its tools say what they do, and one that reads shows the mail', async () => {
  const { page } = seat
  const search = page.getByRole('button', { name: 'Search messages search_messages Reads' })
  await search.click()
  await page.getByRole('button', { name: 'Run search_messages' }).waitFor()
  // What is wrong with the form is told there, and nothing is sent.
  await page.getByRole('textbox', { name: 'label_ids' }).fill('INBOX')
  await page.getByRole('button', { name: 'Run search_messages' }).click()
  await page.getByText('This is no JSON.').waitFor()
  await page.getByRole('textbox', { name: 'label_ids' }).fill('')
  await page.getByRole('textbox', { name: 'query' }).fill('subject:invoice')
  await page.getByRole('textbox', { name: 'limit' }).fill('1')
  await page.getByRole('button', { name: 'Run search_messages' }).click()
  const answer = page.locator('pre', { hasText: 'message_id' })
  await answer.waitFor()
  expect(JSON.parse((await answer.textContent())!)).toMatchObject({
    messages: [{ subject: expect.stringMatching(/invoice/i) }],
  })
  // What the server finds wrong is told in its words.
  await page.getByRole('textbox', { name: 'limit' }).fill('1000')
  await page.getByRole('button', { name: 'Run search_messages' }).click()
  await page.getByText('"limit" must be <= 50. Nothing was sent.').waitFor()
  await search.click()
})

test('one that may remove something asks first', async () => {
  const { page } = seat
  await page.getByRole('button', { name: /modify_labels Overwrites or removes/ }).click()
  await page.getByRole('textbox', { name: 'message_ids' }).fill('["1"]')
  await page.getByRole('button', { name: 'Run modify_labels' }).click()
  const dialog = page.getByRole('dialog', { name: 'Run modify_labels?' })
  await dialog.waitFor()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  const { body } = await scene.grantry.call('GET', '/api/v1/events?type=proxy.called')
  const ran = body.data.map(({ data }: { data: { tool: string } }) => data.tool)
  expect(new Set(ran)).toEqual(new Set(['search_messages']))
})

test('what clients are told has the address, and a placeholder where a key belongs', async () => {
  const { page } = seat
  const id = page.url().split('/').at(-1)
  const config = page.locator('section', { has: page.getByRole('heading', { name: 'Connect a client' }) })
  expect(await config.locator('pre').textContent()).toBe(
    `claude mcp add --transport http grantry-gmail ${scene.grantry.url}/mcp/${id}`,
  )
  await config.getByText('An API key', { exact: true }).click()
  await config.getByRole('tab', { name: 'VS Code' }).click()
  expect(JSON.parse((await config.locator('pre').textContent())!)).toEqual({
    servers: {
      'grantry-gmail': {
        type: 'http',
        url: `${scene.grantry.url}/mcp/${id}`,
        headers: { Authorization: 'Bearer YOUR_API_KEY' },
      },
    },
  })
})

test('a server is made with the link that its account is to be connected by', async () => {
  const { grantry } = scene
  const { page } = seat
  await moveTo(page, '/mcp-servers/new')
  await page.getByText('New account', { exact: true }).click()
  await page.getByRole('button', { name: 'Make server and link' }).click()
  await page.getByText('Say by which id you know this person.').waitFor()
  await page.getByLabel('Id of the end user').fill('u_18')
  await page.getByRole('button', { name: 'Make server and link' }).click()
  const link = (await page.locator('pre').textContent())!
  await page.getByText('Waiting for somebody to open the link for Gmail.').waitFor()
  const back = await grantry.call('GET', await consent(grantry, link), undefined, { key: null })
  await confirmPage(grantry, back.text, 'connect')
  await page.getByText('Gmail is connected').waitFor()
  await page.getByRole('link', { name: 'Show the MCP server' }).click()
  await page.getByRole('heading', { level: 1, name: 'Gmail #2' }).waitFor()
  await page.getByText('Active').waitFor()
  await moveTo(page, '/mcp-servers?end_user=u_17')
  await page.getByRole('link', { name: 'Gmail #1' }).click()
  await page.getByRole('heading', { level: 1, name: 'Gmail #1' }).waitFor()
})

test('an account that is to be connected again is said so, with the way to it', async () => {
  const { grantry } = scene
  const { page } = seat
  grantry.sandbox!.control.revokeGrant({ provider: 'gmail', account: 'ada@example.com' })
  await grantry.call('POST', `/api/v1/connections/${connection}/refresh`)
  await page.reload()
  await page.getByText('The account needs to be connected again').waitFor()
  await page.getByRole('button', { name: /search_messages/ }).click()
  await page.getByRole('button', { name: 'Run search_messages' }).click()
  await page.getByText('must be connected again', { exact: false }).first().waitFor()
  const link = page.getByRole('link', { name: 'open it yourself' })
  expect(await link.getAttribute('href')).toMatch(new RegExp(`^${grantry.url}/connect/gst_`))
  expect(seat.complaints.splice(0)).toEqual([expect.stringContaining('409')])
})

test('a viewer sees the tools and runs none, and makes and deletes no server', async () => {
  const { grantry, browser } = scene
  const owner = openBrowser(grantry)
  await signIn(owner, 'ada@example.com', 'correct horse battery')
  const viewer = await inviteAndJoin(grantry, owner, { email: 'viewer@example.com', role: 'viewer' })
  const { page, context, leave } = await sit(browser, grantry.url)
  await context.addCookies(cookiesOf(viewer.browser, grantry.url))
  await page.goto(seat.page.url())
  await page.getByRole('button', { name: /send_message Changes/ }).click()
  await page.getByText('Your role may see what this tool takes, and not run it').waitFor()
  expect(await page.getByRole('textbox', { name: 'subject' }).isDisabled()).toBe(true)
  expect(await page.getByRole('button', { name: /^Run|Delete MCP server|Connect the account/ }).count()).toBe(
    0,
  )
  await page.getByRole('link', { name: 'All MCP servers' }).click()
  await page.getByRole('link', { name: 'Gmail #1' }).waitFor()
  expect(await page.getByRole('link', { name: 'New MCP server' }).count()).toBe(0)
  await leave()
})

test('it is deleted when its name is typed; the connection stays', async () => {
  const { page } = seat
  await page.getByRole('button', { name: 'Delete MCP server' }).click()
  const dialog = page.getByRole('dialog')
  const confirm = dialog.getByRole('button', { name: 'Delete MCP server' })
  expect(await confirm.isDisabled()).toBe(true)
  await dialog.getByLabel('Type Gmail to confirm').fill('Gmail')
  await confirm.click()
  await page.getByRole('link', { name: 'Gmail #2' }).waitFor()
  expect(await page.getByRole('link', { name: 'Gmail #1' }).count()).toBe(0)
  const { body } = await scene.grantry.call('GET', `/api/v1/connections/${connection}`)
  expect(body.data.status).not.toBe('revoked')
  await seat.leave()
})
