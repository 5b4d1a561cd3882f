import { encodeId } from '@grantry/api'
import type { Context } from '../context.ts'
import type { WebhookEndpointRow } from '../db/schema.ts'
import { EgressError } from '../egress/error.ts'
import { signedHeaders } from './sign.ts'
import { openSecrets, type Try } from './store.ts'

/** For everything, from resolving the name to the answer's last byte. */
const deadlineMs = 15_000
const mostAnswer = 64 * 1024
const shownOfAnswer = 200

export type Sent = Try & {
  /** Asked for by the receiver; null where it was not. */
  retryAfterMs: number | null
}

type Needs = Pick<Context, 'clock' | 'egress' | 'tracing' | 'vault'>

/** Posts one message. It never throws for what the receiver does; a redirect is a refusal like any other. */
export function sendMessage(
  ctx: Needs,
  endpoint: WebhookEndpointRow,
  message: { event: string; body: string },
): Promise<Sent> {
  return ctx.tracing.span('webhook delivery', {}, async (span) => {
    const sent = await send(ctx, endpoint, message)
    if (sent.error !== null || sent.status! >= 300) span.fail(sent.error ?? String(sent.status))
    return sent
  })
}

async function send(
  ctx: Needs,
  endpoint: WebhookEndpointRow,
  { event, body }: { event: string; body: string },
): Promise<Sent> {
  const at = ctx.clock.now()
  const secrets = await openSecrets(ctx, endpoint)
  const headers = signedHeaders({ id: encodeId('evt', event), at, body }, secrets)
  const took = () => Math.max(0, ctx.clock.now() - at)
  try {
    const answer = await ctx.egress.fetch(encodeId('ws', endpoint.workspace_id), endpoint.url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body,
      deadlineMs,
      maxBytes: mostAnswer,
    })
    // Read in any case, so that the socket can be used again.
    const text = await answer.text().catch(() => '')
    return {
      at,
      status: answer.status,
      error: null,
      ms: took(),
      answer: answer.ok ? null : printable(text),
      retryAfterMs: readRetryAfter(answer.headers.get('retry-after'), ctx.clock.now()),
    }
  } catch (error) {
    if (!(error instanceof EgressError)) throw error
    return { at, status: null, error: error.code, ms: took(), answer: null, retryAfterMs: null }
  }
}

/** RFC 9110 §10.2.3: seconds, or a date. */
function readRetryAfter(value: string | null, now: number): number | null {
  if (value === null) return null
  const ms = /^\d{1,9}$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now
  return Number.isFinite(ms) && ms > 0 ? ms : null
}

const printable = (text: string): string | null =>
  text
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, shownOfAnswer)
    .toWellFormed() || null
