import { encodeId } from '@grantry/api'
import type { Context } from '../../context.ts'
import type { EventFeedRow } from '../../db/schema.ts'
import { type Collector, isRefusal, type Outgoing, openCollector } from './collector.ts'
import { nextStretch } from './export.ts'
import { unpackLinks } from './links.ts'
import { readEvents } from './read-events.ts'

type Needs = Pick<Context, 'clock' | 'config' | 'db' | 'log'>

/** Nobody else sends a workspace's events for this long after its last were taken. */
const claimMs = 60_000
const pauseMs = 1000
/** While the collector is away, it is asked this often in the end. */
const longestPauseMs = 60_000

/**
 * Sends every chain to the operator's collector, in its order, and its checkpoints behind, until `signal` aborts; what one
 * process has begun another goes on with. How far each came rests in the database: a collector that is away loses nothing,
 * and what it took without our hearing of it comes once more.
 */
export async function sendChains(ctx: Needs, signal: AbortSignal): Promise<void> {
  const { logs, service } = ctx.config.telemetry
  if (!logs) return
  let collector: Collector | undefined
  for (let failures = 0; !signal.aborted; ) {
    try {
      collector ??= await openCollector(logs, service)
      await sendWaiting(ctx, collector, signal)
      if (failures > 0) ctx.log.info('the collector takes events again')
      failures = 0
    } catch (error) {
      if (failures === 0) ctx.log.warn({ err: error }, 'events wait for the collector')
      failures++
    }
    await ctx.clock.sleep(Math.min(longestPauseMs, pauseMs * 2 ** failures), signal)
  }
  await collector?.close()
}

/** Every feed gets its turn, whatever becomes of those before it. @throws Error the first that kept one from being sent */
export async function sendWaiting(ctx: Needs, collector: Collector, signal?: AbortSignal): Promise<void> {
  await ctx.db
    .insertInto('event_feeds')
    .columns(['workspace_id', 'sent_seq', 'sent_checkpoint', 'claimed_until'])
    .expression((eb) =>
      eb
        .selectFrom('event_chains as chain')
        .leftJoin('event_feeds as feed', 'feed.workspace_id', 'chain.workspace_id')
        .select((row) => [
          'chain.workspace_id',
          'chain.pruned_seq as sent_seq',
          row.lit(0).as('sent_checkpoint'),
          row.lit(0).as('claimed_until'),
        ])
        .where('feed.workspace_id', 'is', null),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const due = await ctx.db
    .selectFrom('event_feeds as feed')
    .innerJoin('event_chains as chain', 'chain.workspace_id', 'feed.workspace_id')
    .selectAll('feed')
    .where((row) =>
      row.or([
        row('chain.seq', '>', row.ref('feed.sent_seq')),
        row('chain.signed_seq', '>', row.ref('feed.sent_checkpoint')),
      ]),
    )
    .where('feed.claimed_until', '<=', ctx.clock.now())
    .execute()
  let first: Error | undefined
  for (const feed of due) {
    if (signal?.aborted) return
    try {
      await sendOne(ctx, collector, feed, signal)
    } catch (error) {
      const of = encodeId('ws', feed.workspace_id)
      first ??= new Error(`The events of workspace ${of} were not sent`, { cause: error })
    }
  }
  if (first) throw first
}

async function sendOne(
  ctx: Needs,
  collector: Collector,
  found: EventFeedRow,
  signal: AbortSignal | undefined,
): Promise<void> {
  let feed = await move(ctx, found, {})
  /** How many go at once: half as many whenever they are refused, so that what comes before a refused one is taken. */
  let atOnce = Number.POSITIVE_INFINITY
  try {
    while (feed && !signal?.aborted) {
      const next = (await nextEvents(ctx, feed, atOnce)) ?? (await nextCheckpoints(ctx, feed, atOnce))
      if (!next) break
      try {
        await collector.send(feed.workspace_id, next.records, ctx.clock.now())
      } catch (error) {
        if (!isRefusal(error) || next.records.length === 1) throw error
        atOnce = Math.floor(next.records.length / 2)
        feed = await move(ctx, feed, {})
        continue
      }
      feed = await move(ctx, feed, next.sent)
    }
  } finally {
    if (feed) await move(ctx, feed, { claimed_until: 0 })
  }
}

type Next = { records: Outgoing[]; sent: Partial<EventFeedRow> }

async function nextEvents(
  ctx: Needs,
  { workspace_id, sent_seq }: EventFeedRow,
  atOnce: number,
): Promise<Next | null> {
  const stretch = await nextStretch(ctx, workspace_id, sent_seq)
  if (!stretch) return null
  const links = unpackLinks(stretch)
    .filter(({ seq }) => seq > sent_seq)
    .slice(0, atOnce)
  const events = await readEvents(
    ctx.db,
    workspace_id,
    links.map(({ event }) => event),
  )
  const records = links.map((link): Outgoing => ({ kind: 'event', link, row: events.get(link.event) }))
  return { records, sent: { sent_seq: links.at(-1)?.seq ?? stretch.last_seq } }
}

async function nextCheckpoints(
  { db }: Needs,
  { workspace_id, sent_seq, sent_checkpoint }: EventFeedRow,
  atOnce: number,
): Promise<Next | null> {
  const rows = await db
    .selectFrom('event_checkpoints')
    .selectAll()
    .where('workspace_id', '=', workspace_id)
    .where('seq', '>', sent_checkpoint)
    .where('seq', '<=', sent_seq)
    .orderBy('seq')
    .limit(Math.min(100, atOnce))
    .execute()
  const last = rows.at(-1)
  if (!last) return null
  return { records: rows.map((row) => ({ kind: 'checkpoint', row })), sent: { sent_checkpoint: last.seq } }
}

/** @returns the feed as it is then; null where another process has it now */
async function move(
  { db, clock }: Needs,
  feed: EventFeedRow,
  changes: Partial<EventFeedRow>,
): Promise<EventFeedRow | null> {
  const changed = await db
    .updateTable('event_feeds')
    .set({ claimed_until: clock.now() + claimMs, ...changes })
    .where('workspace_id', '=', feed.workspace_id)
    .where('sent_seq', '=', feed.sent_seq)
    .where('sent_checkpoint', '=', feed.sent_checkpoint)
    .where('claimed_until', '=', feed.claimed_until)
    .returningAll()
    .executeTakeFirst()
  return changed ?? null
}
