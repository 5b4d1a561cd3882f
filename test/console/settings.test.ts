import { crc32, deflateSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openScene, type Scene, type Seat, soon } from './console.fixture.ts'

let scene: Scene
let seat: Seat
beforeAll(async () => {
  scene = await openScene()
  seat = await scene.open('/settings')
})
afterAll(() => scene?.close())

const workspace = async () => (await scene.grantry.call('GET', '/api/v1/workspace')).body.data
const section = (name: string) =>
  seat.page.locator('section', { has: seat.page.getByRole('heading', { level: 2, name }) })
const save = (name: string) => section(name).getByRole('button', { name: 'Save' })

test('the name is changed, and put back by one click', async () => {
  const { page } = seat
  const name = section('General').getByLabel('Name')
  await name.fill('Acme <img src=x onerror=alert(1)>')
  await save('General').click()
  await page.getByText('This workspace is now called Acme <img').waitFor()
  expect((await workspace()).name).toBe('Acme <img src=x onerror=alert(1)>')
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('It is as it was.').waitFor()
  expect((await workspace()).name).toBe('default')
})

test('what is wrong with an origin is told at its row, whoever finds it', async () => {
  const origins = section('Allowed origins')
  const add = origins.getByRole('button', { name: 'Add origin' })
  await add.click()
  await origins.getByRole('textbox', { name: 'origin 1' }).fill('https://app.example.com/path')
  await add.click()
  await origins.getByText('An origin has no path and no slash at its end: https://app.example.com').waitFor()
  await origins.getByRole('textbox', { name: 'origin 1' }).fill('https://app.example.com')
  // An empty row between does not count, and the server's words are at the row that they are about.
  await add.click()
  await origins
    .getByRole('textbox', { name: 'origin 3' })
    .fill(`https://${`${'a'.repeat(60)}.`.repeat(5)}example.com`)
  await save('Allowed origins').click()
  await expect
    .poll(() => origins.getByRole('textbox', { name: 'origin 2' }).getAttribute('aria-invalid'), soon)
    .toBe('true')
  expect(await origins.getByRole('textbox', { name: 'origin 1' }).getAttribute('aria-invalid')).not.toBe(
    'true',
  )
  expect(seat.complaints.splice(0)).toEqual([expect.stringContaining('422')])
  expect((await workspace()).allowed_origins).toEqual([])

  await origins.getByRole('textbox', { name: 'origin 2' }).fill('http://localhost:3000')
  await save('Allowed origins').click()
  await seat.page.getByText('The allowed origins are saved.').waitFor()
  expect((await workspace()).allowed_origins).toEqual(['https://app.example.com', 'http://localhost:3000'])
  await origins.getByRole('button', { name: 'Remove origin 1' }).click()
  await save('Allowed origins').click()
  await expect.poll(async () => (await workspace()).allowed_origins, soon).toEqual(['http://localhost:3000'])
})

test('direct links are turned on by who has read what they risk, and off by a click', async () => {
  const { page } = seat
  const on = async () => (await workspace()).allow_direct_links
  await page.getByRole('button', { name: 'Turn direct links on' }).click()
  const ask = page.getByRole('dialog', { name: 'Turn direct links on?' })
  await ask.getByText('A connect link can be forwarded').waitFor()
  const confirm = ask.getByRole('button', { name: 'Turn direct links on' })
  expect(await confirm.isDisabled()).toBe(true)
  await ask.getByLabel('Type default to confirm').fill('default')
  await confirm.click()
  await page.getByText('Whoever opens a connect link made with “direct”').waitFor()
  expect(await on()).toBe(true)
  await page.getByRole('button', { name: 'Turn direct links off' }).click()
  await page.getByText('Direct links are off: a person is always asked').waitFor()
  expect(await on()).toBe(false)
})

test('logo and colour are seen before they are saved, and a logo that is too large is made smaller', async () => {
  const { page } = seat
  const branding = section('Branding')
  await branding.getByRole('textbox', { name: 'Colour' }).fill('#fde047')
  await page.keyboard.press('Tab')
  const button = branding.locator('figure').first().getByText('Connect', { exact: true })
  await expect
    .poll(() => button.getAttribute('style'), soon)
    .toMatch(/background: rgb\(253, 224, 71\).*; color: rgb\(0, 0, 0\)/)
  const file = (name: string, mimeType: string, buffer: Buffer) => ({ name, mimeType, buffer })
  const input = branding.locator('input[type=file]')
  await input.setInputFiles(file('logo.png', 'image/png', Buffer.from('no picture')))
  await branding.getByText('This is no picture that can be shown.').waitFor()
  await input.setInputFiles(file('logo.png', 'image/png', noise(1100, 700)))
  await branding.locator('figure img').first().waitFor()
  await save('Branding').click()
  await page.getByText('Your end users see it from now on.').waitFor()
  const { logo, color } = await workspace()
  expect(color).toBe('#fde047')
  expect(logo).toMatch(/^data:image\/(png|webp);base64,/)
  expect(logo.length).toBeLessThan(44_000)
})

test('a plan that the operator sets is shown, not offered', async () => {
  const { page, grantry } = { page: seat.page, grantry: scene.grantry }
  const plan = section('Plan')
  await plan.getByText('Whoever runs this deployment sets plans and quotas.').waitFor()
  expect(await plan.getByRole('button').count()).toBe(0)
  const { id } = await workspace()
  const changes = { plan: 'Team', quotas: { connections: 40 }, features: ['mcp'] }
  await grantry.call('PATCH', `/api/v1/workspaces/${id}`, changes, { key: grantry.operatorKey })
  await page.reload()
  await plan.getByText('0 of 40').waitFor()
  await plan.getByText('mcp', { exact: true }).waitFor()
  await page.getByText('The plan of this workspace does not include them.').waitFor()
  expect(await page.getByRole('button', { name: 'Turn direct links on' }).isDisabled()).toBe(true)
  await seat.leave()
})

/** A PNG (RFC 2083) of grey noise, which no compression makes small. */
function noise(width: number, height: number): Buffer {
  const rows = Buffer.alloc((width + 1) * height)
  for (let i = 0, x = 1; i < rows.length; i++) {
    x = (Math.imul(x, 1103515245) + 12345) >>> 0
    rows[i] = i % (width + 1) === 0 ? 0 : x >>> 16
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = 8
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const size = Buffer.alloc(4)
    const sum = Buffer.alloc(4)
    size.writeUInt32BE(data.length)
    sum.writeUInt32BE(crc32(body))
    return Buffer.concat([size, body, sum])
  }
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10])
  const parts = [chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]
  return Buffer.concat([signature, ...parts])
}
