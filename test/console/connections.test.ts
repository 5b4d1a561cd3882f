import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addSandboxIntegration, confirmPage, connectAccount, consent } from '../support/connecting.ts'
import { openScene, type Scene, type Seat, soon } from './console.fixture.ts'

const inert = '<img src=x onerror="document.title=\'owned\'">'

let scene: Scene
let seat: Seat
let gmail: string
beforeAll(async () => {
  scene = await openScene()
  gmail = (await addSandboxIntegration(scene.grantry, 'gmail', { label: `Gmail ${inert}` })).id
  await addSandboxIntegration(scene.grantry, 'pipedrive', { label: 'Pipedrive of customers' })
})
afterAll(() => scene.close())

const rows = () => seat.page.getByRole('table', { name: 'Connections' }).locator('tbody tr[aria-rowindex]')
const names = () => rows().locator('td:first-child').allTextContents()

test('where there is no connection, the list says how one comes to be', async () => {
  seat = await scene.open('/connections')
  await seat.page.getByRole('heading', { name: 'There is no connection yet' }).waitFor()
  await seat.page.getByRole('link', { name: 'Connect an account' }).last().click()
  await seat.page.waitForURL('**/connections/new')
})

test('what the server finds wrong with a link is told at its field', async () => {
  const { page } = seat
  await page.getByRole('button', { name: 'Make the link' }).click()
  await page.getByText('Say by which id you know this person.').waitFor()
  await page.getByLabel('Id of the end user').fill('u_1')
  await page.getByLabel('Return address (optional)').fill('https://elsewhere.example/')
  await page.getByRole('button', { name: 'Make the link' }).click()
  await expect
    .poll(() => page.getByLabel('Return address (optional)').getAttribute('aria-invalid'), soon)
    .toBe('true')
  expect(seat.complaints.splice(0)).toEqual([expect.stringContaining('422')])
})

test('filters and the search stand in the address, and names from outside are text', async () => {
  const { grantry } = scene
  const { page } = seat
  for (const [provider, id, account, display_name] of [
    ['gmail', 'u_1', 'ada@example.com', inert],
    ['gmail', 'u_2', 'grace@example.com', 'x'.repeat(120)],
    ['pipedrive', 'u_1', 'ada@example.com', undefined],
  ] as const)
    await connectAccount(
      grantry,
      { provider, end_user: { id, ...(display_name && { display_name }) } },
      account,
    )
  await page.goto(`${grantry.url}/connections`)
  await expect.poll(names, soon).toEqual(['Ada Lovelace', 'grace@example.com', 'ada@example.com'])
  await page.getByText(inert, { exact: true }).waitFor()
  await page.getByText(`Gmail ${inert}`).first().waitFor()
  await page.getByLabel('Search by account or end user').fill('GRACE')
  await page.waitForURL('**/connections?q=GRACE')
  await expect.poll(names, soon).toEqual(['grace@example.com'])
  await page.getByLabel('Search by account or end user').fill('')
  await page.getByRole('combobox', { name: 'Integration' }).fill('of customers')
  await page.getByRole('option', { name: 'Pipedrive of customers' }).click()
  await page.waitForURL('**/connections?integration=int_*')
  await expect.poll(names, soon).toEqual(['Ada Lovelace'])
  await page.goto(`${grantry.url}/connections?end_user=u_1&provider=gmail&status=active`)
  await expect.poll(names, soon).toEqual(['ada@example.com'])
  expect(await page.getByRole('combobox', { name: 'Status' }).inputValue()).toBe('Active')
  await page.goto(`${grantry.url}/connections?status=revoked`)
  await page.getByRole('heading', { name: 'No connection fits' }).waitFor()
  await page.getByRole('button', { name: 'Show all connections' }).click()
  await expect.poll(names, soon).toHaveLength(3)
  expect(await page.title()).toBe('Connections · Grantry')
})

test('one connection: its facts, its tokens renewed now, and what happened, in words', async () => {
  const { page } = seat
  await page.getByRole('link', { name: 'ada@example.com' }).click()
  await page.getByRole('heading', { level: 1, name: 'ada@example.com' }).waitFor()
  await page.getByText('All that was asked for was given.').waitFor()
  await page.getByText(inert, { exact: true }).waitFor()
  const id = page.url().split('/').at(-1)!
  for (let i = 0; i < 3; i++) await scene.grantry.call('GET', `/api/v1/connections/${id}/token`)
  await page.getByRole('button', { name: 'Refresh now' }).click()
  await page.getByText('New tokens came. The access token works until').waitFor()
  const timeline = page.getByRole('region', { name: 'What has happened' }).getByRole('listitem')
  await expect
    .poll(async () => (await timeline.locator('p:first-of-type').allTextContents()).slice(0, 4), soon)
    .toEqual(['Refresh brought tokens', 'Access token read, 3 times', 'Connected', 'Consent brought tokens'])
  scene.grantry.sandbox!.control.fault({ fault: 'status', status: 503, endpoint: 'token', times: 'forever' })
  await page.getByRole('button', { name: 'Refresh now' }).click()
  await page.getByRole('alert').getByText('The provider gave no new token').waitFor()
  await page.getByText('Refresh brought no tokens; the grant is untouched').first().waitFor()
  scene.grantry.sandbox!.control.clearFaults()
  expect([...new Set(seat.complaints.splice(0))]).toEqual([expect.stringContaining('502')])
})

test('a grant that has ended is renewed by a link, and the page follows it', async () => {
  const { grantry } = scene
  const { page } = seat
  const id = page.url().split('/').at(-1)!
  grantry.sandbox!.control.revokeGrant({ provider: 'gmail', account: 'ada@example.com' })
  await page.getByRole('button', { name: 'Refresh now' }).click()
  await page.getByText('The provider gave no new tokens and ended the grant').waitFor()
  await page.getByText('Send the end user a link to connect this account again.').first().waitFor()
  await page.getByRole('button', { name: 'Connect again' }).click()
  const dialog = page.getByRole('dialog', { name: 'Connect again' })
  await dialog.getByRole('button', { name: 'Make the link' }).click()
  const callback = await consent(grantry, (await dialog.locator('pre').textContent())!)
  const confirm = await grantry.call('GET', callback, undefined, { key: null })
  await confirmPage(grantry, confirm.text, 'connect')
  await dialog.getByText('Gmail is connected', { exact: true }).waitFor()
  await dialog.getByRole('button', { name: 'Close' }).click()
  await page.getByText('Connected again').first().waitFor()
  const { body } = await grantry.call('GET', `/api/v1/connections/${id}`)
  expect(body.data.status).toBe('active')
})

test('ending asks for a word, and says what the provider answered', async () => {
  const { grantry } = scene
  const { page } = seat
  const sibling = await connectAccount(grantry, { integration: gmail, end_user: { id: 'u_9' } })
  const end = async (path: string) => {
    await page.goto(`${grantry.url}${path}`)
    await page.getByRole('button', { name: 'End the connection' }).click()
    const dialog = page.getByRole('dialog', { name: 'End the connection?' })
    expect(await dialog.getByRole('button', { name: 'End the connection' }).isDisabled()).toBe(true)
    await dialog.getByLabel('Type end to confirm').fill('end')
    await dialog.getByRole('button', { name: 'End the connection' }).click()
    await dialog.waitFor({ state: 'detached' })
  }
  await end(`/connections/${sibling.id}`)
  await page.getByText('because other connections of the same account live on it').waitFor()
  expect(await page.getByRole('button', { name: 'Connect again' }).count()).toBe(0)
  const [last] = (await grantry.call('GET', '/api/v1/connections?end_user=u_2')).body.data
  await end(`/connections/${last.id}`)
  await page.getByText('Its tokens are destroyed, and Gmail has ended the grant.').waitFor()
  await addSandboxIntegration(grantry, 'jira')
  const jira = await connectAccount(grantry, { provider: 'jira', end_user: { id: 'u_3' } })
  await end(`/connections/${jira.id}`)
  await page.getByText('Jira has no way to end a grant from outside').waitFor()
  const { body } = await grantry.call('GET', `/api/v1/connections/${last.id}`)
  expect(body.data.status).toBe('revoked')
})

test('a hundred thousand rows: only those that can be seen are drawn, however far down', async () => {
  const { db } = scene.grantry.ctx
  const { page } = seat
  const above = (await db.selectFrom('connections').select('id').execute()).length
  const [model] = await db.selectFrom('connections').selectAll().orderBy('id').limit(1).execute()
  const columns = Object.keys(model!).filter(
    (name) => !['id', 'identity', 'end_user_id', 'end_user_name'].includes(name),
  )
  const same = sql.join(columns.map((name) => sql.ref(name)))
  // Ids begin with the time, so that these are older than all others, the first the newest.
  await sql`
    insert into connections (id, identity, end_user_id, ${same})
    with recursive number (n) as (select 0 union all select n + 1 from number where n < 99999)
    select printf('0000%04x-%04x-7000-8000-000000000000', (99999 - n) >> 16, (99999 - n) & 65535), printf('many %d', n),
      printf('many_%d', n), ${same}
    from number, (select * from connections where id = ${model!.id})`.execute(db)
  await page.goto(`${scene.grantry.url}/connections`)
  await rows().first().waitFor()
  const scroller = page.getByRole('region', { name: 'Connections' })
  const drawn: number[] = []
  const toTheEnd = async () => {
    // biome-ignore lint/suspicious/noExplicitAny: an element of the page, where there are no types of it
    await scroller.evaluate((node: any) => node.scrollTo(0, node.scrollHeight))
    drawn.push(await rows().count())
    return Number(await rows().last().getAttribute('aria-rowindex'))
  }
  await expect.poll(toTheEnd, { ...soon, interval: 5 }).toBeGreaterThan(1_000)
  expect(Math.max(...drawn)).toBeLessThan(80)
  // biome-ignore lint/suspicious/noExplicitAny: as above
  await scroller.evaluate((node: any) => node.scrollTo(0, 800 * 40))
  const row = rows().filter({ hasText: /many_800(?!\d)/ })
  // The head counts, and those of the tests before are above.
  await expect.poll(() => row.getAttribute('aria-rowindex'), soon).toBe(`${800 + above + 2}`)
  const head = await page.getByRole('columnheader', { name: 'Account' }).boundingBox()
  const frame = await scroller.boundingBox()
  expect(head!.y - frame!.y).toBeLessThan(2)
  await seat.leave()
})
