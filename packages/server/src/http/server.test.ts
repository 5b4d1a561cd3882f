import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createServer } from './server.ts'

let app: ReturnType<typeof createServer>
beforeEach(() => {
  app = createServer({
    log: pino({ level: 'silent' }),
    trustedProxies: [],
    authenticators: [],
    publicUrl: 'http://localhost',
    admit: async () => {},
    findByBrowser: async () => null,
  })
  app.get('/told', { config: { access: ['public'] } }, async () => 'told')
})
afterEach(() => app.close())

const listen = () => app.listen({ host: '127.0.0.1', port: 0 })

test('a route that does not say who may call it stops the start, also one of a plugin', async () => {
  app.get('/forgotten', async () => 'everything')
  app.register(async (inner) => {
    inner.post('/deeper', { config: {} }, async () => 'everything')
  })
  await expect(listen()).rejects.toThrow('No access is declared for GET /forgotten, POST /deeper')
  expect(app.server.listening).toBe(false)
})

test('one that names nobody serves nobody', async () => {
  app.get('/nobody', { config: { access: [] } }, async () => 'everything')
  const address = await listen()
  expect(await (await fetch(`${address}/told`)).text()).toBe('told')
  const refused = await fetch(`${address}/nobody`, { headers: { authorization: 'Bearer anything' } })
  expect(refused.status).toBe(401)
})
