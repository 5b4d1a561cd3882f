import { afterAll, beforeAll, expect, test } from 'vitest'
import { newPerson, openStage, type Stage } from './browser.fixture.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage?.close())

test('the reference at /docs asks nobody else for anything, and complains of nothing', async () => {
  const { grantry, browser } = stage
  const person = await newPerson(browser)
  const outside: string[] = []
  person.context.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(`${grantry.url}/`) && !/^(data|blob):/.test(url)) outside.push(url)
  })
  await person.page.goto(`${grantry.url}/docs`)
  await person.page.getByRole('heading', { name: 'Authentication' }).waitFor()
  await person.page.getByRole('link', { name: 'Connect', exact: true }).click()
  await person.page
    .getByRole('link', { name: /Start connecting an account/ })
    .first()
    .waitFor()
  expect(await person.page.title()).toBe('Grantry API')
  for (const name of ['Ask AI', 'Generate MCP', 'Developer Tools', 'Deploy'])
    expect(await person.page.getByText(name, { exact: true }).count(), name).toBe(0)
  expect(outside).toEqual([])
  // A library in Scalar's bundle asks whether it may use eval, and goes on without.
  expect(person.complaints.filter((text) => text !== 'policy violated: script-src eval')).toEqual([])
  if (process.env.GRANTRY_PICTURES)
    await person.page.screenshot({ path: `${process.env.GRANTRY_PICTURES}/reference.png` })
  await person.context.close()
})
