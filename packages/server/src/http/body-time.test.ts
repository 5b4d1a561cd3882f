import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import Fastify from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { limitBodyTime } from './body-time.ts'

const app = Fastify()
let port: number

beforeAll(async () => {
  limitBodyTime(app, 100)
  app.addContentTypeParser('*', (_request, _body, done) => done(null))
  app.post('/hurried', async (request) => await read(request.raw))
  app.post('/unhurried', { config: { access: ['public'], unhurried: true } }, async (request) =>
    read(request.raw),
  )
  app.addHook('onRequest', async ({ url }) => {
    if (url === '/refused') throw Object.assign(new Error('no'), { statusCode: 401 })
  })
  app.post('/refused', { config: { access: ['public'], unhurried: true } }, async () => 'half')
  await app.listen({ port: 0, host: '127.0.0.1' })
  port = (app.server.address() as { port: number }).port
})
afterAll(() => app.close())

async function read(body: AsyncIterable<Buffer>): Promise<string> {
  let text = ''
  for await (const part of body) text += part
  return text
}

/** Half a request, and what comes back until the server ends the connection or has answered. */
function begin(path: string): { socket: Socket; answer: Promise<string> } {
  const socket = connect(port, '127.0.0.1')
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\nContent-Length: 4\r\n\r\nha`,
  )
  const answer = new Promise<string>((resolve) => {
    let text = ''
    socket.on('data', (part) => {
      text += part
      if (text.endsWith('half')) resolve(text)
    })
    socket.once('end', () => resolve(text))
  })
  return { socket, answer }
}

test('a body that does not come is refused, and the connection ended', async () => {
  const { socket, answer } = begin('/hurried')
  expect(await answer).toMatch(/^HTTP\/1\.1 400 [\s\S]+malformed_request/)
  socket.destroy()
})

test('where a route takes its time, it may come late; so may the next request', async () => {
  const { socket, answer } = begin('/unhurried')
  // Later than the other one's time: that is over when its refusal is there.
  await begin('/hurried').answer
  socket.write('lf')
  expect(await answer).toMatch(/^HTTP\/1\.1 200 [\s\S]+half$/)
  socket.destroy()
  await once(socket, 'close')
})

test('whoever was refused there has no more time than anywhere', async () => {
  const { socket, answer } = begin('/refused')
  expect(await answer).toMatch(/^HTTP\/1\.1 401 /)
  socket.destroy()
})
