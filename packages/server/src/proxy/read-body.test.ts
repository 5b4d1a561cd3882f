import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { readBody } from './read-body.ts'

async function send(parts: string[], silenceMs: number) {
  const outcome = Promise.withResolvers<unknown>()
  const server = createServer((request, response) => {
    readBody(request, silenceMs).then(outcome.resolve, outcome.reject)
    outcome.promise.finally(() => response.end()).catch(() => {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  onTestFinished(() => {
    socket.destroy()
    server.close()
  })
  for (const part of parts) socket.write(part)
  return { socket, outcome: outcome.promise }
}

const head = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n'

test('a small body is there as its bytes', async () => {
  const { outcome } = await send([head, 'ha', 'lf'], 10_000)
  expect(String(await outcome)).toBe('half')
})

test('of whoever does not go on sending it the connection ends', async () => {
  const { socket, outcome } = await send([head, 'ha'], 50)
  await Promise.all([expect(outcome).rejects.toThrow(), once(socket.resume(), 'close')])
})
