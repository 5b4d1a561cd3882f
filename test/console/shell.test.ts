import { afterAll, beforeAll, expect, test } from 'vitest'
import { openScene, type Scene } from './console.fixture.ts'

let scene: Scene
beforeAll(async () => {
  scene = await openScene()
})
afterAll(() => scene.close())

test('who is not signed in signs in first, and comes to the page that was asked for', async () => {
  const { url } = scene.grantry
  const answer = await fetch(`${url}/connections?status=active`, { redirect: 'manual' })
  expect(answer.status).toBe(302)
  expect(answer.headers.get('location')).toBe(
    `/sign-in?next=${encodeURIComponent('/connections?status=active')}`,
  )
})

test('its pages are named, and loaded one by one', async () => {
  const seat = await scene.open('/connections')
  await seat.page.getByRole('heading', { level: 1, name: 'Connections' }).waitFor()
  expect(await seat.page.title()).toBe('Connections · Grantry')
  await seat.page.getByRole('link', { name: 'Events' }).click()
  await seat.page.getByRole('heading', { level: 1, name: 'Events' }).waitFor()
  await seat.leave()
})
