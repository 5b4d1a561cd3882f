import { inspect } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addSandboxIntegration, connectAccount } from '../../../test/support/connecting.ts'
import { startTestGrantry, type TestGrantry } from '../../../test/support/grantry.ts'
import { Grantry, InvalidRequestError, NotFoundError, UnauthenticatedError } from './index.ts'

let server: TestGrantry
let grantry: Grantry
const ids: string[] = []

beforeAll(async () => {
  server = await startTestGrantry()
  grantry = new Grantry({ url: `${server.url}/`, apiKey: server.apiKey })
  const { id } = await addSandboxIntegration(server, 'gmail')
  for (const end_user of ['u_1', 'u_2', 'u_3']) {
    const connection = await connectAccount(server, {
      integration: id,
      access_type: 'read',
      end_user: { id: end_user },
    })
    ids.push(connection.id)
  }
})
afterAll(() => server.close())

test('an answer is what it holds', async () => {
  const connection = await grantry.connections.get(ids[0]!)
  expect(connection).toMatchObject({
    id: ids[0],
    provider: 'gmail',
    status: 'active',
    end_user: { id: 'u_1' },
  })
})

test('a list that is awaited is its first page', async () => {
  const page = await grantry.connections.list({ limit: 2 })
  expect(page.data.length).toBe(2)
  expect(page.next_cursor).toEqual(expect.any(String))
})

test('a list that is iterated is all of it', async () => {
  const found: string[] = []
  for await (const { id } of grantry.connections.list({ limit: 2 })) found.push(id)
  expect(found.toSorted()).toEqual(ids.toSorted())
})

test('filters are sent, undefined ones are not', async () => {
  const { data } = await grantry.connections.list({ end_user: 'u_2', app: undefined })
  expect(data.map(({ id }) => id)).toEqual([ids[1]])
})

test('a body is sent as JSON', async () => {
  const app = await grantry.apps.create({ name: 'Mail' })
  expect((await grantry.apps.list()).data).toEqual([app])
  expect(await grantry.apps.delete(app.id)).toEqual({ id: app.id, deleted: true })
})

test('a refusal is an error of the kind that tells what to do, with all that was said', async () => {
  const missing = await grantry.connections.get('con_nothing').catch((error) => error)
  expect(missing).toBeInstanceOf(NotFoundError)
  expect(missing).toMatchObject({ code: 'not_found', status: 404, requestId: expect.any(String) })
  const invalid = await grantry.apps.create({ name: '' }).catch((error) => error)
  expect(invalid).toBeInstanceOf(InvalidRequestError)
  expect(invalid.errors).toMatchObject([{ path: 'name' }])
  expect(invalid.message).toBe(invalid.detail)
})

test('an id is one part of a path and never climbs out of it', async () => {
  const { url } = server
  const asked: string[] = []
  const watching = new Grantry({
    url,
    apiKey: server.apiKey,
    fetch: async (input) => {
      asked.push(String(input))
      return Response.json({ data: null })
    },
  })
  await watching.connections.get('a/../b?c#d')
  expect(asked).toEqual([`${url}/api/v1/connections/a%2F..%2Fb%3Fc%23d`])
  expect(() => watching.connections.get('..')).toThrow(TypeError)
  expect(() => watching.connections.get('')).toThrow(TypeError)
})

test('without a key it says which to set', async () => {
  const nobody = new Grantry({ url: server.url })
  const refused = await nobody.connections.list().then(null, (error) => error)
  expect(refused).toBeInstanceOf(UnauthenticatedError)
  expect(refused.detail).toContain('GRANTRY_API_KEY')
})

test('a token takes the place of a key, and a function is asked for it', async () => {
  const { token } = await grantry.endUserTokens.create({
    end_user: { id: 'u_1' },
    scopes: ['connections:read'],
  })
  const person = new Grantry({ url: server.url, token: async () => token })
  expect((await person.connections.list()).data.map(({ id }) => id)).toEqual([ids[0]])
  expect(() => new Grantry({ apiKey: 'a', token: 'b' })).toThrow('either')
})

test('what has no method is reached by its path', async () => {
  const { data } = await grantry.request<{ data: { name: string } }>('get', '/api/v1/workspace')
  expect(data.name).toBe((await grantry.workspace.get()).name)
})

test('the environment says what the program does not', async () => {
  const before = { ...process.env }
  try {
    process.env.GRANTRY_URL = server.url
    process.env.GRANTRY_API_KEY = server.apiKey
    expect((await new Grantry().workspace.get()).id).toMatch(/^ws_/)
  } finally {
    for (const name of ['GRANTRY_URL', 'GRANTRY_API_KEY']) {
      if (before[name] === undefined) delete process.env[name]
      else process.env[name] = before[name]
    }
  }
  expect(new Grantry({ apiKey: 'k' }).url).toBe('http://localhost:7001')
})

test('a client shows no key', () => {
  const shown = [inspect(grantry, { depth: 9, showHidden: true }), JSON.stringify(grantry), String(grantry)]
  expect(shown.join()).not.toContain(server.apiKey)
  expect(shown[0]).toContain(server.url)
})

test('a key that no header can hold is refused without being told', () => {
  const refusal = () => new Grantry({ apiKey: 'sk_geheim\u0000' })
  expect(refusal).toThrow(TypeError)
  expect(refusal).not.toThrow('geheim')
})

test.each(['localhost:7001', 'ftp://x', 'https://user:geheim@x'])('%s is no url of a server', (url) => {
  expect(() => new Grantry({ url })).toThrow(/^url: (?!.*geheim)/)
})

test("the provider's API is reached through the proxy, by path or by full URL", async () => {
  const gmail = grantry.fetch(ids[0]!)
  const profile = await gmail('/gmail/v1/users/me/profile')
  expect(await profile.json()).toMatchObject({ emailAddress: 'ada@example.com' })
  const { api_base_url } = await grantry.connections.token(ids[0]!)
  const full = grantry.fetch(ids[0]!, { baseUrl: api_base_url! })
  expect((await full(`${api_base_url}/gmail/v1/users/me/profile`)).status).toBe(200)
  await expect(full('https://elsewhere.example/')).rejects.toThrow(TypeError)
  await expect(gmail('//elsewhere.example/')).rejects.toThrow(TypeError)
})

test("the provider's own refusal is an answer, Grantry's is an error", async () => {
  expect((await grantry.fetch(ids[0]!)('/gmail/v1/users/me/messages/none')).status).toBe(400)
  await expect(grantry.fetch('con_nothing')('/x')).rejects.toBeInstanceOf(NotFoundError)
})

test('without a credential nothing is sent that opens anything, whatever the environment holds', async () => {
  const before = process.env.GRANTRY_API_KEY
  process.env.GRANTRY_API_KEY = server.apiKey
  try {
    const stranger = new Grantry({ url: server.url, apiKey: null })
    expect(await stranger.request('GET', '/healthz')).toEqual({ status: 'ok' })
    expect(await stranger.connections.list().then(null, (error) => error)).toBeInstanceOf(
      UnauthenticatedError,
    )
  } finally {
    if (before === undefined) delete process.env.GRANTRY_API_KEY
    else process.env.GRANTRY_API_KEY = before
  }
})
