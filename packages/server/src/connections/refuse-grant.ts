import { system } from '../audit/event.ts'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { transaction } from '../db/transaction.ts'
import type { Grant } from './establish.ts'
import type { Found } from './look-up.ts'
import { queueTokens } from './queue-revocation.ts'
import { eventOf, isConnected } from './store.ts'

/**
 * A renewal was refused although the provider has given tokens for it: they are ended there, so that no grant lives on
 * that nobody knows of. Not so where that could end a connection that lives: one of the same account, or the renewed
 * one itself while it is not known whose account this is.
 */
export async function endRefusedGrant(
  ctx: Pick<Context, 'clock' | 'db' | 'random' | 'vault'>,
  { integration, reconnect, tokens }: Grant,
  { account, known, metadata }: Found,
): Promise<void> {
  if (!reconnect) return
  const of = { account: account?.id ?? null, metadata: { ...metadata, ...account?.metadata } }
  await transaction(ctx.db, async (tx) => {
    if (known && (await isConnected(tx, integration, of.account))) return
    const event = { ...eventOf(reconnect), type: 'connection.revocation_failed', actor: system } as const
    if (!known) await record(ctx, tx, { ...event, data: { error: 'account_unknown', refused_grant: true } })
    else await queueTokens(ctx, tx, { connection: reconnect, integration, tokens, ...of })
  })
}
