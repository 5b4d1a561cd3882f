import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  addSandboxIntegration,
  confirmPage,
  consent,
  startSession,
} from '../../../../test/support/connecting.ts'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'

eachDatabase('a session for several', (database) => {
  let grantry: TestGrantry
  let gmail: string
  let pipedrive: string

  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: database.url, world: { background: false } })
    gmail = (await addSandboxIntegration(grantry, 'gmail')).id
    pipedrive = (await addSandboxIntegration(grantry, 'pipedrive')).id
  })
  afterAll(() => grantry?.close())

  const ada = { end_user: { id: 'ada' }, access_type: 'read' }
  const open = (url: string) => grantry.call('GET', url, undefined, { key: null })
  const picks = (text: string) =>
    [...text.matchAll(/href="([^"]+\?integration=[^"]+)">([^<]+)</g)].map(([, href, label]) => ({
      href,
      label,
    }))
  const read = async ({ id }: { id: string }) =>
    (await grantry.call('GET', `/api/v1/connect-sessions/${id}`)).body.data
  /** Chooses, and consents at that provider; returns the callback, not yet visited. */
  const choose = async ({ connect_url }: { connect_url: string }, integration: string, wish = {}) =>
    consent(grantry, `${connect_url}?integration=${integration}`, { account: 'ada@example.com', ...wish })
  const confirm = async (callback: string) => confirmPage(grantry, (await open(callback)).text, 'connect')
  const heading = (text: string) => /<h1>(.*?)<\/h1>/.exec(text)?.[1]

  test('a session for several shows them, and goes on with the one that is chosen', async () => {
    const session = await startSession(grantry, { ...ada, providers: ['pipedrive', 'gmail'] })
    expect(session).toMatchObject({ authorization_url: null, provider_name: null })
    expect(await read(session)).toMatchObject({ status: 'created', provider_name: null })
    const page = await open(session.connect_url)
    expect([page.status, heading(page.text)]).toEqual([200, 'What do you want to connect to default?'])
    expect(picks(page.text).map(({ label }) => label)).toEqual(['Gmail', 'Pipedrive'])
    expect(picks(page.text)[0]!.href).toContain(gmail)
    const callback = await choose(session, pipedrive)
    expect(await read(session)).toMatchObject({ status: 'started', provider_name: 'Pipedrive' })
    expect((await confirm(callback)).text).toContain('Pipedrive is connected to default.')
    const { connection_id } = await read(session)
    const { body } = await grantry.call('GET', `/api/v1/connections/${connection_id}`)
    // The scopes are those of what was chosen.
    expect(body.data).toMatchObject({ provider: 'pipedrive', integration_id: pipedrive })
    expect(body.data.scopes_requested).toContain('deals:read')
    expect((await open(`${session.connect_url}?integration=${gmail}`)).status).toBe(410)
  })

  test.each([
    ['all that ask people, where none is named', () => ({}), ['Gmail', 'Pipedrive']],
    ['those that are named by id', () => ({ integrations: [pipedrive, gmail] }), ['Gmail', 'Pipedrive']],
    [
      'each once',
      () => ({ integrations: [gmail], providers: ['gmail', 'pipedrive'] }),
      ['Gmail', 'Pipedrive'],
    ],
  ])('offers %s', async (_what, wish, labels) => {
    const session = await startSession(grantry, { ...ada, ...wish() })
    expect(picks((await open(session.connect_url)).text).map(({ label }) => label)).toEqual(labels)
  })

  test('a list of one is no choice', async () => {
    const session = await startSession(grantry, { ...ada, providers: ['gmail'] })
    expect(session).toMatchObject({ authorization_url: expect.any(String), provider_name: 'Gmail' })
    expect((await open(session.connect_url)).status).toBe(302)
  })

  test.each([
    [{ providers: ['gmail'], provider: 'gmail' }, 422, 'integrations'],
    [{ providers: [] }, 422, 'providers'],
    [{ providers: ['gmail', 'pipedrive'], scopes: ['x'] }, 422, 'scopes'],
  ])('refuses %j', async (wish, status, path) => {
    const answer = await grantry.call('POST', '/api/v1/connect-sessions', { ...ada, ...wish })
    expect([answer.status, answer.body.errors[0].path]).toEqual([status, path])
  })

  test('refuses what is not there', async () => {
    for (const wish of [{ providers: ['gmail', 'nobody'] }, { integrations: [gmail, 'int_nothing'] }]) {
      const answer = await grantry.call('POST', '/api/v1/connect-sessions', { ...ada, ...wish })
      expect(answer.status).toBe(404)
    }
  })

  test('what the session does not offer cannot be chosen', async () => {
    const other = (await addSandboxIntegration(grantry, 'gmail', { label: 'another' })).id
    const session = await startSession(grantry, { ...ada, integrations: [gmail, pipedrive] })
    const page = await open(`${session.connect_url}?integration=${other}`)
    expect([page.status, picks(page.text).length]).toEqual([200, 2])
    // Two of one service are told apart.
    const both = await startSession(grantry, { ...ada, integrations: [gmail, other] })
    expect(picks((await open(both.connect_url)).text).map(({ label }) => label)).toEqual([
      'Gmail (another)',
      'Gmail (gmail (sandbox))',
    ])
    await grantry.call('DELETE', `/api/v1/integrations/${other}`)
    const fewer = await open(both.connect_url)
    expect(picks(fewer.text)).toHaveLength(1)
  })

  test('whoever goes back and chooses something else ends what began before', async () => {
    const session = await startSession(grantry, { ...ada, integrations: [gmail, pipedrive] })
    const first = await choose(session, gmail)
    const second = await choose(session, pipedrive)
    const calls = grantry.sandbox!.control.stats().calls
    const stray = await open(first)
    expect([stray.status, heading(stray.text)]).toEqual([409, 'Something else was chosen in the meantime.'])
    // No code of the one provider went to the other.
    expect(grantry.sandbox!.control.stats().calls).toBe(calls)
    expect((await confirm(second)).text).toContain('Pipedrive is connected to default.')
  })

  test('also at the confirm page: the other choice is made, and this code is worth nothing any more', async () => {
    const session = await startSession(grantry, { ...ada, integrations: [gmail, pipedrive] })
    const waiting = await open(await choose(session, gmail))
    const second = await choose(session, pipedrive)
    const calls = grantry.sandbox!.control.stats().calls
    expect((await confirmPage(grantry, waiting.text, 'connect')).status).toBe(409)
    expect(grantry.sandbox!.control.stats().calls).toBe(calls)
    expect((await confirm(second)).text).toContain('Pipedrive is connected to default.')
  })

  test("through Fiberwise's address, the provider in it is the choice", async () => {
    const session = await startSession(grantry, { ...ada, integrations: [gmail, pipedrive] })
    const start = await open(`/api/v1/credentials/auth/pipedrive?connect_session=${session.start_token}`)
    expect(start.status).toBe(302)
    expect(await read(session)).toMatchObject({ provider_name: 'Pipedrive' })
  })

  test('a page with many can be searched, and makes sense without', async () => {
    const more: string[] = []
    for (let i = 0; i < 7; i++)
      more.push((await addSandboxIntegration(grantry, 'gmail', { label: `mail ${i}` })).id)
    const session = await startSession(grantry, { ...ada, integrations: [gmail, pipedrive, ...more] })
    const { text } = await open(session.connect_url)
    expect(picks(text)).toHaveLength(9)
    expect(text).toContain('<div id="search" hidden>')
    for (const id of more) await grantry.call('DELETE', `/api/v1/integrations/${id}`)
  })

  const again = (text: string) => /<a class="button" href="([^"]+)">Try again<\/a>/.exec(text)?.[1]

  test.each(['one', 'several'])(
    'of %s: a failure with nowhere else to go can be tried again',
    async (kind) => {
      const wish = kind === 'one' ? { integration: gmail } : { integrations: [gmail, pipedrive] }
      const session = await startSession(grantry, { ...ada, ...wish })
      const url = kind === 'one' ? session.connect_url : `${session.connect_url}?integration=${gmail}`
      const { control } = grantry.sandbox!
      control.fault({ endpoint: 'token', fault: 'error', error: 'invalid_client', times: 'forever' })
      const failed = await confirm(await consent(grantry, url))
      control.clearFaults()
      expect(await read(session)).toMatchObject({ status: 'failed', error: 'invalid_client' })
      // The link itself is over: only the page has another.
      expect((await open(session.connect_url)).status).toBe(410)
      const retry = again(failed.text)!
      const callback = await consent(grantry, kind === 'one' ? retry : `${retry}?integration=${gmail}`)
      expect(await read(session)).toMatchObject({ status: 'started', error: null })
      expect((await confirm(callback)).text).toContain('Gmail is connected to default.')
      expect(await read(session)).toMatchObject({ status: 'completed' })
      // It works once.
      expect((await open(retry)).status).toBe(404)
    },
  )

  /** The provider takes its time with the code; another tab does something meanwhile. */
  async function whileExchanging(url: string, meanwhile: () => Promise<void>) {
    const page = await open(await consent(grantry, url, { account: 'ada@example.com' }))
    grantry.sandbox!.control.fault({ endpoint: 'token', fault: 'delay', ms: 1500, times: 1 })
    const before = grantry.sandbox!.control.stats().calls
    const confirmed = confirmPage(grantry, page.text, 'connect')
    await expect.poll(() => grantry.sandbox!.control.stats().calls).toBeGreaterThan(before)
    await meanwhile()
    return (await confirmed).text
  }

  test('while a code is being exchanged, another choice is refused and changes nothing', async () => {
    const session = await startSession(grantry, { ...ada, integrations: [gmail, pipedrive] })
    const text = await whileExchanging(`${session.connect_url}?integration=${gmail}`, async () => {
      expect((await open(`${session.connect_url}?integration=${pipedrive}`)).status).toBe(410)
      expect(await read(session)).toMatchObject({ provider_name: 'Gmail' })
    })
    expect(text).toContain('Gmail is connected to default.')
    expect(await read(session)).toMatchObject({ status: 'completed', provider_name: 'Gmail' })
  })

  test('while a code is being exchanged, a failure in another tab cannot be tried again: one session makes one connection', async () => {
    const session = await startSession(grantry, { end_user: { id: 'only-one' }, integration: gmail })
    const denied = await consent(grantry, session.connect_url, { deny: true })
    const text = await whileExchanging(session.connect_url, async () => {
      const retry = again((await open(denied)).text)!
      expect((await open(retry)).status).toBe(410)
    })
    expect(text).toContain('Gmail is connected to default.')
    const { body } = await grantry.call('GET', '/api/v1/connections?end_user=only-one')
    expect(body.data).toHaveLength(1)
  })

  test('of several integrations, one of an app needs the app to be named', async () => {
    const app = (await grantry.call('POST', '/api/v1/apps', { name: 'one' })).body.data.id
    const { id } = await addSandboxIntegration(grantry, 'gmail', { app_id: app, label: 'of an app' })
    const wish = { ...ada, integrations: [id, pipedrive] }
    const refused = await grantry.call('POST', '/api/v1/connect-sessions', wish)
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ path: 'app_id' }] } })
    const session = await startSession(grantry, { ...wish, app_id: app })
    await confirm(await choose(session, id))
    const connection = (await read(session)).connection_id
    const { body } = await grantry.call('GET', `/api/v1/connections/${connection}`)
    expect(body.data.app_id).toBe(app)
  })

  test('whoever said that it is not them is offered no other try', async () => {
    const session = await startSession(grantry, { ...ada, integration: gmail })
    const page = await open(await consent(grantry, session.connect_url))
    const refused = await confirmPage(grantry, page.text, 'cancel')
    expect(again(refused.text)).toBeUndefined()
  })

  test('a link that is over leads back to where the session returns to', async () => {
    const return_to = 'https://app.example.com/settings'
    await grantry.call('PATCH', '/api/v1/workspace', { return_urls: [return_to] })
    const session = await startSession(grantry, { ...ada, integration: gmail, return_to })
    await open(await consent(grantry, session.connect_url, { deny: true }))
    const { text } = await open(session.connect_url)
    expect(text).toContain(`<a class="button" href="${return_to}">Back to default</a>`)
  })

  beforeEach(() => grantry.sandbox!.control.clearFaults())
})
