import { afterAll, beforeAll, expect, test } from 'vitest'
import { addClient, addMember, obtain } from '../support/partner-app.ts'
import { openScene, type Scene, type Seat } from './console.fixture.ts'

let scene: Scene
let seat: Seat
beforeAll(async () => {
  scene = await openScene()
  seat = await scene.open('/apps')
})
afterAll(() => scene.close())

/** Everything that the page holds, what is typed into fields and kept in the browser too. */
const everything = async () => {
  const { page } = seat
  const kept = await page.evaluate<string>(
    `JSON.stringify([[...document.querySelectorAll('input, textarea')].map(({ value }) => value),
      { ...localStorage }, { ...sessionStorage }, history.state, location.href])`,
  )
  return `${await page.content()}\n${kept}`
}
/** The secret that the open dialog shows. */
const shown = async (title: string) => {
  const dialog = seat.page.getByRole('dialog', { name: title, exact: true })
  await dialog.waitFor()
  return (await dialog.locator('pre').textContent())!
}
const stored = () => seat.page.getByRole('button', { name: 'I have stored it' }).click()

test('an app is made, and deleted when its name is typed', async () => {
  const { page } = seat
  await page.getByText('Everything stands in the workspace itself.').waitFor()
  await page.getByRole('button', { name: 'New app' }).click()
  await page.getByLabel('Name').fill('Production')
  await page.getByRole('button', { name: 'Make app' }).click()
  await page.getByRole('button', { name: 'Delete Production' }).click()
  const confirm = page.getByRole('button', { name: 'Delete app' })
  await page.getByLabel('Type Production to confirm').fill('production')
  expect(await confirm.isDisabled()).toBe(true)
  await page.getByLabel('Type Production to confirm').fill('Production')
  await confirm.click()
  await page.getByRole('heading', { name: 'No apps' }).waitFor()
})

test('what the server finds wrong with a client is told at its field', async () => {
  const { page } = seat
  await page.getByRole('tab', { name: 'OAuth clients' }).click()
  await page.waitForURL('**/apps?tab=clients')
  await page.getByRole('link', { name: 'New OAuth client' }).click()
  await page.getByRole('button', { name: 'Make client' }).click()
  await page.getByText('Give it a name').waitFor()
  await page.getByLabel('Name').fill('Reports')
  await page.getByLabel('Redirect URIs').fill('http://reports.example/callback')
  await page.getByRole('button', { name: 'Make client' }).click()
  await expect.poll(() => page.getByLabel('Redirect URIs').getAttribute('aria-invalid')).toBe('true')
  expect(seat.complaints.splice(0)).toEqual([expect.stringContaining('422')])
})

test('its secret is shown once, and is nowhere afterwards', async () => {
  const { page } = seat
  await page
    .getByLabel('Redirect URIs')
    .fill('https://reports.example/callback\nhttps://reports.example/other')
  await page.getByRole('checkbox', { name: 'tokens:read' }).check()
  await page.getByRole('button', { name: 'Make client' }).click()
  const secret = await shown('Client secret')
  expect(secret).toMatch(/^gcs_/)
  await page.keyboard.press('Escape')
  expect(await shown('Client secret')).toBe(secret)
  await stored()
  await page.waitForURL('**/apps/clients/cli_*')
  await page.getByText('https://reports.example/other').waitFor()
  const { body } = await scene.grantry.call('GET', '/api/v1/oauth-clients')
  expect(body.data).toMatchObject([{ client_name: 'Reports', scope: expect.stringContaining('tokens:read') }])
  expect(await everything()).not.toContain(secret)
})

test('another secret takes its place, at once where the old one leaked', async () => {
  const { page } = seat
  await page.getByRole('button', { name: 'Rotate secret' }).click()
  await page.getByRole('combobox', { name: 'The secret in use ends' }).click()
  await page.getByRole('option', { name: /^At once/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate secret' }).click()
  const secret = await shown('New client secret')
  await stored()
  await expect.poll(everything).not.toContain(secret)
  const { body } = await scene.grantry.call('GET', '/api/v1/oauth-clients')
  expect(body.data[0].secrets).toHaveLength(1)
})

test('a client that turns public loses what is only for those that keep a secret', async () => {
  const { page } = seat
  await page.getByRole('button', { name: 'Change' }).click()
  await page.getByRole('radio', { name: 'No, it runs with its users' }).check()
  expect(await page.getByRole('checkbox', { name: 'tokens:read' }).isDisabled()).toBe(true)
  await page.getByRole('button', { name: 'Save changes' }).click()
  await page.getByText('None: a public client').waitFor()
  const { body } = await scene.grantry.call('GET', '/api/v1/oauth-clients')
  expect(body.data).toMatchObject([
    { token_endpoint_auth_method: 'none', scope: expect.not.stringContaining('tokens:read') },
  ])
})

test('a client ends when its name is typed', async () => {
  const { page } = seat
  await page.getByRole('button', { name: 'Delete client' }).click()
  await page.getByLabel('Type Reports to confirm').fill('Reports')
  await page.getByRole('dialog').getByRole('button', { name: 'Delete client' }).click()
  await page.getByRole('heading', { name: 'No OAuth clients' }).waitFor()
  expect((await scene.grantry.call('GET', '/api/v1/oauth-clients')).body.data).toEqual([])
})

test('a registration token is shown once', async () => {
  const { page } = seat
  await page.getByRole('button', { name: 'New registration token' }).click()
  await page.getByLabel('Name').fill('For our tools')
  await page.getByRole('button', { name: 'Make token' }).click()
  const token = await shown('Registration token')
  expect(token).toMatch(/^gia_/)
  await stored()
  await page.getByRole('button', { name: 'Delete For our tools' }).waitFor()
  expect(await everything()).not.toContain(token)
})

test('what somebody allowed an app is told in words, and ended', async () => {
  const { grantry } = scene
  const { page } = seat
  const person = await addMember(grantry, { email: 'grace@example.com', role: 'developer' })
  await obtain(grantry, await addClient(grantry, { client_name: 'Calendar helper' }), person.browser, {
    scope: 'account:read',
  })
  await page.getByRole('tab', { name: 'Authorised apps' }).click()
  await page.getByRole('button', { name: 'What Calendar helper may do for grace@example.com' }).click()
  const drawer = page.getByRole('dialog', { name: 'Calendar helper' })
  await drawer.getByText('see your account, its plan and its features').waitFor()
  await drawer.getByRole('button', { name: 'Close' }).click()
  await page.getByRole('button', { name: 'End what grace@example.com allowed Calendar helper' }).click()
  await page.getByRole('button', { name: 'End access' }).click()
  await page.getByRole('heading', { name: 'Nothing is allowed yet' }).waitFor()
  await seat.leave()
})
