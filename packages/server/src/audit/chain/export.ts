import { encodeId } from '@grantry/api'
import type { Context } from '../../context.ts'
import type { EventCheckpointRow, EventLinksRow } from '../../db/schema.ts'
import { problem } from '../../errors.ts'
import type { Actor, Principal } from '../../http/principal.ts'
import { record } from '../record.ts'
import { readCheckpoint, readSays, signChain } from './checkpoint.ts'
import { eventText, noHash } from './event-text.ts'
import { linkWorkspace } from './link.ts'
import { unpackLinks } from './links.ts'
import { readEvents } from './read-events.ts'

type Needs = Pick<Context, 'auditKeys' | 'clock' | 'db' | 'log' | 'metrics' | 'random'>

export type ChainExport = {
  principal: Principal
  actor: Actor
  /** The number of the event before the first; absent: from the first that there is. */
  after: number | undefined
}

type Stretch = { from: EventCheckpointRow | null; to: EventCheckpointRow | null }

/**
 * A workspace's chain as pieces of a file that can be checked without us: a line that says where it begins and how far it
 * goes, both signed; each event with its number and hash, in order; each checkpoint behind its event.
 * @throws ApiError conflict where there is no checkpoint to begin behind
 */
export async function exportChain(
  ctx: Needs,
  { principal, actor, after }: ChainExport,
): Promise<AsyncGenerator<string>> {
  const { workspace, app } = principal
  const write = (type: 'events.export_started' | 'events.exported', data: Record<string, unknown>) =>
    record(ctx, ctx.db, { workspace, type, actor, app, data: { format: 'chain', ...data } })
  await write('events.export_started', { after: after ?? null })
  await linkWorkspace(ctx, workspace)
  const to = await signChain(ctx, workspace)
  const from = await beginning(ctx, workspace, after)
  return pieces(ctx, workspace, { from, to }, (events) => write('events.exported', { events }))
}

/** The checkpoint that the export begins behind; null at the chain's own beginning. */
async function beginning(
  { db }: Pick<Needs, 'db'>,
  workspace: string,
  after: number | undefined,
): Promise<EventCheckpointRow | null> {
  const chain = await db
    .selectFrom('event_chains')
    .select('pruned_seq')
    .where('workspace_id', '=', workspace)
    .executeTakeFirst()
  const kept = chain?.pruned_seq ?? 0
  const seq = after ?? kept
  if (seq === 0 && kept === 0) return null
  const found = seq < kept ? undefined : await readCheckpoint(db, workspace, seq)
  if (!found)
    throw problem(
      'conflict',
      seq < kept
        ? `Events up to ${kept} were deleted, as they were older than events are kept: begin behind ${kept}.`
        : `There is no checkpoint at event ${seq}. Begin behind the last event of an earlier export.`,
    )
  return found
}

async function* pieces(
  ctx: Needs,
  workspace: string,
  { from, to }: Stretch,
  done: (events: number) => Promise<void>,
): AsyncGenerator<string> {
  const after = from?.seq ?? 0
  const end = to?.seq ?? 0
  yield line({
    grantry_audit_chain: 1,
    workspace_id: encodeId('ws', workspace),
    after: { seq: after, hash: from ? readSays(from).hash : noHash, checkpoint: from?.jws ?? null },
    through: to?.jws ?? null,
  })
  let at = after
  while (at < end) {
    const stretch = await nextStretch(ctx, workspace, at)
    if (!stretch) break
    yield await linesOf(ctx, stretch, { after, end })
    at = stretch.last_seq
  }
  await done(end - after)
}

/** The stretch that the event behind `after` is in. */
export function nextStretch(
  { db }: Pick<Needs, 'db'>,
  workspace: string,
  after: number,
): Promise<EventLinksRow | undefined> {
  return db
    .selectFrom('event_links')
    .selectAll()
    .where('workspace_id', '=', workspace)
    .where('last_seq', '>', after)
    .orderBy('last_seq')
    .limit(1)
    .executeTakeFirst()
}

async function linesOf(
  ctx: Needs,
  stretch: EventLinksRow,
  { after, end }: { after: number; end: number },
): Promise<string> {
  const links = unpackLinks(stretch).filter(({ seq }) => seq > after && seq <= end)
  const events = await readEvents(
    ctx.db,
    stretch.workspace_id,
    links.map(({ event }) => event),
  )
  // Wherever they are: whoever makes the chain anew may cut its stretches otherwise.
  const checkpoints = await ctx.db
    .selectFrom('event_checkpoints')
    .selectAll()
    .where('workspace_id', '=', stretch.workspace_id)
    .where('seq', '>=', links[0]?.seq ?? 0)
    .where('seq', '<=', links.at(-1)?.seq ?? 0)
    .execute()
  const signed = new Map(checkpoints.map(({ seq, jws }) => [seq, jws]))
  return links
    .map(({ seq, event, hash }) => {
      const row = events.get(event)
      const checkpoint = signed.get(seq)
      // What is gone stands as it does in the chain, for whoever checks it to find that.
      const told = row
        ? `{"seq":${seq},"hash":"${hash}","event":${eventText(row)}}\n`
        : line({ seq, hash, missing: encodeId('evt', event) })
      return checkpoint === undefined ? told : told + line({ checkpoint })
    })
    .join('')
}

const line = (value: unknown) => `${JSON.stringify(value)}\n`
