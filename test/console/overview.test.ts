import { afterAll, beforeAll, expect, test } from 'vitest'
import { addSandboxIntegration } from '../support/connecting.ts'
import { openScene, type Scene, type Seat, soon } from './console.fixture.ts'

let scene: Scene
let seat: Seat
beforeAll(async () => {
  scene = await openScene()
  seat = await scene.open()
})
afterAll(() => scene.close())

test('the first run leads to a first connection and its token, at the provider’s real consent page', async () => {
  const { grantry } = scene
  const { page } = seat
  const steps = page.getByRole('list', { name: 'Steps to a first connection' }).getByRole('listitem')
  await steps.first().waitFor()
  expect(await steps.getByRole('heading').allTextContents()).toEqual([
    'Add an integration',
    'Connect an account',
    'Read its token',
  ])
  await steps.first().getByRole('link', { name: 'Add an integration' }).waitFor()

  await addSandboxIntegration(grantry, 'gmail', { label: 'Gmail of customers' })
  await page.reload()
  await steps.first().getByText('done').waitFor()
  await steps.nth(1).getByRole('link', { name: 'Connect an account' }).click()

  await page.getByLabel('Id of the end user').fill('u_17')
  await page.getByLabel('E-mail (optional)').fill('ada@example.com')
  await page.getByRole('radio', { name: 'Reading', exact: true }).check()
  await page.getByText('Read your emails, attachments and labels.').first().waitFor()
  await page.getByRole('button', { name: 'Make the link' }).click()
  await page.getByText('Waiting for somebody to open the link for Gmail.').waitFor()
  await page.getByRole('img', { name: 'QR code of the connect link for Gmail' }).waitFor()
  const opened = seat.context.waitForEvent('page')
  await page.getByRole('link', { name: 'Connect my own account now' }).click()
  const window = await opened
  await window.getByRole('checkbox').first().uncheck()
  await page.getByText('The link was opened. Waiting for the person to allow access at Gmail.').waitFor()
  await window.getByRole('button', { name: 'Allow', exact: true }).click()
  await window.getByRole('button', { name: 'Connect', exact: true }).click()
  await window.getByRole('heading', { name: 'Gmail is connected to default.' }).waitFor()
  await window.close()

  await page.getByText('Gmail is connected', { exact: true }).waitFor()
  await page.getByRole('link', { name: 'Show the connection' }).click()
  await page.getByRole('heading', { level: 1, name: 'ada@example.com' }).waitFor()
  await page.getByText('1 of what was asked for was not given.').waitFor()

  await page.getByRole('link', { name: 'Overview' }).click()
  const command = steps.nth(2).locator('pre')
  const [connection] = (await grantry.call('GET', '/api/v1/connections')).body.data
  await expect.poll(() => command.textContent(), soon).toContain(`/api/v1/connections/${connection.id}/token`)
  const [, header, address] = (await command.textContent())!.match(/^curl -H "(.*)" (\S+)$/)!
  expect(header).toBe('Authorization: Bearer YOUR_API_KEY')
  const read = await grantry.call('GET', address!)
  expect(read.status).toBe(200)
  await page.reload()
  await page.getByRole('heading', { name: 'Recent events' }).waitFor()
  await page.getByText('Access token read').waitFor()
  expect(await steps.count()).toBe(0)
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Overview')
  expect(leftFor(grantry.sandbox!.url)).toEqual([])
})

test('it tells how connections stand and which are to be connected again, each with its way on', async () => {
  const { grantry } = scene
  const { page } = seat
  const [connection] = (await grantry.call('GET', '/api/v1/connections')).body.data
  grantry.sandbox!.control.revokeGrant({ provider: 'gmail', account: 'ada@example.com' })
  await grantry.call('POST', `/api/v1/connections/${connection.id}/refresh`)
  await page.reload()
  await page.getByRole('heading', { name: '1 has stopped' }).waitFor()
  const charts = page.getByRole('figure', { includeHidden: true })
  await expect.poll(() => charts.count(), soon).toBeGreaterThan(0)
  const [figures] = (await grantry.call('GET', '/api/v1/overview/refreshes')).body.data.figures
  expect(figures.refused).toBeGreaterThan(0)
  await page
    .getByRole('region', { name: 'Refreshes' })
    .getByText(/^0% of \d+ refresh/)
    .waitFor()
  const rows = page.getByRole('table', { name: 'Refreshes by hour' }).getByRole('row')
  expect((await rows.nth(1).getByRole('cell').allTextContents()).slice(0, 4)).toEqual(
    [figures.stored, figures.refused, figures.transient, figures.uncertain].map(String),
  )
  await page.getByText('Figures', { exact: true }).click()
  await expect.poll(() => charts.count(), soon).toBe(0)
  await page.getByRole('link', { name: '1 Connect again' }).click()
  await page.waitForURL('**/connections?status=needs_reauth')
  const list = page.getByRole('table', { name: 'Connections' })
  await list.getByRole('link', { name: 'ada@example.com' }).click()
  await page.getByRole('alert').getByText('The grant at Gmail has ended.').waitFor()
  await seat.leave()
})

/** What was complained of; that the window in which the account was connected went to the provider is no complaint. */
function leftFor(provider: string): string[] {
  const others = seat.complaints.filter((text) => !text.startsWith(`asked ${provider}`))
  seat.complaints.length = 0
  return others
}
