import { encodeId } from '@grantry/api'
import type { Context } from '../../context.ts'
import { type Db, dialectOf } from '../../db/connect.ts'
import type { EventChainRow, EventCheckpointRow } from '../../db/schema.ts'
import { transaction } from '../../db/transaction.ts'

type Needs = Pick<Context, 'auditKeys' | 'clock' | 'db'>

/** Longer than this no event stays unsigned. */
const signAfterMs = 5 * 60_000

/** What a checkpoint says, as the payload of a JWS: then the workspace's chain went to event `seq`, with this hash. */
export type Checkpoint = { workspace_id: string; seq: number; hash: string; at: string }

/** Signs every chain that has grown and was not signed for five minutes. To be done now and then, by any process. */
export async function signChains(ctx: Needs): Promise<void> {
  const due = await ctx.db
    .selectFrom('event_chains')
    .select('workspace_id')
    .whereRef('seq', '>', 'signed_seq')
    .where('signed_at', '<=', ctx.clock.now() - signAfterMs)
    .execute()
  for (const { workspace_id } of due) await signChain(ctx, workspace_id)
}

/**
 * Signs a chain as far as it goes now, unless that is done.
 * @returns the checkpoint of its end; null where the chain is empty
 */
export async function signChain(ctx: Needs, workspace: string): Promise<EventCheckpointRow | null> {
  const sign = await ctx.auditKeys.signer()
  return transaction(ctx.db, async (tx) => {
    const chain = await holdChain(tx, workspace)
    if (!chain || chain.seq === 0) return null
    const { seq, hash } = chain
    if (chain.signed_seq === seq) {
      const signed = await readCheckpoint(tx, workspace, seq)
      if (signed) return signed
    }
    const at = ctx.clock.now()
    const says: Checkpoint = {
      workspace_id: encodeId('ws', workspace),
      seq,
      hash,
      at: new Date(at).toISOString(),
    }
    const row = { workspace_id: workspace, seq, at, jws: sign(says) }
    await tx.insertInto('event_checkpoints').values(row).execute()
    await tx
      .updateTable('event_chains')
      .set({ signed_seq: seq, signed_at: at })
      .where('workspace_id', '=', workspace)
      .execute()
    return row
  })
}

/** The chain's end, which stays as it is until the transaction ends. */
export function holdChain(tx: Db, workspace: string): Promise<EventChainRow | undefined> {
  return tx
    .selectFrom('event_chains')
    .selectAll()
    .where('workspace_id', '=', workspace)
    .$if(dialectOf(tx) === 'postgres', (query) => query.forUpdate())
    .executeTakeFirst()
}

export function readCheckpoint(
  db: Db,
  workspace: string,
  seq: number,
): Promise<EventCheckpointRow | undefined> {
  return db
    .selectFrom('event_checkpoints')
    .selectAll()
    .where('workspace_id', '=', workspace)
    .where('seq', '=', seq)
    .executeTakeFirst()
}

/** What a checkpoint of our own says: its signature was made here. */
export const readSays = ({ jws }: Pick<EventCheckpointRow, 'jws'>): Checkpoint =>
  JSON.parse(Buffer.from(jws.split('.')[1]!, 'base64url').toString()) as Checkpoint
