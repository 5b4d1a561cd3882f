import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { runCli } from '../../../../../test/support/cli.ts'
import { startTestGrantry, type TestGrantry } from '../../../../../test/support/grantry.ts'
import { addPlainIntegration, importTokens } from '../../../../../test/support/importing.ts'
import { verifyWebhook, type WebhookMessage } from '../../../../sdk/src/index.ts'
import { deliverDue } from '../../../../server/src/webhooks/deliver.ts'
import { type Receiver, startReceiver } from '../../../../server/src/webhooks/receiver.fixture.ts'

let grantry: TestGrantry
let receiver: Receiver
beforeAll(async () => {
  receiver = await startReceiver()
  grantry = await startTestGrantry({
    world: { background: false },
    env: { GRANTRY_EGRESS_ALLOW: receiver.address },
  })
})
afterAll(async () => {
  await grantry?.close()
  await receiver?.close()
})

const env = () => ({ GRANTRY_URL: grantry.url, GRANTRY_API_KEY: grantry.apiKey })
const cli = (...args: string[]) => runCli(['webhooks', ...args], { env: env() })

async function end() {
  const { id: integration } = await addPlainIntegration(grantry)
  const { id } = await importTokens(grantry, integration, { access_token: 'canary-token' })
  await grantry.call('DELETE', `/api/v1/connections/${id}`)
  return id as string
}

test('an endpoint is made, seen at work, given another secret, and ended', async () => {
  const made = await cli('create', receiver.url, '--types', 'connection.revoked', '--json')
  expect(made.json).toMatchObject({ secret: expect.stringMatching(/^whsec_/) })
  const { id, secret } = made.json
  receiver.answer = 500
  const connection = await end()
  await deliverDue(grantry.ctx)
  expect((await cli('list')).stdout).toMatch(new RegExp(`${id} .*connection\\.revoked +failing since`))
  expect((await cli('deliveries', id)).stdout).toMatch(/connection\.revoked +pending +1 .*500 not today/)
  receiver.answer = 204
  const [{ id: event }] = (await cli('deliveries', id, '--pending', '--json')).json
  expect((await cli('redeliver', id, event)).stdout).toContain('is sent again')
  await deliverDue(grantry.ctx)
  const last = receiver.received.at(-1)!
  expect(verifyWebhook(last.body, last.headers, secret, { now: grantry.clock.now() })).toMatchObject({
    id: event,
    data: { connection_id: connection },
  })
  expect((await cli('rotate', id, '--json')).json.secret).not.toBe(secret)
  expect((await cli('delete', id, '--yes')).stdout).toContain('Ended')
  expect((await cli('list')).stderr).toContain('No webhook endpoints yet.')
})

test('a receiver that Grantry cannot reach hears what an endpoint would', async () => {
  const got: WebhookMessage[] = []
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
  const mine = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    got.push(verifyWebhook(body, request.headers, secret))
    response.writeHead(204).end()
  })
  await new Promise<void>((resolve) => mine.listen(0, '127.0.0.1', resolve))
  const { port } = mine.address() as AddressInfo
  const stop = new AbortController()
  let printed = ''
  const listening = runCli(['webhooks', 'listen', '--forward-to', `http://127.0.0.1:${port}/hook`], {
    env: { ...env(), GRANTRY_WEBHOOK_SECRET: secret },
    signal: stop.signal,
    onOutput: (text) => {
      printed += text
    },
  })
  await vi.waitFor(() => expect(printed).toContain('Listening'), { timeout: 10_000 })
  const connection = await end()
  await vi.waitFor(() => expect(got.map(({ data }) => data.connection_id)).toContain(connection), {
    timeout: 15_000,
  })
  // It hears of the receiver's answer a moment after the receiver has given it.
  await vi.waitFor(() => expect(printed).toMatch(/connection\.revoked {2}204/), { timeout: 15_000 })
  stop.abort()
  await listening
  mine.closeAllConnections()
  mine.close()
})

test('what is no address is told at once', async () => {
  for (const address of ['localhost', 'localhost:3000/hook', 'ftp://localhost/hook']) {
    const { code, stderr } = await cli('listen', '--forward-to', address)
    expect([code, stderr]).toEqual([1, expect.stringContaining(`${address} is not an address`)])
  }
})
