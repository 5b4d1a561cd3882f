import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  beginAt,
  changeWorkspace,
  newPerson,
  openStage,
  outcomeOf,
  press,
  type Stage,
} from './browser.fixture.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage?.close())
beforeEach(() => {
  stage.site.onReturn = async () => {}
})

// A phone's browser that runs no script goes the same way.
const browsers = [{ javaScriptEnabled: true }, { javaScriptEnabled: false }]

test.each(browsers)(
  'confirm: the form leads on to the return address and past it to a third origin (%o)',
  async (options) => {
    const session = await beginAt(stage, { return_to: stage.site.returnTo, state: 'a b&c=d' })
    finishOnReturn(session.id)
    const person = await newPerson(stage.browser, options)
    await person.page.goto(session.connect_url)
    await press(person.page, 'Allow')
    await person.page.getByRole('heading', { name: 'Connect your Gmail account to default?' }).waitFor()
    expect((await outcomeOf(stage, session.id)).status).toBe('awaiting_finish')
    await press(person.page, 'Connect')
    await person.page.waitForURL(stage.site.landing)
    const { url } = oneReturn()
    expect([...url.searchParams.keys()].sort()).toEqual(['code', 'state', 'tab'])
    expect(url.searchParams.get('state')).toBe('a b&c=d')
    expect(url.searchParams.get('tab')).toBe('mail')
    const { status, accessToken } = await outcomeOf(stage, session.id)
    expect(status).toBe('completed')
    await person.leave([session.connect_token, accessToken!])
  },
)

test.each([
  ['gmail', 'Cancel'],
  ['pipedrive', 'Cancel'],
  ['gmail', 'Not me'],
])('%s, %s: access_denied comes back with the state', async (provider, button) => {
  const session = await beginAt(stage, { provider, return_to: stage.site.returnTo, state: 'kept' })
  const person = await newPerson(stage.browser)
  await person.page.goto(session.authorization_url)
  if (button === 'Not me') await press(person.page, 'Allow')
  await press(person.page, button)
  await person.page.waitForURL(stage.site.landing)
  const { url } = oneReturn()
  expect(url.searchParams.get('error')).toBe('access_denied')
  expect(url.searchParams.get('state')).toBe('kept')
  expect(url.searchParams.has('code')).toBe(false)
  expect(await outcomeOf(stage, session.id)).toMatchObject({ status: 'failed', error: 'access_denied' })
  await person.leave([session.connect_token])
})

test.each(browsers)(
  'finish: nothing is exchanged until the server says whom it has signed in (%o)',
  async (options) => {
    const session = await beginAt(stage, { binding: 'finish', return_to: stage.site.returnTo })
    const statuses: string[] = []
    stage.site.onReturn = async () => {
      statuses.push((await outcomeOf(stage, session.id)).status)
      expect((await finish(session.id, 'u_18')).status).toBe(403)
      statuses.push((await outcomeOf(stage, session.id)).status)
      expect((await finish(session.id, 'u_17')).status).toBe(200)
      expect((await finish(session.id, 'u_17')).status).toBe(409)
    }
    const person = await newPerson(stage.browser, options)
    await person.page.goto(session.connect_url)
    await press(person.page, 'Allow')
    await person.page.waitForURL(stage.site.landing)
    expect(statuses).toEqual(['awaiting_finish', 'awaiting_finish'])
    const { status, accessToken } = await outcomeOf(stage, session.id)
    expect(status).toBe('completed')
    oneReturn()
    await person.leave([session.connect_token, accessToken!])
  },
)

test('direct, where the workspace allows it: connected without a question', async () => {
  await changeWorkspace(stage.grantry, { allow_direct_links: true })
  const session = await beginAt(stage, { binding: 'direct', return_to: stage.site.returnTo })
  finishOnReturn(session.id)
  const person = await newPerson(stage.browser)
  await person.page.goto(session.connect_url)
  await press(person.page, 'Allow')
  await person.page.waitForURL(stage.site.landing)
  oneReturn()
  const { status, accessToken } = await outcomeOf(stage, session.id)
  expect(status).toBe('completed')
  await person.leave([session.connect_token, accessToken!])
})

test('a popup without script: the page offers the way on that its script would have taken', async () => {
  const { origin, returnTo, landing } = stage.site
  const session = await beginAt(stage, { binding: 'finish', origin, return_to: returnTo })
  finishOnReturn(session.id)
  const person = await newPerson(stage.browser, { javaScriptEnabled: false })
  await person.page.goto(session.connect_url)
  await press(person.page, 'Allow')
  await person.page.getByRole('heading', { name: 'default is finishing the connection.' }).waitFor()
  await person.page.getByRole('link', { name: 'Continue to default' }).click()
  await person.page.waitForURL(landing)
  oneReturn()
  expect((await outcomeOf(stage, session.id)).status).toBe('completed')
  await person.leave([session.connect_token])
})

/** Who came back, exactly once, and not told by the referrer where from. */
function oneReturn() {
  const [visit, ...more] = stage.site.returned
  expect(more).toEqual([])
  expect(visit!.referrer).toBeUndefined()
  return visit!
}

function finish(id: string, endUser: string) {
  const code = stage.site.returned.at(-1)!.url.searchParams.get('code')
  return stage.grantry.call('POST', `/api/v1/connect-sessions/${id}/finish`, { code, end_user_id: endUser })
}

function finishOnReturn(id: string): void {
  stage.site.onReturn = async () => {
    const answer = await finish(id, 'u_17')
    if (answer.status !== 200) throw new Error(answer.text)
  }
}
