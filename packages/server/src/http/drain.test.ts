import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeDrainable } from './drain.ts'

const long = 60_000

let app: FastifyInstance
let port: number
/** Lets the requests to /slow end. */
let release: () => void
let begun: Promise<void>
let agents: Agent[]
let sockets: Socket[]

beforeEach(async () => {
  agents = []
  sockets = []
  const released = Promise.withResolvers<void>()
  const started = Promise.withResolvers<void>()
  release = released.resolve
  begun = started.promise
  app = Fastify()
  makeDrainable(app)
  app.get('/quick', async () => 'quick')
  app.get('/slow', async () => {
    started.resolve()
    await released.promise
    return 'slow'
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  port = (app.server.address() as AddressInfo).port
})
afterEach(async () => {
  for (const agent of agents) agent.destroy()
  for (const socket of sockets) socket.destroy()
  release()
  await app.close()
})

/** A client that keeps its one connection. */
function keepingAgent(): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  agents.push(agent)
  return agent
}

async function get(path: string, agent = keepingAgent()): Promise<string> {
  const sent = request({ port, host: '127.0.0.1', path, agent }).end()
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  const text = (await response.toArray()).join('')
  return `${response.statusCode} ${text} ${response.headers.connection}`
}

test('running requests end, kept connections are answered once more, and each is told to close', async () => {
  const kept = keepingAgent()
  expect(await get('/quick', kept)).toBe('200 quick keep-alive')
  const slow = get('/slow')
  await begun
  const drained = app.drain({ delay: 0, longest: long })
  expect(await get('/quick', kept)).toBe('200 quick close')
  await expect(get('/quick')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  release()
  expect(await slow).toBe('200 slow close')
  await drained
  await app.close()
})

test('who has a connection and says nothing holds nothing up', async () => {
  const silent = connect(port, '127.0.0.1')
  sockets.push(silent)
  await Promise.all([once(silent, 'connect'), once(app.server, 'connection')])
  await get('/quick')
  await app.drain({ delay: 0, longest: long })
  silent.resume()
  if (!silent.closed) await once(silent, 'close')
})

test('a request that does not end in its time is cut', async () => {
  const slow = get('/slow')
  await begun
  await Promise.all([
    expect(slow).rejects.toMatchObject({ code: 'ECONNRESET' }),
    app.drain({ delay: 0, longest: 600 }),
  ])
})

test('for the delay new connections are answered, and told to close', async () => {
  const drained = app.drain({ delay: 1000, longest: long })
  expect(await get('/quick')).toBe('200 quick close')
  await drained
  await expect(get('/quick')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})
