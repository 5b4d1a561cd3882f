import { afterAll, beforeAll, expect, test } from 'vitest'
import { openScene, type Scene, type Seat } from './console.fixture.ts'

let scene: Scene
let seat: Seat
beforeAll(async () => {
  scene = await openScene()
  const integration = await scene.grantry.call('POST', '/api/v1/integrations', {
    ...{ label: 'Our mail', provider: 'gmail', client_id: 'x', client_secret: 'x', validate: false },
  })
  expect(integration.status).toBe(201)
  seat = await scene.open('/keys')
})
afterAll(() => scene?.close())

const statusFor = async (key: string) =>
  (await scene.grantry.call('GET', '/api/v1/connections', undefined, { key })).status
/** The secret that the open dialog shows; closing forgets it. */
const takeSecret = async (title: string) => {
  const dialog = seat.page.getByRole('dialog', { name: title })
  const secret = (await dialog.locator('pre').textContent())!
  await dialog.getByRole('button', { name: 'I have stored it' }).click()
  await dialog.waitFor({ state: 'detached' })
  expect(await seat.page.content()).not.toContain(secret)
  return secret
}
const act = async (action: string) => {
  await seat.page.getByRole('button', { name: 'Actions for Billing' }).click()
  await seat.page.getByRole('menuitem', { name: action }).click()
}

test('an API key: made of a preset, shown once, used, rotated, deleted', async () => {
  const { page } = seat
  await page.getByRole('button', { name: 'New API key' }).click()
  const form = page.getByRole('dialog', { name: 'New API key' })
  await form.getByRole('button', { name: 'Make API key' }).click()
  await form.getByText('Choose at least one thing that it may do.').waitFor()
  await form.getByLabel('Name').fill('Billing')
  await form.getByRole('button', { name: 'Backend' }).click()
  expect(await form.getByRole('checkbox', { name: 'read access tokens' }).isChecked()).toBe(true)
  // What takes everything out is for a day, and the form says so.
  await form.getByRole('checkbox', { name: 'take out every refresh token' }).check()
  await form.getByRole('button', { name: 'Make API key' }).click()
  await form.getByText('A key that takes out refresh tokens ends in 24 hours.').waitFor()
  await form.getByRole('checkbox', { name: 'take out every refresh token' }).uncheck()
  await form.getByRole('button', { name: 'Make API key' }).click()

  const first = await takeSecret('Billing is made')
  const row = page.getByRole('row', { name: /Billing/ })
  await row.getByText('Backend').waitFor()
  await row.getByText('not yet').waitFor()
  expect(await statusFor(first)).toBe(200)
  await page.reload()
  await row.getByText('just now').waitFor()
  await row.getByText('ada@example.com').waitFor()

  await act('Rotate')
  await page.getByRole('button', { name: 'Rotate key' }).click()
  const second = await takeSecret('Billing has a new secret')
  expect([await statusFor(first), await statusFor(second)]).toEqual([200, 200])
  await act('Show')
  const facts = page.getByRole('dialog', { name: 'Billing' })
  await facts.getByText('Old secret ends').waitFor()
  await facts.getByText('call providers through the proxy').waitFor()
  await page.keyboard.press('Escape')
  await facts.waitFor({ state: 'detached' })

  await act('Delete')
  const remove = page.getByRole('button', { name: 'Delete key' })
  await page.getByLabel('Type Billing to confirm').fill('billing')
  expect(await remove.isDisabled()).toBe(true)
  await page.getByLabel('Type Billing to confirm').fill('Billing')
  await remove.click()
  await row.waitFor({ state: 'detached' })
  expect([await statusFor(first), await statusFor(second)]).toEqual([401, 401])
})

test('an API key is narrowed to a provider and to networks, and shows it', async () => {
  const { page } = seat
  await page.getByRole('button', { name: 'New API key' }).click()
  const form = page.getByRole('dialog', { name: 'New API key' })
  await form.getByLabel('Name').fill('Mail job')
  await form.getByRole('button', { name: 'Backend' }).click()
  await form.getByRole('combobox', { name: 'Providers and integrations' }).click()
  await page.getByRole('option', { name: 'gmail' }).click()
  await page.keyboard.press('Escape')
  await form.getByRole('textbox', { name: 'Networks' }).fill('203.0.113.0/24\n2001:db8::/32')
  await form.getByRole('button', { name: 'Make API key' }).click()
  expect(await statusFor(await takeSecret('Mail job is made'))).toBe(403)
  await page
    .getByRole('row', { name: /Mail job/ })
    .getByText('1 provider, 2 networks')
    .waitFor()
  await page.getByRole('button', { name: 'Actions for Mail job' }).click()
  await page.getByRole('menuitem', { name: 'Show' }).click()
  const facts = page.getByRole('dialog', { name: 'Mail job' })
  await facts.getByText('gmail', { exact: true }).waitFor()
  await facts.getByText('2001:db8::/32, 203.0.113.0/24').waitFor()
  await seat.leave()
})
