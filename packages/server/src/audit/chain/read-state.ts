import type { Context } from '../../context.ts'
import { readCheckpoint } from './checkpoint.ts'
import { noHash } from './event-text.ts'

/** How far a workspace's chain goes, how far it is signed, and what waits for its place. */
export async function readChainState({ db }: Pick<Context, 'db'>, workspace: string) {
  const chain = await db
    .selectFrom('event_chains')
    .selectAll()
    .where('workspace_id', '=', workspace)
    .executeTakeFirst()
  const { unlinked } = await db
    .selectFrom('unlinked_events')
    .select(({ fn }) => fn.countAll<number | string>().as('unlinked'))
    .where('workspace_id', '=', workspace)
    .executeTakeFirstOrThrow()
  const checkpoint = chain && (await readCheckpoint(db, workspace, chain.signed_seq))
  return {
    seq: chain?.seq ?? 0,
    hash: chain?.hash ?? noHash,
    unlinked: Number(unlinked),
    pruned_seq: chain?.pruned_seq ?? 0,
    checkpoint: checkpoint
      ? { seq: checkpoint.seq, at: new Date(checkpoint.at).toISOString(), jws: checkpoint.jws }
      : null,
  }
}
