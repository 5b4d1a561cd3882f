import { createServer, type Server } from 'node:http'
import { type Connection, Grantry } from '@grantry/sdk'
import { connect as connectExpress } from '@grantry/sdk/express'
import { connect as connectFastify } from '@grantry/sdk/fastify'
import { connect as connectHono } from '@grantry/sdk/hono'
import type { ConnectOptions } from '@grantry/sdk/next'
import { connect as connectNext } from '@grantry/sdk/next'
import { serve } from '@hono/node-server'
import express from 'express'
import fastify, { type FastifyRequest } from 'fastify'
import { type Context, Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addSandboxIntegration, consent } from './support/connecting.ts'
import { freePort } from './support/free-port.ts'
import { startTestGrantry, type TestGrantry } from './support/grantry.ts'

type Options = Omit<ConnectOptions<never>, 'endUser' | 'onConnected' | 'session' | 'returnTo'> & {
  returnTo?: string
  onConnected: (connection: Connection) => void
}
type App = { close(): unknown }

/** Its own Request and Response in place of Node's would be met by the tests that run after these. */
const listening = (port: number) => ({ port, hostname: '127.0.0.1', overrideGlobalObjects: false })

/** An app in each framework that knows who is signed in by a header, as if a session said it. */
const frameworks: [name: string, listen: (port: number, options: Options) => Promise<App>][] = [
  ['Express', (port, options) => listenExpress(port, options, false)],
  ['Express with a body parser', (port, options) => listenExpress(port, options, true)],
  [
    'Fastify',
    async (port, options) => {
      const app = fastify()
      const { start, finish } = connectFastify<FastifyRequest>({
        ...options,
        endUser: ({ headers }) => headers['x-user'] as string | undefined,
      })
      app.route({ method: ['GET', 'POST'], url: '/connect', handler: start })
      app.route({ method: ['GET', 'POST'], url: '/connect/finish', handler: finish })
      await app.listen({ port, host: '127.0.0.1' })
      return app
    },
  ],
  [
    'Hono',
    async (port, options) => {
      const app = new Hono()
      const { start, finish } = connectHono<Context>({ ...options, endUser: (c) => c.req.header('x-user') })
      app.all('/connect', start)
      app.all('/connect/finish', finish)
      return new Promise<App>((resolve) => {
        const server = serve({ fetch: app.fetch, ...listening(port) }, () => resolve(server))
      })
    },
  ],
  // Next itself is not here: what its App Router calls are functions from a Request to a Response.
  [
    'Next',
    async (port, options) => {
      const { start, finish } = connectNext({ ...options, endUser: ({ headers }) => headers.get('x-user') })
      return new Promise<App>((resolve) => {
        const pick = ({ url }: Request) => (new URL(url).pathname === '/connect' ? start : finish)
        const server = serve({ fetch: (request) => pick(request)(request), ...listening(port) }, () =>
          resolve(server),
        )
      })
    },
  ],
]

async function listenExpress(port: number, options: Options, parses: boolean): Promise<App> {
  const app = express()
  if (parses) app.use(express.json())
  const { start, finish } = connectExpress<express.Request>({
    ...options,
    endUser: ({ headers }) => headers['x-user'] as string | undefined,
  })
  app.all('/connect', start)
  app.all('/connect/finish', finish)
  return new Promise<Server>((resolve) => {
    const server = createServer(app).listen(port, '127.0.0.1', () => resolve(server))
  })
}

let grantry: TestGrantry
const ports: number[] = []

beforeAll(async () => {
  grantry = await startTestGrantry()
  await addSandboxIntegration(grantry, 'gmail')
  for (const _ of [...frameworks, 'popup']) ports.push(await freePort())
  await new Grantry({ url: grantry.url, apiKey: grantry.apiKey }).workspace.update({
    return_urls: ports.map((port) => `http://127.0.0.1:${port}/connect/finish`),
    allowed_origins: ports.map((port) => `http://127.0.0.1:${port}`),
  })
})
afterAll(() => grantry?.close())

/** One person's browser at the app: keeps cookies, follows nothing by itself. */
function browserAt(origin: string, user: string | null) {
  const cookies = new Map<string, string>()
  return async (url: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers)
    if (user !== null) headers.set('x-user', user)
    headers.set('cookie', [...cookies].map((pair) => pair.join('=')).join('; '))
    const response = await fetch(new URL(url, origin), { ...init, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = line.match(/^([^=]+)=([^;]*)/) ?? []
      if (/Max-Age=0/.test(line)) cookies.delete(name)
      else cookies.set(name, value)
    }
    return response
  }
}

/** Consents at the provider; the address where the browser is then sent. */
async function consentAndReturn(connectUrl: string, wish?: { deny: boolean }) {
  const callback = await consent(grantry, connectUrl, wish ?? { account: 'ada@example.com' })
  const back = await grantry.call('GET', callback, undefined, { key: null })
  expect(back.status).toBe(303)
  return back.headers.get('location')!
}

describe.each(frameworks)('connecting from %s', (name, listen) => {
  let app: App
  let origin: string
  const connected: Connection[] = []

  beforeAll(async () => {
    const port = ports[frameworks.findIndex(([each]) => each === name)]!
    origin = `http://127.0.0.1:${port}`
    app = await listen(port, {
      grantry: new Grantry({ url: grantry.url, apiKey: grantry.apiKey }),
      finishUrl: `${origin}/connect/finish`,
      returnTo: '/settings?tab=mail',
      onConnected: (connection) => void connected.push(connection),
    })
  })
  afterAll(() => app?.close())

  test("a signed-in person's account is connected, as theirs", async () => {
    const visit = browserAt(origin, `${name}'s ada`)
    const start = await visit('/connect?provider=gmail')
    expect(start.status).toBe(303)
    const back = await consentAndReturn(start.headers.get('location')!)
    expect(back.startsWith(`${origin}/connect/finish?code=`)).toBe(true)
    const done = await visit(back)
    expect(done.status).toBe(303)
    const connection = connected.at(-1)!
    expect(connection).toMatchObject({ status: 'active', end_user: { id: `${name}'s ada` } })
    expect(done.headers.get('location')).toBe(`/settings?tab=mail&connection=${connection.id}`)
    // Used up, with its cookie.
    expect((await visit(back)).headers.get('location')).toBe(
      '/settings?tab=mail&connect_error=unknown_session',
    )
  })

  test('a link that was forwarded binds nobody', async () => {
    const mallory = browserAt(origin, 'mallory')
    const start = await mallory('/connect?provider=gmail')
    const back = await consentAndReturn(start.headers.get('location')!)
    const before = connected.length
    const victim = await browserAt(origin, 'victim')(back)
    expect(victim.headers.get('location')).toContain('connect_error=unknown_session')
    const page = await browserAt(origin, 'victim')('/connect/finish', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(await sessionAndCode(start, back)),
    })
    expect(page.status).toBe(403)
    expect(await page.json()).toMatchObject({ error: 'other_end_user' })
    expect(connected.length).toBe(before)
  })

  test('a page that got the code from its popup finishes by POST', async () => {
    const visit = browserAt(origin, 'bob')
    const start = await visit('/connect?provider=gmail')
    const back = await consentAndReturn(start.headers.get('location')!)
    const body = JSON.stringify(await sessionAndCode(start, back))
    const asForm = await visit('/connect/finish', {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body,
    })
    expect(asForm.status).toBe(415)
    const done = await visit('/connect/finish', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    expect(done.status).toBe(200)
    expect(await done.json()).toEqual({
      connection_id: connected.at(-1)!.id,
      provider: 'gmail',
      status: 'active',
    })
    const bad = await visit('/connect/finish', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"session_id":1}',
    })
    expect(bad.status).toBe(400)
  })

  test('a page gets the session by POST, for a popup that tells it the code', async () => {
    const visit = browserAt(origin, 'gina')
    const headers = { 'content-type': 'application/json' }
    const answer = await visit('/connect?provider=gmail', { method: 'POST', headers, body: '{}' })
    expect(answer.status).toBe(200)
    const session = (await answer.json()) as { id: string; connect_url: string }
    expect(session).toEqual({
      id: expect.stringMatching(/^cs_/),
      connect_url: expect.stringContaining(grantry.url),
      connect_token: expect.stringMatching(/^gct_/),
      provider_name: 'Gmail',
    })
    const callback = await consent(grantry, session.connect_url)
    const { text } = await grantry.call('GET', callback, undefined, { key: null })
    const [, told = ''] = text.match(/id="outcome">([^<]+)</) ?? []
    const { message, origins } = JSON.parse(told)
    expect([message.type, origins]).toEqual(['oauth_finish', [origin]])
    const body = JSON.stringify({ session_id: message.sessionId, code: message.code })
    const done = await visit('/connect/finish', { method: 'POST', headers, body })
    expect(await done.json()).toMatchObject({ connection_id: connected.at(-1)!.id, status: 'active' })
    const asForm = await visit('/connect?provider=gmail', {
      method: 'POST',
      body: new URLSearchParams('a=b'),
    })
    expect(asForm.status).toBe(415)
  })

  test('who is not signed in neither starts nor finishes', async () => {
    const nobody = browserAt(origin, null)
    expect((await nobody('/connect?provider=gmail')).status).toBe(401)
    const posted = await nobody('/connect/finish', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"session_id":"cs_x","code":"c"}',
    })
    expect(posted.status).toBe(401)
  })

  test('a person who says no at the provider comes back with its error', async () => {
    const visit = browserAt(origin, 'carol')
    const start = await visit('/connect?provider=gmail')
    const back = await consentAndReturn(start.headers.get('location')!, { deny: true })
    expect((await visit(back)).headers.get('location')).toBe('/settings?tab=mail&connect_error=access_denied')
  })

  test('what cannot be started says why', async () => {
    const refused = await browserAt(origin, 'dave')('/connect?provider=slack')
    expect(refused.status).toBeGreaterThanOrEqual(400)
    expect(await refused.json()).toMatchObject({
      error: expect.any(String),
      error_description: expect.any(String),
    })
  })
})

/** What the popup's message holds: the session that was started, and the code that came back. */
async function sessionAndCode(start: Response, back: string) {
  const [, session_id] = start.headers.getSetCookie()[0]!.match(/=[^.]+\.(cs_[^;]+)/) ?? []
  return { session_id, code: new URL(back).searchParams.get('code') }
}

test('a popup gets a page that tells its opener, to its own origin only', async () => {
  const origin = `http://127.0.0.1:${ports.at(-1)}`
  const finishUrl = `${origin}/connect/finish`
  const client = new Grantry({ url: grantry.url, apiKey: grantry.apiKey })
  const { start, finish } = connectNext({ grantry: client, endUser: () => 'erin', finishUrl, popup: true })
  const begun = await start(new Request(`${origin}/connect?provider=gmail`))
  const [cookie] = begun.headers.getSetCookie()
  expect(cookie).toMatch(/; HttpOnly; SameSite=Lax$/)
  const back = await consentAndReturn(begun.headers.get('location')!)
  const page = await finish(new Request(back, { headers: { cookie: cookie!.split(';')[0]! } }))
  const text = await page.text()
  expect(text).toContain('"type":"oauth_success","connectionId":"con_')
  expect(text).toContain('postMessage(data.message, location.origin)')
  expect(text).not.toContain(new URL(back).searchParams.get('code'))
  expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'; script-src 'sha256-/)
})

test('over https the cookie is Secure, and the person may be described', async () => {
  const client = new Grantry({ url: grantry.url, apiKey: grantry.apiKey })
  await client.workspace.update({ return_urls: ['https://app.example.com/connect/finish'] })
  const { start } = connectNext({
    grantry: client,
    endUser: async () => ({ id: 'frank', email: 'frank@example.com' }),
    finishUrl: 'https://app.example.com/connect/finish',
    session: () => ({ provider: 'gmail', access_type: 'read' }),
  })
  const begun = await start(new Request('https://app.example.com/connect'))
  expect(begun.headers.getSetCookie()[0]).toMatch(/; Path=\/connect\/finish; HttpOnly; SameSite=Lax; Secure$/)
  expect(begun.headers.get('cache-control')).toBe('no-store')
})
