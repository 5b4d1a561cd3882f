import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ServerProcess, startServerProcess } from '../../../../test/support/server-process.ts'

/** Enough that a server which kept it would show. */
const mebibytes = 256
const mostRise = 128
const chunk = randomBytes(1_048_576)
const digest = digestOf(Array<Buffer>(mebibytes).fill(chunk))

let api: Server
let server: ServerProcess
let folder: string
let url: string
const apiKey = 'test_key_of_large_bodies_0000000'

beforeAll(async () => {
  // Sends what it is asked for; of what it is sent it tells the digest.
  api = createServer(async (incoming, response) => {
    if (incoming.method === 'GET') await pipeline(bytes(), response.writeHead(200, lengthOf)).catch(() => {})
    else response.end(await hashOf(incoming))
  })
  api.listen(0, '127.0.0.1')
  await once(api, 'listening')
  const { port } = api.address() as AddressInfo
  folder = await mkdtemp(join(tmpdir(), 'grantry-large-'))
  server = await startServerProcess({
    GRANTRY_DATA_DIR: folder,
    GRANTRY_BOOTSTRAP_API_KEY: apiKey,
    GRANTRY_EGRESS_ALLOW: `localhost:${port}`,
    GRANTRY_SANDBOX: '0',
  })
  const origin = `http://localhost:${port}`
  const integration = await server.call('POST', '/api/v1/integrations', {
    label: 'Large',
    authorization_url: `${origin}/authorize`,
    token_url: `${origin}/token`,
    api_base_url: origin,
    client_id: 'x',
    client_secret: 'x',
    validate: false,
  })
  const connection = await server.call('POST', '/api/v1/connections', {
    integration: integration.body.data.id,
    tokens: { access_token: 'an-access-token-of-usual-length' },
  })
  url = `${server.url}/api/v1/proxy/${connection.body.data.id}/large`
  // What the first call loads is no part of what a body costs.
  await (await send('POST', Readable.from(['warm']))).resume().once('end', () => {})
})
afterAll(async () => {
  await server?.end()
  api?.closeAllConnections()
  api?.close()
  if (folder) await rm(folder, { recursive: true, force: true })
})

const lengthOf = { 'content-length': mebibytes * chunk.length }
const bytes = () => Readable.from(Array<Buffer>(mebibytes).fill(chunk))

function digestOf(chunks: Buffer[]): string {
  const hash = createHash('sha256')
  for (const each of chunks) hash.update(each)
  return hash.digest('hex')
}

async function hashOf(stream: IncomingMessage): Promise<string> {
  const hash = createHash('sha256')
  for await (const part of stream) hash.update(part)
  return hash.digest('hex')
}

async function send(method: string, body?: Readable, headers = {}): Promise<IncomingMessage> {
  const sent = request(url, { method, headers: { authorization: `Bearer ${apiKey}`, ...headers } })
  const response = once(sent, 'response') as Promise<[IncomingMessage]>
  if (body) await pipeline(body, sent)
  else sent.end()
  return (await response)[0]
}

async function text(stream: IncomingMessage): Promise<string> {
  let read = ''
  for await (const part of stream.setEncoding('utf8')) read += part
  return read
}

/** Resident memory in MiB, now and at most. */
async function memory() {
  const status = await readFile(`/proc/${server.pid}/status`, 'utf8')
  const of = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)![1]) / 1024
  return { now: of('VmRSS'), peak: of('VmHWM') }
}

const bounded = test.skipIf(process.platform !== 'linux')

bounded('a large answer arrives whole, and is never held', async () => {
  const before = await memory()
  const response = await send('GET')
  expect(response.headers['content-length']).toBe(String(lengthOf['content-length']))
  expect(await hashOf(response)).toBe(digest)
  expect((await memory()).peak - before.now).toBeLessThan(mostRise)
})

bounded.each([
  ['of a stated length', lengthOf],
  ['of no stated length', {}],
])('a large upload %s arrives whole, and is never held', async (_what, headers) => {
  const before = await memory()
  expect(await text(await send('POST', bytes(), headers))).toBe(digest)
  expect((await memory()).peak - before.now).toBeLessThan(mostRise)
})
