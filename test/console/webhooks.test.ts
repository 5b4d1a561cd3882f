import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Receiver, startReceiver } from '../../packages/server/src/webhooks/receiver.fixture.ts'
import { addPlainIntegration, importTokens } from '../support/importing.ts'
import { openScene, type Scene, type Seat } from './console.fixture.ts'

let scene: Scene
let seat: Seat
let receiver: Receiver
beforeAll(async () => {
  receiver = await startReceiver()
  scene = await openScene({ env: { GRANTRY_EGRESS_ALLOW: receiver.address } })
  seat = await scene.open('/webhooks')
})
afterAll(async () => {
  await scene.close()
  await receiver.close()
})

const dialog = (name: string) => seat.page.getByRole('dialog', { name, exact: true })

test('an address that may not be called is refused at its field', async () => {
  const { page } = seat
  await page.getByRole('heading', { name: 'No webhook endpoints' }).waitFor()
  await page.getByRole('button', { name: 'New endpoint' }).click()
  await page.getByLabel('Address').fill('https://169.254.169.254/hook')
  await page.getByRole('button', { name: 'Make endpoint' }).click()
  await expect.poll(() => page.getByLabel('Address').getAttribute('aria-invalid')).toBe('true')
  expect(seat.complaints.splice(0)).toEqual([expect.stringContaining('422')])
})

test('an endpoint is made; its secret is shown once', async () => {
  const { page } = seat
  await page.getByLabel('Address').fill(receiver.url)
  await page.getByRole('checkbox', { name: 'A connection was ended' }).check()
  await page.getByRole('button', { name: 'Make endpoint' }).click()
  const secret = await dialog('The endpoint is made').locator('pre').textContent()
  expect(secret).toMatch(/^whsec_/)
  await page.getByRole('button', { name: 'I have stored it' }).click()
  await page.getByRole('link', { name: receiver.url }).click()
  await page.getByRole('heading', { level: 1, name: 'Webhook endpoint' }).waitFor()
  await page.getByText('Nothing sent yet').waitFor()
  expect(await page.content()).not.toContain(secret)
})

test('what was sent stands there, and is sent again', async () => {
  const { page } = seat
  const { id: integration } = await addPlainIntegration(scene.grantry)
  const { id } = await importTokens(scene.grantry, integration, { access_token: 'canary-token' })
  await scene.grantry.call('DELETE', `/api/v1/connections/${id}`)
  await expect.poll(() => receiver.received.length).toBe(1)
  await page.getByRole('button', { name: 'Refresh' }).click()
  const row = page.getByRole('row', { name: /A connection was ended/ })
  await row.getByText('Delivered').waitFor()
  await row.getByRole('button', { name: /^Send again/ }).click()
  await expect.poll(() => receiver.received.length).toBe(2)
  const [first, second] = receiver.received.map(({ headers }) => headers['webhook-id'])
  expect(second).toBe(first)
})

test('it is stopped, with undo; given another secret; and deleted when that is typed', async () => {
  const { page } = seat
  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  await page.getByText('It was stopped by hand.').waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('It was stopped by hand.').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'New secret' }).click()
  await dialog('Make a new secret?').getByRole('button', { name: 'Make secret' }).click()
  expect(await dialog('The new secret').locator('pre').textContent()).toMatch(/^whsec_/)
  await page.getByRole('button', { name: 'I have stored it' }).click()
  await page.getByText('Old secret signs until').waitFor()
  await page.getByRole('button', { name: 'Delete endpoint' }).click()
  const confirm = dialog('Delete this endpoint?')
  expect(await confirm.getByRole('button', { name: 'Delete endpoint' }).isDisabled()).toBe(true)
  await confirm.getByLabel('Type delete to confirm').fill('delete')
  await confirm.getByRole('button', { name: 'Delete endpoint' }).click()
  await page.getByRole('heading', { name: 'No webhook endpoints' }).waitFor()
  await seat.leave()
})
