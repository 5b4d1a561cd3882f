import { expect, test } from 'vitest'
import { Secret } from '../../oauth/src/index.ts'
import { signedHeaders } from '../../server/src/webhooks/sign.ts'
import { signWebhook, verifyWebhook, WebhookVerificationError } from './webhooks.ts'

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const other = 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
const body = JSON.stringify({ type: 'connection.revoked', timestamp: '2026-11-21T10:00:00.000Z', data: {} })
const at = Date.parse('2026-11-21T10:00:01.000Z')

test('the standard’s own example', () => {
  const headers = {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  }
  const message = verifyWebhook('{"test": 2432232314}', headers, secret, { now: 1_614_265_330_000 })
  expect(message).toEqual({ id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', test: 2432232314 })
})

test('what the server signs is read, also while its secret is being replaced', () => {
  const headers = signedHeaders({ id: 'evt_1', at, body }, [new Secret(other), new Secret(secret)])
  for (const given of [headers, new Headers(headers), { ...headers, 'Webhook-Id': undefined }])
    expect(verifyWebhook(new TextEncoder().encode(body), given, secret, { now: at })).toMatchObject({
      id: 'evt_1',
      type: 'connection.revoked',
    })
  expect(
    verifyWebhook(body, signWebhook(body, secret, { id: 'evt_1', at }), [other, secret], { now: at }).id,
  ).toBe('evt_1')
})

test.each<[string, () => unknown]>([
  ['another body', () => verifyWebhook(`${body} `, signed(), secret, { now: at })],
  ['another id', () => verifyWebhook(body, { ...signed(), 'webhook-id': 'evt_2' }, secret, { now: at })],
  ['another secret', () => verifyWebhook(body, signed(), other, { now: at })],
  ['an old one', () => verifyWebhook(body, signed(), secret, { now: at + 301_000 })],
  ['one of the future', () => verifyWebhook(body, signed(), secret, { now: at - 301_000 })],
  ['no time', () => verifyWebhook(body, { ...signed(), 'webhook-timestamp': 'soon' }, secret, { now: at })],
  ['no signature', () => verifyWebhook(body, { ...signed(), 'webhook-signature': '' }, secret, { now: at })],
  [
    'another scheme',
    () => verifyWebhook(body, { ...signed(), 'webhook-signature': 'v0,x' }, secret, { now: at }),
  ],
])('%s is refused', (_what, verify) => {
  expect(verify).toThrow(WebhookVerificationError)
})

const signed = () => signWebhook(body, secret, { id: 'evt_1', at })
