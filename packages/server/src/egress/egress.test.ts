import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import pkg from '../../package.json' with { type: 'json' }
import { createEgress, type EgressOptions } from './egress.ts'
import { EgressError } from './error.ts'
import { serve } from './loopback.fixture.ts'
import type { Address } from './resolve.ts'

const WS = 'ws_one'
const LOOPBACK: Address[] = [{ address: '127.0.0.1', family: 4 }]

function open(port: number, options: Partial<EgressOptions> = {}) {
  const egress = createEgress({
    allow: [{ workspace: null, host: 'localhost', port }],
    lookup: async () => LOOPBACK,
    ...options,
  })
  onTestFinished(() => egress.close(0))
  return egress
}

test('sends method, headers and body, and answers a standard Response', async () => {
  let seen: { request: IncomingMessage; body: string } | undefined
  const server = await serve(async (request, response) => {
    seen = { request, body: await text(request) }
    response.writeHead(201, { 'content-type': 'application/json', 'x-two': ['a', 'b'] }).end('{"ok":true}')
  })
  const egress = open(server.port)
  const response = await egress.fetch(WS, `${server.url}/token?a=1#fragment`, {
    method: 'post',
    headers: { authorization: 'Basic abc', 'x-mine': 'yes' },
    body: new URLSearchParams({ grant_type: 'refresh_token' }),
  })
  expect(response).toBeInstanceOf(Response)
  expect(response.status).toBe(201)
  expect(response.headers.get('x-two')).toBe('a, b')
  expect(await response.json()).toEqual({ ok: true })
  expect(seen!.body).toBe('grant_type=refresh_token')
  expect(seen!.request.method).toBe('POST')
  expect(seen!.request.url).toBe('/token?a=1')
  expect(seen!.request.headers).toMatchObject({
    host: `localhost:${server.port}`,
    authorization: 'Basic abc',
    'x-mine': 'yes',
    'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
    'content-length': '24',
    'user-agent': `Grantry/${pkg.version}`,
  })
})
