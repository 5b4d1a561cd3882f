import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { goodPassword } from '../support/members.ts'
import { newPerson, openStage, type Person, press, type Stage } from './browser.fixture.ts'
import { look } from './look.fixture.ts'

const workspaceName = `The Most Honourable Society of ${'Interdepartmental'.repeat(4)} Customers and Friends`
  .padEnd(120, 's')
  .slice(0, 120)
const email = 'ada@example.com'

let stage: Stage
/** One window for all that only look: all that is known of somebody is in cookies. */
let passer: Person
let workspace: { id: string; owner_link: string; api_key: string }
beforeAll(async () => {
  stage = await openStage()
  passer = await newPerson(stage.browser, { reducedMotion: 'reduce' })
  const { grantry } = stage
  const made = await grantry.call(
    'POST',
    '/api/v1/workspaces',
    { name: 'Acme' },
    { key: grantry.operatorKey },
  )
  workspace = made.body.data
  expect((await call('PATCH', '/workspace', { name: workspaceName })).status).toBe(200)
  await addProvider('Company account', 'members')
  await addProvider('An identity provider with a name as long as one may be, ok?', 'members')
  await addProvider('Acme account', 'end_users')
})
afterAll(() => stage?.close())

const call = (method: string, path: string, body: unknown) =>
  stage.grantry.call(method, `/api/v1${path}`, body, { key: workspace.api_key })
const addProvider = (label: string, audience: 'members' | 'end_users') =>
  call('POST', '/identity-providers', {
    label,
    audience,
    issuer: `${stage.grantry.sandbox!.url}/gmail`,
    client_id: 'x',
  })
const heading = (page: Page) => page.getByRole('heading', { level: 1 }).textContent()
/** Browsers say so of every page that is answered with a 4xx. */
const complaints = (person: Person) =>
  person.complaints.filter((text) => !/the server responded with a status of 4/.test(text))
/** Where people land: the console, whose navigation names them. Without script it says that it needs some. */
const landed = async ({ page }: Person, scripted = true) => {
  await page.waitForURL(`${stage.grantry.url}/`)
  if (scripted) await page.getByRole('navigation', { name: 'Pages' }).waitFor()
  else expect(await page.locator('noscript').textContent()).toContain('The console needs JavaScript')
}
const cookies = async ({ context }: Person) => (await context.cookies()).map(({ name }) => name)

/** Signs in by the form, as people do. */
async function signIn(page: Page, password: string) {
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(password)
  await press(page, 'Sign in')
}

test.each([true, false])(
  'the first owner: by the link, out, and in again (with script: %s)',
  async (javaScriptEnabled) => {
    const { grantry } = stage
    const made = await grantry.call(
      'POST',
      '/api/v1/workspaces',
      { name: 'First' },
      { key: grantry.operatorKey },
    )
    const person = await newPerson(stage.browser, { javaScriptEnabled })
    const { page } = person
    await page.goto(made.body.data.owner_link)
    expect(await heading(page)).toBe('Join First on Grantry')
    await page.getByLabel('E-mail').fill(email)
    await page.getByLabel('Name').fill('Ada')
    await page.getByLabel('Password').fill('password1234')
    await press(page, 'Join First')
    expect(await page.getByRole('alert').textContent()).toContain('among the first that anyone would try')
    expect(await page.getByLabel('Name').inputValue()).toBe('Ada')
    await page.getByLabel('Password').fill(goodPassword)
    await press(page, 'Join First')
    await landed(person, javaScriptEnabled)
    expect(await cookies(person)).toEqual(['grantry_session'])

    await page.goto(`${grantry.url}/sign-out`)
    await press(page, 'Sign out')
    await page.waitForURL(/\/signed-out$/)
    expect(await heading(page)).toBe('You are signed out.')
    expect(await cookies(person)).toEqual([])
    await page.getByRole('link', { name: 'Sign in again' }).click()
    await signIn(page, 'not the password')
    expect(await page.getByRole('alert').textContent()).toContain('do not fit together')
    expect(await page.getByLabel('E-mail').inputValue()).toBe(email)
    await signIn(page, goodPassword)
    await landed(person, javaScriptEnabled)
    expect(await cookies(person)).toEqual(['grantry_session'])
    expect(complaints(person)).toEqual([])
    // Scripts of the page see no cookie.
    if (javaScriptEnabled) expect(await page.evaluate('document.cookie')).toBe('')
    await person.context.close()
  },
)

test("a form on another site's page cannot sign anyone in or out", async () => {
  const person = await newPerson(stage.browser)
  const { page } = person
  const { grantry, site } = stage
  const post = async (path: string, fields: Record<string, string>) => {
    await page.goto(`${site.origin}/landed`)
    const answered = page.waitForResponse(`${grantry.url}${path}`)
    const markup = Object.entries(fields).map(([name, value]) => `<input name="${name}" value="${value}">`)
    const form = `<form method="post" action="${grantry.url}${path}">${markup.join('')}</form>`
    await page.evaluate(`document.body.innerHTML = ${JSON.stringify(form)}; document.forms[0].submit()`)
    const status = (await answered).status()
    await page.getByRole('heading', { level: 1 }).waitFor()
    return status
  }
  expect(await post('/sign-in', { email, password: goodPassword })).toBe(403)
  expect(await cookies(person)).toEqual([])
  await page.goto(`${grantry.url}/sign-in`)
  await signIn(page, goodPassword)
  await landed(person)
  expect(await post('/sign-out', {})).toBe(403)
  expect(await cookies(person)).toEqual(['grantry_session'])
  await person.context.close()
})

/** Ways to every page that members and end users meet. */
const ways: Record<string, (page: Page) => Promise<unknown>> = {
  'sign-in': (page) => page.goto(`${stage.grantry.url}/sign-in`),
  'sign-in to a workspace': (page) => page.goto(`${stage.grantry.url}/sign-in?workspace=${workspace.id}`),
  'sign-in refused': async (page) => {
    await page.goto(`${stage.grantry.url}/sign-in?workspace=${workspace.id}`)
    await signIn(page, 'not the password')
  },
  'sign-in throttled': async (page) => {
    await page.goto(`${stage.grantry.url}/sign-in`)
    do await signIn(page, 'not the password')
    while (!(await page.getByRole('alert').textContent())?.includes('Too many tries'))
  },
  'sign-in while signed in': async (page) => {
    stage.grantry.clock.advance(3600)
    await page.goto(`${stage.grantry.url}/sign-in`)
    await signIn(page, goodPassword)
    await page.goto(`${stage.grantry.url}/sign-in`)
  },
  'sign-in of end users': (page) =>
    page.goto(`${stage.grantry.url}/sign-in?workspace=${workspace.id}&as=end_user`),
  'sign-in of end users, not set up': (page) => page.goto(`${stage.grantry.url}/sign-in?as=end_user`),
  'sign-up': (page) => page.goto(workspace.owner_link),
  'sign-up refused': async (page) => {
    await page.goto(workspace.owner_link)
    await page.getByLabel('E-mail').fill('grace@example.com')
    await page.getByLabel('Password').fill('password1234')
    await page.getByRole('button', { name: /^Join The Most/ }).click()
  },
  invitation: async (page) => {
    const address = `${'a-very-long-name-without-a-break'.repeat(2).slice(0, 60)}@${'subdomain.'.repeat(8)}example.com`
    const { body } = await call('POST', '/invitations', { email: address, role: 'developer' })
    await page.goto(body.data.link)
  },
  'invitation, ended': (page) => page.goto(`${stage.grantry.url}/invitations/gin_nothing`),
  'sign-out': async (page) => {
    await page.goto(`${stage.grantry.url}/sign-in`)
    await signIn(page, goodPassword)
    await page.goto(`${stage.grantry.url}/sign-out`)
  },
  'signed out': (page) => page.goto(`${stage.grantry.url}/signed-out`),
  'outside sign-in astray': (page) => page.goto(`${stage.grantry.url}/sign-in/callback/idp_x?state=x&code=y`),
}

test.each(Object.keys(ways))('%s: reads well in light and dark, on a phone and a desk', async (way) => {
  await passer.context.clearCookies()
  passer.complaints.length = 0
  await ways[way]!(passer.page)
  await passer.page.getByRole('heading', { level: 1 }).waitFor()
  await look(passer.page, way)
  expect(complaints(passer)).toEqual([])
})
