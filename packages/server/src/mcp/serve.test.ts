import { once } from 'node:events'
import Fastify from 'fastify'
import { expect, test } from 'vitest'
import { createMcpBridge } from './serve.ts'

test('for a client that left before its message was looked at nothing is done', async () => {
  let calls = 0
  const served = Promise.withResolvers<void>()
  const bridge = createMcpBridge<null>({ debug() {} } as never, (sdk) => {
    const server = new sdk.Server({ name: 'x', version: '1' }, { capabilities: { tools: {} } })
    server.setRequestHandler('tools/call', () => {
      calls++
      return { content: [] }
    })
    return server
  })
  const app = Fastify()
  const left = new AbortController()
  app.post('/mcp', async (request, reply) => {
    const closed = once(reply.raw, 'close')
    left.abort()
    await closed
    return bridge.serve(request, reply, null).finally(served.resolve)
  })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  const sent = fetch(`${url}/mcp`, {
    method: 'POST',
    signal: left.signal,
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2025-11-25',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'x' } }),
  })
  await expect(sent).rejects.toThrow()
  await served.promise
  await Promise.all([bridge.close(), app.close()])
  expect(calls).toBe(0)
})
