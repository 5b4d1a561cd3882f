import { afterAll, beforeAll, expect, test } from 'vitest'
import { addPlainIntegration, importTokens, readToken } from '../support/importing.ts'
import { openScene, type Scene, type Seat } from './console.fixture.ts'

let scene: Scene
let seat: Seat
let left: string
beforeAll(async () => {
  scene = await openScene()
  const { grantry } = scene
  const plain = await addPlainIntegration(grantry)
  const mute = await addPlainIntegration(grantry, { label: 'Mute', revocation_url: undefined })
  for (const n of [1, 2])
    await importTokens(
      grantry,
      plain.id,
      { access_token: `a${n}`, refresh_token: `r${n}` },
      { expiresIn: 9e4 },
    )
  left = (await importTokens(grantry, mute.id, { access_token: 'a3' }, { expiresIn: 9e4 })).id
  seat = await scene.open('/break-glass')
})
afterAll(() => scene?.close())

test('chosen, counted, typed, followed to the providers, and what is left to do', async () => {
  const { page } = seat
  await page.getByRole('heading', { name: 'Never needed yet' }).waitFor()
  expect(await page.getByRole('button', { name: 'Count connections' }).isDisabled()).toBe(true)
  await page.getByLabel('Id of an end user').fill('nobody')
  await page.getByRole('button', { name: 'Count connections' }).click()
  await page.getByText('No living connection fits.').waitFor()
  await page.getByRole('checkbox', { name: 'Every connection of this workspace' }).check()
  await page.getByRole('button', { name: 'Count connections' }).click()
  await page.getByText('3 connections would end').waitFor()
  await page.getByText('1 of Mute, which has no way to revoke: manual work').waitFor()
  await page.getByRole('button', { name: 'End 3 connections' }).click()
  const dialog = page.getByRole('dialog', { name: 'End 3 connections?' })
  const confirm = dialog.getByRole('button', { name: 'End connections' })
  expect(await confirm.isDisabled()).toBe(true)
  expect((await readToken(scene.grantry, left)).status).toBe(200)
  await dialog.getByLabel('Type 3 to confirm').fill('3')
  await confirm.click()
  await page.getByRole('heading', { level: 1, name: 'Break-glass revocation' }).waitFor()
  expect((await readToken(scene.grantry, left)).status).toBe(409)
  // It follows by itself.
  const progress = page.getByRole('status', { name: 'How far it is' })
  await progress.getByText('Revoked at the provider').waitFor()
  await progress.getByText('Done', { exact: true }).first().waitFor()
  const row = page.getByRole('row', { name: /No way to revoke/ })
  await row.getByText(/sandbox-plain at Mute/).waitFor()
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export' }).click()
  await page.getByRole('menuitem', { name: /^CSV/ }).click()
  expect((await download).suggestedFilename()).toMatch(/^break-glass-.*\.csv$/)
  await page.getByRole('link', { name: 'All of them' }).click()
  await page.getByRole('link', { name: 'Every connection' }).waitFor()
  await seat.leave()
})
