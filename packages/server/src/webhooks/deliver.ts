import { system } from '../audit/event.ts'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import type { WebhookDeliveryRow, WebhookEndpointRow } from '../db/schema.ts'
import { transaction } from '../db/transaction.ts'
import { readMessage } from './message.ts'
import { nextTry, patienceMs } from './retry.ts'
import { type Sent, sendMessage } from './send.ts'
import type { Try } from './store.ts'

type Needs = Pick<Context, 'clock' | 'db' | 'egress' | 'log' | 'random' | 'vault'>

/** Endpoints that one process serves at once; each has one message under way. */
const endpointsAtOnce = 64
/** Nobody else takes an endpoint for this long after its last message was sent; longer than a message takes. */
const claimMs = 60_000
const pauseMs = 1000
const keptTries = 10

/**
 * Sends what waits until `signal` aborts: of each endpoint the oldest event first, one at a time, so that a receiver hears
 * of things in their order; endpoints do not wait for each other. Any number of processes may do this at once.
 */
export async function deliverWebhooks(ctx: Needs, signal: AbortSignal): Promise<void> {
  const running = new Set<Promise<void>>()
  while (!signal.aborted) {
    try {
      for (const endpoint of await claimDue(ctx, endpointsAtOnce - running.size)) {
        const work: Promise<void> = drain(ctx, endpoint, signal)
          .catch((error: unknown) => ctx.log.error({ err: error, endpoint: endpoint.id }, 'webhooks wait'))
          .finally(() => running.delete(work))
        running.add(work)
      }
    } catch (error) {
      ctx.log.error({ err: error }, 'webhooks wait')
    }
    await ctx.clock.sleep(pauseMs, signal)
  }
  await Promise.all(running)
}

/** The same once, for what is due now. */
export async function deliverDue(ctx: Needs): Promise<void> {
  const { signal } = new AbortController()
  await Promise.all((await claimDue(ctx, endpointsAtOnce)).map((endpoint) => drain(ctx, endpoint, signal)))
}

async function claimDue(ctx: Needs, most: number): Promise<WebhookEndpointRow[]> {
  if (most <= 0) return []
  const now = ctx.clock.now()
  const due = await ctx.db
    .selectFrom('webhook_endpoints as endpoint')
    .selectAll('endpoint')
    .where('endpoint.enabled', '=', 1)
    .where((row) => row.or([row('endpoint.retry_at', 'is', null), row('endpoint.retry_at', '<=', now)]))
    .where((row) =>
      row.or([row('endpoint.claimed_until', 'is', null), row('endpoint.claimed_until', '<=', now)]),
    )
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('webhook_deliveries as delivery')
          .select('delivery.event_id')
          .whereRef('delivery.workspace_id', '=', 'endpoint.workspace_id')
          .whereRef('delivery.endpoint_id', '=', 'endpoint.id')
          .where('delivery.status', '=', 'pending'),
      ),
    )
    .limit(most)
    .execute()
  const claimed: WebhookEndpointRow[] = []
  for (const row of due) {
    const result = await ctx.db
      .updateTable('webhook_endpoints')
      .set({ claimed_until: now + claimMs })
      .where('workspace_id', '=', row.workspace_id)
      .where('id', '=', row.id)
      .where('claimed_until', row.claimed_until === null ? 'is' : '=', row.claimed_until)
      .executeTakeFirst()
    if (result.numUpdatedRows > 0n) claimed.push({ ...row, claimed_until: now + claimMs })
  }
  return claimed
}

/** Sends one after another until nothing waits, one fails, or the endpoint is not this process's any more. */
async function drain(ctx: Needs, claimed: WebhookEndpointRow, signal: AbortSignal): Promise<void> {
  let endpoint: WebhookEndpointRow | null = claimed
  while (endpoint) {
    const delivery = signal.aborted ? null : await oldest(ctx, endpoint)
    if (!delivery) return leave(ctx, endpoint)
    const body = await readMessage(ctx, delivery)
    const sent = body === null ? null : await sendMessage(ctx, endpoint, { event: delivery.event_id, body })
    endpoint = await settle(ctx, endpoint, delivery, sent)
  }
}

function oldest(ctx: Needs, { workspace_id, id }: WebhookEndpointRow) {
  return ctx.db
    .selectFrom('webhook_deliveries')
    .selectAll()
    .where('workspace_id', '=', workspace_id)
    .where('endpoint_id', '=', id)
    .where('status', '=', 'pending')
    .orderBy('event_id')
    .limit(1)
    .executeTakeFirst()
}

async function leave(ctx: Needs, { workspace_id, id, claimed_until }: WebhookEndpointRow): Promise<void> {
  await ctx.db
    .updateTable('webhook_endpoints')
    .set({ claimed_until: null })
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', id)
    .where('claimed_until', '=', claimed_until)
    .execute()
}

/**
 * Writes down what came of a message, and what follows for the endpoint.
 * @param sent null where the event is gone and nothing can be sent of it
 * @returns the endpoint as it is now, where the next message may go at once
 */
async function settle(
  ctx: Needs,
  endpoint: WebhookEndpointRow,
  delivery: WebhookDeliveryRow,
  sent: Sent | null,
): Promise<WebhookEndpointRow | null> {
  const now = ctx.clock.now()
  const arrived = sent?.status != null && sent.status >= 200 && sent.status < 300
  const attempts = delivery.attempts + 1
  const retryAt =
    arrived || !sent ? null : nextTry({ attempts, now, retryAfterMs: sent.retryAfterMs }, ctx.random)
  const failingSince = arrived ? null : (endpoint.failing_since ?? now)
  const stop =
    arrived || !sent
      ? null
      : sent.status === 410
        ? 'gone'
        : now - failingSince! >= patienceMs
          ? 'failing'
          : null
  const goesOn = arrived || !sent || (retryAt === null && stop === null)
  const claimed_until = goesOn ? now + claimMs : null
  return transaction(ctx.db, async (tx) => {
    const changed = await tx
      .updateTable('webhook_endpoints')
      .set({
        claimed_until,
        retry_at: retryAt,
        failing_since: failingSince,
        ...(stop ? { enabled: 0, disabled_reason: stop, updated_at: now } : {}),
      })
      .where('workspace_id', '=', endpoint.workspace_id)
      .where('id', '=', endpoint.id)
      .where('claimed_until', '=', endpoint.claimed_until)
      .returningAll()
      .executeTakeFirst()
    await tx
      .updateTable('webhook_deliveries')
      .set({
        attempts,
        status: arrived ? 'delivered' : sent && retryAt !== null ? 'pending' : 'failed',
        tries: JSON.stringify(
          sent ? [...(JSON.parse(delivery.tries) as Try[]), toTry(sent)].slice(-keptTries) : [],
        ),
        delivered_at: arrived ? now : null,
      })
      .where('workspace_id', '=', delivery.workspace_id)
      .where('endpoint_id', '=', delivery.endpoint_id)
      .where('event_id', '=', delivery.event_id)
      .execute()
    if (changed && stop)
      await record(ctx, tx, {
        workspace: endpoint.workspace_id,
        type: 'webhook_endpoint.disabled',
        actor: system,
        app: endpoint.app_id,
        data: { endpoint: endpoint.id, url: endpoint.url, reason: stop },
      })
    // Taken back, changed or ended meanwhile: whoever has it goes on.
    return changed && goesOn && changed.enabled === 1 ? changed : null
  })
}

const toTry = ({ retryAfterMs: _, ...one }: Sent): Try => one
