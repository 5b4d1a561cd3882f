import type { ErrorCode } from '@grantry/api'
import { system } from '../audit/event.ts'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import { newId } from '../db/new-id.ts'
import { transaction } from '../db/transaction.ts'
import { pendingRow } from './begin.ts'
import type { Grant } from './establish.ts'
import { addTerms } from './keep-terms.ts'
import type { Found } from './look-up.ts'
import { queueTokens } from './queue-revocation.ts'
import { type Connection, eventOf, isConnected } from './store.ts'

/**
 * A grant was refused although the provider has given tokens for it: they are ended there, so that no grant lives on
 * that nobody knows of. Not so where that could end a connection that lives: one of the same account, or the renewed
 * one itself while it is not known whose account this is.
 */
export async function endRefusedGrant(
  ctx: Pick<Context, 'clock' | 'db' | 'random' | 'vault'>,
  grant: Grant,
  { account, known, metadata }: Found,
  why: ErrorCode,
): Promise<void> {
  const { integration, reconnect, tokens } = grant
  if (!reconnect && why !== 'quota_exceeded') return
  const of = { account: account?.id ?? null, metadata: { ...metadata, ...account?.metadata } }
  await transaction(ctx.db, async (tx) => {
    if (known && (await isConnected(tx, integration, of.account))) return
    const connection = reconnect ?? (await insertEnded(ctx, tx, grant))
    const event = { ...eventOf(connection), type: 'connection.revocation_failed', actor: system } as const
    if (!known) await record(ctx, tx, { ...event, data: { error: 'account_unknown', refused_grant: true } })
    else await queueTokens(ctx, tx, { connection, integration, tokens, ...of })
  })
}

/** What a quota had no place for is there as ended from the start: so its revocation, and what comes of it, has a name. */
async function insertEnded(
  ctx: Pick<Context, 'clock' | 'random'>,
  tx: Db,
  grant: Grant,
): Promise<Connection> {
  const row: Connection = {
    ...pendingRow(newId(ctx), ctx.clock.now(), grant),
    status: 'revoked',
    reason: 'quota_exceeded',
  }
  await tx.insertInto('connections').values(row).execute()
  await addTerms(tx, [row])
  return row
}
