import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  beginAt,
  changeWorkspace,
  newPerson,
  openPopup,
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
  stage.site.isolated = false
  stage.site.onReturn = async () => {}
})

test.each(['connect_url', 'authorization_url'] as const)(
  'confirm, by %s: the documented page hears of success, closes the window and reloads',
  async (by) => {
    const session = await beginAt(stage, { origin: stage.site.origin }, by)
    const person = await newPerson(stage.browser)
    const popup = await openPopup(stage, person, '/popup')
    await press(popup, 'Allow')
    await popup.getByRole('heading', { name: 'Connect your Gmail account to default?' }).waitFor()
    expect(person.messages).toEqual([])
    const reloaded = person.page.waitForEvent('load')
    const closed = popup.waitForEvent('close')
    await press(popup, 'Connect')
    await Promise.all([closed, reloaded])
    const { status, connection_id, accessToken } = await outcomeOf(stage, session.id)
    expect(status).toBe('completed')
    expect(person.messages).toEqual([
      {
        origin: stage.grantry.url,
        data: {
          type: 'oauth_success',
          providerName: 'Gmail',
          provider: 'gmail',
          connectionId: connection_id,
          sessionId: session.id,
        },
      },
    ])
    expect(person.dialogs).toEqual([])
    await person.leave([session.connect_token, accessToken!])
  },
)

test('without an origin in the session, the one registered origin hears of it, and no console complains', async () => {
  const session = await beginAt(stage)
  const person = await newPerson(stage.browser)
  const popup = await openPopup(stage, person, '/popup')
  await press(popup, 'Allow')
  const closed = popup.waitForEvent('close')
  await press(popup, 'Connect')
  await closed
  expect(person.messages.map(({ data }) => data.type)).toEqual(['oauth_success'])
  await person.leave([session.connect_token])
})

test.each([
  ['gmail', 'Cancel'],
  ['pipedrive', 'Cancel'],
  ['gmail', 'Not me'],
])('%s, %s: the documented page hears access_denied, and nothing is connected', async (provider, button) => {
  const session = await beginAt(stage, { provider, origin: stage.site.origin })
  const person = await newPerson(stage.browser)
  const popup = await openPopup(stage, person, '/popup')
  const heard = person.page.waitForEvent('dialog')
  if (button === 'Not me') await press(popup, 'Allow')
  await press(popup, button)
  await heard
  await popup.getByRole('heading').waitFor()
  expect(person.dialogs).toEqual(['denied'])
  expect(person.messages).toEqual([
    {
      origin: stage.grantry.url,
      data: expect.objectContaining({ type: 'oauth_error', error: 'access_denied', sessionId: session.id }),
    },
  ])
  expect(await outcomeOf(stage, session.id)).toMatchObject({ status: 'failed', connection_id: null })
  await person.leave([session.connect_token])
})

test('finish: the page acknowledges the code and ends the session with its connect token', async () => {
  const { origin, returnTo } = stage.site
  const session = await beginAt(stage, { binding: 'finish', origin, return_to: returnTo })
  const person = await newPerson(stage.browser)
  const popup = await openPopup(stage, person, '/finish')
  const closed = popup.waitForEvent('close')
  await press(popup, 'Allow')
  await closed
  await person.page.waitForFunction("document.title === '200 active'")
  const { status, accessToken } = await outcomeOf(stage, session.id)
  expect(status).toBe('completed')
  expect(person.messages.map(({ data }) => data.type)).toEqual(['oauth_finish'])
  expect(stage.site.returned).toEqual([])
  expect(person.sights.length).toBeGreaterThan(2)
  await person.leave([session.connect_token, accessToken!])
})

test('finish: nobody acknowledges, so the window itself goes to the return address and the server finishes', async () => {
  const { origin, returnTo, landing } = stage.site
  const session = await beginAt(stage, { binding: 'finish', origin, return_to: returnTo, state: 's&1' })
  finishOnReturn(session.id)
  const person = await newPerson(stage.browser)
  const popup = await openPopup(stage, person, '/deaf')
  await press(popup, 'Allow')
  await popup.waitForURL(landing)
  expect(person.messages.map(({ data }) => data.type)).toEqual(['oauth_finish'])
  expect(stage.site.returned).toHaveLength(1)
  const [{ url, referrer }] = stage.site.returned as [(typeof stage.site.returned)[0]]
  expect(url.searchParams.get('state')).toBe('s&1')
  expect(url.searchParams.get('tab')).toBe('mail')
  expect(referrer).toBeUndefined()
  const { status, accessToken } = await outcomeOf(stage, session.id)
  expect(status).toBe('completed')
  await person.leave([session.connect_token, accessToken!])
})

test('finish: a page of another origin than the session names gets no code', async () => {
  const named = new URL(stage.site.landing).origin
  await changeWorkspace(stage.grantry, { allowed_origins: [stage.site.origin, named] })
  const session = await beginAt(stage, { binding: 'finish', origin: named })
  const person = await newPerson(stage.browser)
  const popup = await openPopup(stage, person, '/finish')
  await press(popup, 'Allow')
  await popup.getByRole('heading', { name: 'default is finishing the connection.' }).waitFor()
  await popup.waitForLoadState()
  // Messages keep their order: when this one is there, whatever was sent before it is too.
  await popup.evaluate("opener.postMessage({ type: 'later' }, '*')")
  await expect.poll(() => person.messages.length).toBeGreaterThan(0)
  expect(person.messages.map(({ data }) => data.type)).toEqual(['later'])
  expect((await outcomeOf(stage, session.id)).status).toBe('awaiting_finish')
  await person.context.close()
  await changeWorkspace(stage.grantry, { allowed_origins: [stage.site.origin] })
})

test('an opener that isolates itself is lost: the window goes to the return address', async () => {
  stage.site.isolated = true
  const { origin, returnTo, landing } = stage.site
  const session = await beginAt(stage, { origin, return_to: returnTo })
  const person = await newPerson(stage.browser)
  const popup = await openPopup(stage, person, '/popup')
  await press(popup, 'Allow')
  await press(popup, 'Connect')
  await popup.waitForURL(landing)
  expect(stage.site.returned[0]!.url.searchParams.get('code')).toMatch(/^gfc_/)
  expect(person.messages).toEqual([])
  expect((await outcomeOf(stage, session.id)).status).toBe('completed')
  await person.leave([session.connect_token])
})

test('an opener that is closed: the return address if there is one, else the page says that it is done', async () => {
  for (const back of [{ return_to: stage.site.returnTo }, {}]) {
    const session = await beginAt(stage, { origin: stage.site.origin, ...back })
    const person = await newPerson(stage.browser)
    const popup = await openPopup(stage, person, '/popup')
    await press(popup, 'Allow')
    await person.page.close()
    await press(popup, 'Connect')
    if (back.return_to) await popup.waitForURL(stage.site.landing)
    else await popup.getByRole('heading', { name: 'Gmail is connected to default.' }).waitFor()
    await person.leave([session.connect_token])
  }
})

function finishOnReturn(id: string): void {
  stage.site.onReturn = async ({ url }) => {
    const body = { code: url.searchParams.get('code'), end_user_id: 'u_17' }
    const answer = await stage.grantry.call('POST', `/api/v1/connect-sessions/${id}/finish`, body)
    if (answer.status !== 200) throw new Error(answer.text)
  }
}
