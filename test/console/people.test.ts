import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type OidcProvider, startOidcProvider } from '../conformance/oidc-provider-server.ts'
import { goodPassword, openBrowser, signIn } from '../support/members.ts'
import { cookiesOf, moveTo, openScene, type Scene, type Seat, sit, soon } from './console.fixture.ts'

let scene: Scene
let issuer: OidcProvider
/** The owner's window. */
let owner: Seat
beforeAll(async () => {
  issuer = await startOidcProvider()
  scene = await openScene({ env: { GRANTRY_EGRESS_ALLOW: issuer.host } })
  owner = await scene.open('/members')
})
afterAll(async () => {
  await scene?.close()
  await issuer?.close()
})

const anotherWindow = (options?: BrowserContextOptions) => sit(scene.browser, scene.grantry.url, options)
const act = async (page: Page, of: string, action: string) => {
  await page.getByRole('button', { name: `Actions for ${of}` }).click()
  await page.getByRole('menuitem', { name: action }).click()
}
/** What the API answers to what the page might send, with the session of its window. */
const callFrom = (page: Page, method: string, path: string, body?: unknown) =>
  page.evaluate(
    async ([method, path, body]) => {
      const session = (await (await fetch('/api/v1/session')).json()) as { data: { csrf: string } }
      const headers = { 'x-csrf-token': session.data.csrf, 'content-type': 'application/json' }
      return (await fetch(`/api/v1${path}`, { method, headers, body: body ?? null })).status
    },
    [method, path, body === undefined ? undefined : JSON.stringify(body)] as [string, string, string?],
  )

let grace: Seat

test('somebody is invited, signs up in a window of their own and lands in the console', async () => {
  const { page } = owner
  await page.getByText('None is open.').waitFor()
  await page.getByRole('button', { name: 'Invite a member' }).click()
  const form = page.getByRole('dialog', { name: 'Invite a member' })
  await form.getByRole('textbox', { name: 'E-mail' }).fill('grace')
  await form.getByRole('button', { name: 'Make invitation link' }).click()
  await form.getByText('must be an e-mail address').first().waitFor()
  expect(owner.complaints.splice(0)).toEqual([expect.stringContaining('422')])
  await form.getByRole('textbox', { name: 'E-mail' }).fill('grace@example.com')
  await form.getByRole('button', { name: 'Make invitation link' }).click()
  const shown = page.getByRole('dialog', { name: 'The invitation of grace@example.com' })
  const link = (await shown.locator('pre').textContent())!
  await shown.getByRole('button', { name: 'I have stored it' }).click()
  await page.getByRole('row', { name: /grace@example.com/ }).waitFor()

  grace = await anotherWindow()
  await grace.page.goto(link)
  await grace.page.getByLabel('Name').fill('Grace <img src=x onerror=alert(1)>')
  await grace.page.getByLabel('Password').fill(goodPassword)
  await grace.page.getByRole('button', { name: /^Join/ }).click()
  await grace.page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
  await grace.page.getByRole('button', { name: /^Your account: Grace <img/ }).waitFor()

  await page.reload()
  await page.getByRole('row', { name: /Grace <img.*Developer/ }).waitFor()
  await page.getByText('None is open.').waitFor()
})

test('another role ends the sessions; a viewer changes nothing', async () => {
  const { page } = owner
  await act(page, 'Grace', 'Change')
  await page.getByRole('radio', { name: 'Viewer' }).check()
  await page.getByText('All sessions of this member end').waitFor()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('row', { name: /Grace.*Viewer/ }).waitFor()

  // An open page of hers is led to sign in, and back.
  await grace.page.getByRole('link', { name: 'Workspace' }).click()
  await grace.page.waitForURL('**/sign-in?next=%2Fsettings')
  expect([...new Set(grace.complaints.splice(0))]).toEqual([expect.stringContaining('401')])
  await grace.page.getByLabel('E-mail').fill('grace@example.com')
  await grace.page.getByLabel('Password').fill(goodPassword)
  await grace.page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await grace.page.getByRole('heading', { name: 'Direct links' }).waitFor()
  await grace.page.waitForURL('**/settings')

  const main = grace.page.getByRole('main')
  expect(await main.getByRole('textbox').count()).toBe(0)
  expect(await main.getByRole('button', { name: /Save|Add|Turn|Change|Choose/ }).count()).toBe(0)
  const pages = await grace.page.getByRole('navigation').getByRole('link').allTextContents()
  expect(pages).not.toEqual(expect.arrayContaining([expect.stringMatching(/API keys|Members/)]))
  for (const [path, what] of [
    ['/keys', 'API keys'],
    ['/members', 'Members'],
  ] as const) {
    await moveTo(grace.page, path)
    await grace.page.getByRole('heading', { name: `${what} are for owners and admins` }).waitFor()
    expect(await main.getByRole('button').count()).toBe(0)
  }
  expect(grace.complaints).toEqual([])
  const refused = [
    ['PATCH', '/workspace', { name: 'Hers' }],
    ['POST', '/api-keys', { name: 'x', scopes: ['connections:read'] }],
    ['POST', '/invitations', { email: 'x@example.com', role: 'viewer' }],
  ] as const
  for (const [method, path, body] of refused) expect(await callFrom(grace.page, method, path, body)).toBe(403)
  grace.complaints.length = 0
})

test('a new password ends the other sessions; others are ended by a click', async () => {
  const another = await anotherWindow()
  /** Grace signs in there too, by request. */
  const signInThere = async (password: string) => {
    const there = openBrowser(scene.grantry)
    await signIn(there, 'grace@example.com', password)
    const { url } = scene.grantry
    await another.context.addCookies(cookiesOf(there, url))
    await another.page.goto(`${url}/settings`)
    await another.page.getByRole('heading', { name: 'Direct links' }).waitFor()
  }
  await signInThere(goodPassword)
  const { page } = grace
  await moveTo(page, '/your-account')
  await page.getByText('Viewer: sees everything but tokens, changes nothing').waitFor()
  await page.getByRole('textbox', { name: 'Current password' }).fill('not the password')
  await page.getByRole('textbox', { name: 'New password' }).fill('four words in a row')
  await page.getByRole('button', { name: 'Change password' }).click()
  await page.getByText('is not your password').first().waitFor()
  expect(grace.complaints.splice(0)).toEqual([expect.stringContaining('422')])
  await page.getByRole('textbox', { name: 'Current password' }).fill(goodPassword)
  await page.getByRole('button', { name: 'Change password' }).click()
  await page.getByText('You are signed out everywhere but here.').waitFor()
  await expect.poll(() => page.getByRole('textbox', { name: 'New password' }).inputValue(), soon).toBe('')
  await another.page.reload()
  await another.page.waitForURL('**/sign-in?next=%2Fsettings')

  await signInThere('four words in a row')
  await page.reload()
  await page.getByRole('button', { name: 'End all other sessions' }).click()
  await page.getByText('One other session is ended.').waitFor()
  await another.page.reload()
  await another.page.waitForURL('**/sign-in?next=%2Fsettings')
  await another.leave()

  await page.getByLabel('Name').fill('Grace')
  await page.getByRole('button', { name: 'Save name' }).click()
  await page.getByRole('button', { name: /^Your account: Grace *viewer/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'You are signed out.' }).waitFor()
  await grace.leave()
})

test('an OpenID provider is added after its issuer was asked, and offered to link', async () => {
  const { page } = owner
  await page.getByRole('button', { name: 'Add a provider' }).click()
  const form = page.getByRole('dialog', { name: 'Add an OpenID provider' })
  await form.getByRole('textbox', { name: 'Label' }).fill('Company')
  await form.getByRole('textbox', { name: 'Client id' }).fill('grantry')
  await form.getByRole('textbox', { name: 'Client secret' }).fill('a-client-secret-of-the-test')
  await form.getByRole('textbox', { name: 'Issuer' }).fill('http://169.254.169.254/')
  await form.getByRole('button', { name: 'Add provider' }).click()
  await expect
    .poll(() => form.getByRole('textbox', { name: 'Issuer' }).getAttribute('aria-invalid'), soon)
    .toBe('true')
  expect(owner.complaints.splice(0)).toEqual([expect.stringContaining('422')])
  await form.getByRole('textbox', { name: 'Issuer' }).fill(issuer.issuer)
  await form.getByRole('button', { name: 'Add provider' }).click()
  const shown = page.getByRole('dialog', { name: 'Addresses of Company' })
  await shown.waitFor()
  const [redirect, link] = await shown.locator('pre').allTextContents()
  expect(redirect).toMatch(/\/sign-in\/callback\/idp_\w+$/)
  await shown.getByRole('button', { name: 'Done' }).click()
  await act(page, 'Company', 'Change')
  await page.getByText('Leave it empty to keep the one that is stored').waitFor()
  expect(await page.content()).not.toContain('a-client-secret-of-the-test')
  await page.keyboard.press('Escape')

  const stranger = await anotherWindow()
  await stranger.page.goto(link!)
  await stranger.page.getByRole('button', { name: 'Sign in with Company' }).waitFor()
  await stranger.leave()
  await moveTo(page, '/your-account')
  await page.getByRole('link', { name: 'Link Company' }).click()
  await page.getByRole('button', { name: 'Continue to Company' }).waitFor()
  await page.getByRole('link', { name: 'Not now' }).click()
  await page.getByRole('heading', { level: 1, name: 'Your account' }).waitFor()
  await owner.leave()
})

test('who tries too often waits; then they come to the page that was asked for', async () => {
  const { page, context } = await anotherWindow()
  await page.goto(`${scene.grantry.url}/keys`)
  /** The status of the answer, which is there as a page. */
  const attempt = async (password: string) => {
    await page.getByLabel('E-mail').fill('ada@example.com')
    await page.getByLabel('Password').fill(password)
    const [answer] = await Promise.all([
      page.waitForResponse((response) => response.request().method() === 'POST'),
      page.waitForEvent('load'),
      page.getByRole('button', { name: 'Sign in', exact: true }).click(),
    ])
    return answer.status()
  }
  for (let i = 0; i < 5; i++) expect(await attempt(`guess number ${i}`)).toBe(403)
  await page.getByText('do not fit together').waitFor()
  expect(await attempt('correct horse battery')).toBe(429)
  await page.getByText(/Too many tries\. Wait \d+ s, then try again\./).waitFor()
  scene.grantry.clock.advance(60)
  expect(await attempt('correct horse battery')).toBe(303)
  await page.getByRole('heading', { level: 1, name: 'API keys' }).waitFor()
  expect(new URL(page.url()).pathname).toBe('/keys')
  await context.close()
})
