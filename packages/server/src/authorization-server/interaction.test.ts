import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser } from '../../../../test/support/browser.ts'
import { addSandboxIntegration, connectAccount } from '../../../../test/support/connecting.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import { addClient, addMember, authorizationUrl, obtain } from '../../../../test/support/partner-app.ts'

let grantry: TestGrantry
let browser: Browser
const ids: string[] = []

beforeAll(async () => {
  grantry = await startTestGrantry()
  browser = (await addMember(grantry)).browser
  await addSandboxIntegration(grantry, 'gmail')
  for (const id of ['u_1', 'u_2'])
    ids.push((await connectAccount(grantry, { provider: 'gmail', end_user: { id } })).id)
})
afterAll(() => grantry?.close())

const listed = async (key: string) => {
  const { body } = await grantry.call('GET', '/api/v1/connections', undefined, { key })
  return body.data.map(({ id }: { id: string }) => id)
}
/** The boxes of a consent page: value and whether it is ticked. */
const boxes = (page: string) =>
  [...page.matchAll(/name="connection" value="([^"]+)"( checked)?/g)].map(([, id, checked]) => [
    id,
    !!checked,
  ])

test('an app reaches the accounts that were ticked, and asking for something else does not widen that', async () => {
  const client = await addClient(grantry)
  const page = await browser.open(authorizationUrl(grantry.url, client, { scope: 'connections:read' }))
  const [[, ticked] = [], [older] = []] = boxes(page.text)
  expect(ticked).toBe(false)
  const first = await obtain(
    grantry,
    client,
    browser,
    { scope: 'connections:read' },
    { connection: older as string },
  )
  expect(await listed(first.access_token)).toEqual([ids[0]])
  await obtain(grantry, client, browser, { scope: 'account:read' })
  expect(await listed(first.access_token)).toEqual([ids[0]])
  const again = await browser.open(
    authorizationUrl(grantry.url, client, { scope: 'connections:read', prompt: 'consent' }),
  )
  expect(boxes(again.text).map(([, checked]) => checked)).toEqual([false, true])
})

test('an app for which nothing was ticked reaches none', async () => {
  const client = await addClient(grantry)
  const { access_token } = await obtain(grantry, client, browser, { scope: 'connections:read' })
  expect(await listed(access_token)).toEqual([])
})

test('what is not offered cannot be ticked', async () => {
  const client = await addClient(grantry)
  const { access_token } = await obtain(
    grantry,
    client,
    browser,
    { scope: 'connections:read' },
    { connection: ['00000000-0000-7000-8000-00000000dead', 'x'] },
  )
  expect(await listed(access_token)).toEqual([])
})

test('whoever signed in as somebody else since is asked as themselves', async () => {
  const client = await addClient(grantry)
  await obtain(grantry, client, browser)
  const { browser: other } = await addMember(grantry, { email: 'grace@example.com' })
  const page = await other.open(authorizationUrl(grantry.url, client))
  expect(page.text).toContain('grace@example.com')
})
