import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openScene, type Scene, type Seat } from './console.fixture.ts'

const inert = '<img src=x onerror="document.title=\'owned\'">'

let scene: Scene
let seat: Seat
beforeAll(async () => {
  scene = await openScene()
  const { grantry } = scene
  for (const name of ['First', inert]) await grantry.call('POST', '/api/v1/apps', { name })
  await grantry.call('POST', '/api/v1/end-user-tokens', {
    end_user: { id: '17' },
    scopes: ['connections:read'],
    ttl: 600,
  })
  seat = await scene.open('/events')
})
afterAll(() => scene.close())

const rows = () => seat.page.getByRole('table', { name: 'Events' }).locator('tbody tr[aria-rowindex]')
const told = () => rows().locator('td:nth-child(2)').allTextContents()

/** Clicks an entry of the export's menu, and reads the file that comes. */
async function exported(entry: RegExp): Promise<{ name: string; text: string }> {
  const { page } = seat
  await page.getByRole('button', { name: 'Export' }).click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: entry }).click(),
  ])
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') }
}

test('each event is a sentence, by whom, and names from outside are text', async () => {
  await expect
    .poll(told)
    .toEqual(
      expect.arrayContaining([
        'Signed in',
        'End-user token made: connections:read',
        `App ${inert} made`,
        'App First made',
      ]),
    )
  const made = rows().filter({ hasText: 'App First made' })
  expect(await made.locator('td:nth-child(3)').textContent()).toBe('First key')
  expect(await seat.page.title()).toBe('Events · Grantry')
})

test('filters stand in the address, and an address says them', async () => {
  const { page } = seat
  await page.getByRole('combobox', { name: 'Type of event' }).fill('app.')
  await page.getByRole('option', { name: 'app.created' }).click()
  await page.waitForURL('**/events?type=app.created')
  await expect.poll(told).toEqual([`App ${inert} made`, 'App First made'])
  await page.getByLabel('Until').fill('2020-01-01T00:00')
  await page.getByRole('heading', { name: 'No event fits' }).waitFor()
  expect(new URL(page.url()).searchParams.get('until')).toMatch(/^(2019-12-31|2020-01-01)T.*Z$/)
  await page.getByRole('button', { name: 'Show all events' }).click()
  await page.waitForURL('**/events')
  await page.goto(`${scene.grantry.url}/events?end_user=17&utm_source=mail`)
  await expect.poll(told).toEqual(['End-user token made: connections:read'])
  expect(await page.getByLabel('Id of an end user').inputValue()).toBe('17')
})

test('one event shows all that is written down, and leads to those like it', async () => {
  const { page } = seat
  await page.goto(`${scene.grantry.url}/events`)
  await page.getByRole('button', { name: 'App First made' }).click()
  const drawer = page.getByRole('dialog', { name: 'App First made' })
  expect(JSON.parse((await drawer.locator('pre').textContent())!)).toMatchObject({
    type: 'app.created',
    data: { name: 'First' },
    actor: { kind: 'api_key', label: 'First key' },
  })
  await drawer.getByRole('button', { name: 'Only by them' }).click()
  await page.waitForURL('**/events?actor=key_*')
  await expect.poll(told).not.toContain('Signed in')
  expect(await told()).toContain('App First made')
  await page.getByRole('button', { name: /^Without: By key_/ }).click()
  await page.waitForURL('**/events')
  await expect.poll(told).toContain('Signed in')
})

test('an export is a file of what the filter shows, in either format', async () => {
  const { page } = seat
  await page.goto(`${scene.grantry.url}/events?type=app.*`)
  await expect.poll(told).toHaveLength(2)
  const lines = await exported(/JSON lines/)
  expect(lines.name).toMatch(/^events-\d{4}-\d\d-\d\d\.jsonl$/)
  expect(
    lines.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
      .map(({ type, data }) => [type, data.name]),
  ).toEqual([
    ['app.created', inert],
    ['app.created', 'First'],
  ])
  const sheet = await exported(/CSV/)
  expect(sheet.name).toMatch(/\.csv$/)
  expect(sheet.text.split('\r\n')).toHaveLength(4)
  expect(sheet.text).toContain('app.created')
})

test('what happens meanwhile comes at a click, or by itself while one follows', async () => {
  const { grantry } = scene
  const { page } = seat
  await grantry.call('POST', '/api/v1/apps', { name: 'Second' })
  await page.getByRole('button', { name: 'Refresh' }).click()
  await expect.poll(told).toHaveLength(3)
  await page.getByLabel('Follow').check()
  await grantry.call('POST', '/api/v1/apps', { name: 'Third' })
  await expect.poll(told, { timeout: 15_000 }).toHaveLength(4)
  await seat.leave()
})
