import type { Secret } from '@grantry/oauth'
import type { Transaction } from 'kysely'
import { type ChangeFeedContext, followChanges, notifyChange } from './change-feed.ts'
import type { Db } from './connect.ts'
import type { Database } from './schema.ts'
import { transaction } from './transaction.ts'

/**
 * How what processes keep in memory ends everywhere when it changes in the database: within a second of the answer
 * that acknowledged the change. What is told is a workspace: whoever keeps anything of it forgets that.
 */
export type Invalidation = {
  /**
   * Whether every change that was acknowledged more than a second ago is known here. While it is not, what is kept may
   * be stale: read past it.
   */
  isComplete(): boolean
  /** `forget` is called at each change with the workspace, and with null where any of them may have changed. */
  onChange(forget: (workspace: string | null) => void): void
  /** Runs `work` in one transaction. From its commit on, no process uses what it keeps of the workspace. */
  change<Result>(workspace: string, work: (tx: Transaction<Database>) => Promise<Result>): Promise<Result>
  close(): Promise<void>
}

/** `listenUrl`: where PostgreSQL is listened to; null with SQLite, which belongs to one process. */
export function createInvalidation(ctx: ChangeFeedContext, listenUrl: Secret | null): Invalidation {
  const listeners = new Set<(workspace: string | null) => void>()
  const tell = (workspace: string | null) => {
    for (const forget of listeners) forget(workspace)
  }
  const feed = listenUrl && followChanges(ctx, listenUrl, tell)
  return {
    isComplete: () => feed?.isComplete() ?? true,
    onChange: (forget) => void listeners.add(forget),
    change: (workspace, work) => change(ctx.db, { workspace, tell, notifies: feed !== null }, work),
    close: async () => feed?.close(),
  }
}

async function change<Result>(
  db: Db,
  { workspace, tell, notifies }: { workspace: string; tell: (workspace: string) => void; notifies: boolean },
  work: (tx: Transaction<Database>) => Promise<Result>,
): Promise<Result> {
  try {
    return await transaction(db, async (tx) => {
      const result = await work(tx)
      if (notifies) await notifyChange(tx, workspace)
      return result
    })
  } finally {
    // This process does not wait for its own notification; nor does it ask whether a commit that failed was made.
    tell(workspace)
  }
}
