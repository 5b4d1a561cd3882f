import { sql } from 'kysely'
import type { Context } from '../../context.ts'
import { type Db, dialectOf } from '../../db/connect.ts'
import { timeOf } from '../../db/new-id.ts'
import { preparedQuery } from '../../db/prepared-query.ts'
import type { EventChainRow, EventRow } from '../../db/schema.ts'
import { transaction } from '../../db/transaction.ts'
import { signChain } from './checkpoint.ts'
import { createEventWriter, linkHash, noHash } from './event-text.ts'
import { type Link, packLinks } from './links.ts'
import { readEvents } from './read-events.ts'

type Needs = Pick<Context, 'auditKeys' | 'clock' | 'db' | 'log' | 'metrics'>

/** On SQLite nothing else is done while a stretch is hashed; with PostgreSQL each costs seven round trips. */
const atOnce = { sqlite: 200, postgres: 1000 } as const

/** Between one stretch and the next. */
const longestRestMs = 50

/** More events than these are not left unsigned. */
const signEvery = 10_000

/**
 * Gives every event that is committed and has none its place in its workspace's chain, oldest id first. To be done every
 * second, by any number of processes: what another has in hand is passed over.
 */
export async function linkEvents(ctx: Needs): Promise<void> {
  let lag = 0
  for (let after = ''; ; ) {
    const waiting = await ctx.db
      .selectFrom('unlinked_events')
      .selectAll()
      .$if(after !== '', (query) => query.where('workspace_id', '>', after))
      .orderBy('workspace_id')
      .orderBy('id')
      .limit(1)
      .executeTakeFirst()
    if (!waiting) break
    after = waiting.workspace_id
    lag = Math.max(lag, ctx.clock.now() - timeOf(waiting.id))
    await linkWorkspace(ctx, after)
  }
  ctx.metrics.chain.lag(Math.max(0, lag))
}

/** All that waits in one workspace, unless another process is at it. */
export async function linkWorkspace(ctx: Needs, workspace: string): Promise<void> {
  const most = atOnce[dialectOf(ctx.db)]
  for (;;) {
    const begun = ctx.clock.now()
    const { found, unsigned } = await transaction(ctx.db, (tx) => linkSome(ctx, tx, workspace, most))
    if (unsigned >= signEvery) await signChain(ctx, workspace)
    if (found < most) return
    // Readers have the most of the time also where much waits.
    await ctx.clock.sleep(Math.min(longestRestMs, 2 * (ctx.clock.now() - begun)))
  }
}

const oldestWaiting = preparedQuery((db, { workspace, most }: { workspace: string; most: number }) =>
  db
    .selectFrom('unlinked_events')
    .select('id')
    .where('workspace_id', '=', workspace)
    .orderBy('id')
    .limit(most),
)

async function linkSome(
  ctx: Needs,
  tx: Db,
  workspace: string,
  most: number,
): Promise<{ found: number; unsigned: number }> {
  const chain = await takeChain(tx, workspace)
  if (!chain) return { found: 0, unsigned: 0 }
  const waiting = (await oldestWaiting(tx, { workspace, most })).map(({ id }) => id)
  const events = waiting.length > 0 ? await readEvents(tx, workspace, waiting) : new Map<string, EventRow>()
  const links: Link[] = []
  let { seq, hash } = chain
  const write = createEventWriter()
  for (const event of waiting) {
    const row = events.get(event)
    if (!row) {
      // Nothing of ours deletes an event that has no place yet.
      ctx.metrics.chain.fault()
      ctx.log.error({ workspace, event }, 'an event was deleted before it was linked')
      continue
    }
    seq++
    hash = linkHash(hash, seq, write(row))
    links.push({ seq, event, hash })
  }
  if (waiting.length > 0) await forget(tx, workspace, waiting)
  if (links.length > 0) {
    await tx
      .insertInto('event_links')
      .values({ workspace_id: workspace, last_seq: seq, links: packLinks(links) })
      .execute()
    await tx.updateTable('event_chains').set({ seq, hash }).where('workspace_id', '=', workspace).execute()
  }
  return { found: waiting.length, unsigned: seq - chain.signed_seq }
}

/** The chain's end, for this transaction alone; undefined where another one has it. */
async function takeChain(tx: Db, workspace: string): Promise<EventChainRow | undefined> {
  await tx
    .insertInto('event_chains')
    .values({ workspace_id: workspace, seq: 0, hash: noHash, signed_seq: 0, signed_at: 0, pruned_seq: 0 })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return tx
    .selectFrom('event_chains')
    .selectAll()
    .where('workspace_id', '=', workspace)
    .$if(dialectOf(tx) === 'postgres', (query) => query.forUpdate().skipLocked())
    .executeTakeFirst()
}

/** They wait no longer. On SQLite nobody else has written since they were read; elsewhere others may wait between them. */
async function forget(tx: Db, workspace: string, ids: readonly string[]): Promise<void> {
  await (dialectOf(tx) === 'sqlite'
    ? sql`delete from unlinked_events where workspace_id = ${workspace} and id <= ${ids.at(-1)}`
    : sql`delete from unlinked_events where workspace_id = ${workspace} and id = any(${ids}::uuid[])`
  ).execute(tx)
}
