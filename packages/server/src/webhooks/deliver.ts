import { encodeId } from '@grantry/api'
import { sql } from 'kysely'
import { system } from '../audit/event.ts'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import type { WebhookDeliveryRow, WebhookEndpointRow } from '../db/schema.ts'
import { transaction } from '../db/transaction.ts'
import { createFaults } from '../log.ts'
import { readMessage } from './message.ts'
import { nextTry, patienceMs } from './retry.ts'
import { type Sent, sendMessage } from './send.ts'
import { originOf, type Try } from './store.ts'

type Needs = Pick<Context, 'clock' | 'db' | 'egress' | 'log' | 'metrics' | 'random' | 'tracing' | 'vault'>

/** Endpoints that one process serves at once; each has one message under way. */
const endpointsAtOnce = 64
/** Of one workspace, whose receivers may all be slow. */
const ofOneWorkspace = 8
/** After so many messages, or so long, an endpoint makes room for another. */
const messagesInARow = 100
const longestMs = 10_000
/** Nobody else takes an endpoint for this long after its last message was sent; longer than a message takes. */
const claimMs = 60_000
const pauseMs = 1000
const keptTries = 10
const looking = 'webhooks wait'

/**
 * Sends what waits until `signal` aborts: of each endpoint the oldest event first, one at a time, so that a receiver hears
 * of things in their order; endpoints do not wait for each other. Any number of processes may do this at once.
 */
export async function deliverWebhooks(ctx: Needs, signal: AbortSignal): Promise<void> {
  const running = new Map<Promise<void>, string>()
  const faults = createFaults(ctx)
  while (!signal.aborted) {
    try {
      for (const endpoint of await claimDue(ctx, [...running.values()])) {
        const what = `webhooks wait: endpoint ${endpoint.id}`
        const work: Promise<void> = drain(ctx, endpoint, signal)
          .then(
            () => faults.worked(what),
            (error: unknown) => faults.failed(what, error),
          )
          .finally(() => running.delete(work))
        running.set(work, endpoint.workspace_id)
      }
      faults.worked(looking)
    } catch (error) {
      faults.failed(looking, error)
    }
    await ctx.clock.sleep(pauseMs, signal)
  }
  await Promise.all(running.keys())
}

/** The same once, for what is due now. */
export async function deliverDue(ctx: Needs): Promise<void> {
  const { signal } = new AbortController()
  await Promise.all((await claimDue(ctx, [])).map((endpoint) => drain(ctx, endpoint, signal)))
}

/** @param served workspaces of the endpoints that this process is serving already */
async function claimDue(ctx: Needs, served: readonly string[]): Promise<WebhookEndpointRow[]> {
  const room = endpointsAtOnce - served.length
  if (room <= 0) return []
  const now = ctx.clock.now()
  const due = await ctx.db
    .selectFrom('webhook_endpoints as endpoint')
    .select(['endpoint.workspace_id', 'endpoint.id'])
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
    // Where there are more than can be served, no order may put the same ones last each time.
    .orderBy(sql`random()`)
    .limit(endpointsAtOnce * 4)
    .execute()
  const claimed: WebhookEndpointRow[] = []
  const count = new Map<string, number>()
  for (const workspace of served) count.set(workspace, (count.get(workspace) ?? 0) + 1)
  for (const { workspace_id, id } of due) {
    const others = count.get(workspace_id) ?? 0
    if (claimed.length >= room || others >= ofOneWorkspace) continue
    const row = await claim(ctx, workspace_id, id, now)
    if (!row) continue
    claimed.push(row)
    count.set(workspace_id, others + 1)
  }
  return claimed
}

/** Another process may have served it, or a person stopped it, since it was looked at. */
function claim(ctx: Needs, workspace: string, id: string, now: number) {
  return ctx.db
    .updateTable('webhook_endpoints')
    .set({ claimed_until: now + claimMs })
    .where('workspace_id', '=', workspace)
    .where('id', '=', id)
    .where('enabled', '=', 1)
    .where((row) => row.or([row('retry_at', 'is', null), row('retry_at', '<=', now)]))
    .where((row) => row.or([row('claimed_until', 'is', null), row('claimed_until', '<=', now)]))
    .returningAll()
    .executeTakeFirst()
}

/** Sends one after another until nothing waits, one fails, it was enough for now, or the endpoint is not this process's any more. */
async function drain(ctx: Needs, claimed: WebhookEndpointRow, signal: AbortSignal): Promise<void> {
  const begun = ctx.clock.now()
  let endpoint: WebhookEndpointRow | null = claimed
  for (let sent = 0; endpoint; sent++) {
    const enough = signal.aborted || sent >= messagesInARow || ctx.clock.now() - begun > longestMs
    const delivery = enough ? null : await oldest(ctx, endpoint)
    if (!delivery) return leave(ctx, endpoint)
    const body = await readMessage(ctx, delivery)
    const came = body === null ? null : await sendMessage(ctx, endpoint, { event: delivery.event_id, body })
    endpoint = await settle(ctx, endpoint, delivery, came)
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

async function leave(
  { db }: Pick<Needs, 'db'>,
  { workspace_id, id, claimed_until }: WebhookEndpointRow,
): Promise<void> {
  await db
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
  if (sent)
    ctx.metrics.webhooks.attempt({
      outcome: arrived ? 'delivered' : stop ? 'stopped' : 'failed',
      seconds: sent.ms / 1000,
    })
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
      // What a person has said meanwhile (another address, go on, send again) is not undone by what came of the old.
      .where('updated_at', '=', endpoint.updated_at)
      .returningAll()
      .executeTakeFirst()
    if (!changed) await leave({ db: tx }, endpoint)
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
      .where('attempts', '=', delivery.attempts)
      .execute()
    if (changed && stop)
      await record(ctx, tx, {
        workspace: endpoint.workspace_id,
        type: 'webhook_endpoint.disabled',
        actor: system,
        app: endpoint.app_id,
        data: { endpoint: encodeId('whe', endpoint.id), origin: originOf(endpoint.url), reason: stop },
      })
    // Taken back, changed or ended meanwhile: whoever has it goes on.
    return changed && goesOn && changed.enabled === 1 ? changed : null
  })
}

const toTry = ({ retryAfterMs: _, ...one }: Sent): Try => one
