import { createHmac } from 'node:crypto'
import { Secret } from '@grantry/oauth'

/** Of a secret's 24 to 64 bytes (Standard Webhooks, "Signature scheme"). */
const secretBytes = 32

/** `whsec_` and base64, as the standard writes a symmetric secret. */
export const mintSecret = (random: (bytes: number) => Uint8Array): Secret =>
  new Secret(`whsec_${Buffer.from(random(secretBytes)).toString('base64')}`)

/**
 * The three headers of Standard Webhooks: HMAC-SHA256 over id, time and body. While a secret is being replaced there are
 * two signatures, the new one's first.
 * @param at milliseconds since the epoch, when it is sent
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function signedHeaders(
  { id, at, body }: { id: string; at: number; body: string },
  secrets: readonly Secret[],
): Record<string, string> {
  const timestamp = String(Math.floor(at / 1000))
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.expose().slice('whsec_'.length), 'base64')
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
  })
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') }
}
