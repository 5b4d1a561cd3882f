import { createHmac, timingSafeEqual } from 'node:crypto'

/** What Grantry posts to a webhook endpoint. */
export type WebhookMessage = {
  /** The same at each try and at each redelivery: what has been dealt with is known by it. */
  id: string
  type:
    | 'connection.created'
    | 'connection.reconnected'
    | 'connection.refresh_failed'
    | 'connection.needs_reauth'
    | 'connection.recovered'
    | 'connection.revoked'
    | 'connection.expiring'
  /** When it happened, RFC 3339. */
  timestamp: string
  data: {
    connection_id: string | null
    /** null for a generic integration. */
    provider: string | null
    integration_id: string | null
    end_user_id: string | null
    app_id: string | null
    reason?: string
  }
}

/** A message that is not from Grantry, or not for this secret, or old. Answer 400 and do nothing. */
export class WebhookVerificationError extends Error {
  override readonly name = 'WebhookVerificationError'
}

export type VerifyOptions = {
  /** Seconds that its time may differ from ours. Default 300. */
  tolerance?: number
  /** Milliseconds since the epoch; default now. */
  now?: number
}

type GivenHeaders = Headers | Record<string, string | string[] | undefined>

/**
 * Reads a message after its signature has been checked (Standard Webhooks, HMAC-SHA256).
 * @param body exactly as it came, before any parser: `express.raw({ type: '*\/*' })`, `await request.text()`
 * @param headers of the request: `webhook-id`, `webhook-timestamp`, `webhook-signature`
 * @param secret `whsec_…`; while it is being replaced, several
 * @throws WebhookVerificationError
 * @see https://www.standardwebhooks.com
 * @example
 * const message = verifyWebhook(await request.text(), request.headers, process.env.GRANTRY_WEBHOOK_SECRET!)
 * if (message.type === 'connection.needs_reauth') await askAgain(message.data.end_user_id)
 */
export function verifyWebhook(
  body: string | Uint8Array,
  headers: GivenHeaders,
  secret: string | readonly string[],
  { tolerance = 300, now = Date.now() }: VerifyOptions = {},
): WebhookMessage {
  const [id, timestamp, signature] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    readHeader(headers, name),
  )
  if (!id || !timestamp || !signature)
    throw new WebhookVerificationError(
      'webhook-id, webhook-timestamp and webhook-signature must all be there.',
    )
  const at = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : Number.NaN
  if (!(Math.abs(now / 1000 - at) <= tolerance))
    throw new WebhookVerificationError(
      `It was sent more than ${tolerance} s from now. Are both clocks right?`,
    )
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body)
  const secrets = typeof secret === 'string' ? [secret] : secret
  const wanted = secrets.map((one) => signatureOf({ id, timestamp, body: text }, one))
  const given = signature.split(' ')
  if (!wanted.some((one) => given.some((other) => equal(one, other))))
    throw new WebhookVerificationError(
      'The signature does not fit. Is it the secret of this endpoint, and the body as it came?',
    )
  return { id, ...(JSON.parse(text) as Omit<WebhookMessage, 'id'>) }
}

/**
 * The headers that Grantry would send a body with, for tests of a receiver.
 * @param at milliseconds since the epoch; default now
 */
export function signWebhook(
  body: string,
  secret: string,
  { id, at = Date.now() }: { id: string; at?: number },
): Record<string, string> {
  const timestamp = String(Math.floor(at / 1000))
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatureOf({ id, timestamp, body }, secret),
  }
}

function signatureOf(
  { id, timestamp, body }: { id: string; timestamp: string; body: string },
  secret: string,
) {
  if (!secret.startsWith('whsec_')) throw new TypeError('a webhook secret begins with whsec_')
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
}

function equal(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function readHeader(headers: GivenHeaders, name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1]
  return Array.isArray(found) ? found[0] : found
}
