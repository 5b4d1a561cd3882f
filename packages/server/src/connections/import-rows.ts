import type { Context } from '../context.ts'
import { newId } from '../db/new-id.ts'
import type { ConnectionRow, TokenRequestRow } from '../db/schema.ts'
import type { Actor } from '../http/principal.ts'
import type { Integration } from '../integrations/store.ts'
import type { Grant } from './establish.ts'
import { broughtTokens, readTokens } from './import.ts'
import { columnsOf, journalOf, newRow } from './new-rows.ts'
import type { ReadItem } from './read-import-items.ts'
import { sealTokens } from './token-set.ts'

/** An item as it goes into the database. */
export type Made = {
  hash: string
  integration: Integration
  connection: ConnectionRow
  request: TokenRequestRow
  /** It has no good access token, and can be given one. */
  isDue: boolean
}

/** Seals the tokens of items and makes their rows. The key that seals is fetched once for all. */
export async function makeRows(
  ctx: Pick<Context, 'clock' | 'random' | 'vault'>,
  workspace: string,
  items: readonly ReadItem[],
  actor: Actor,
): Promise<Made[]> {
  if (items.length === 0) return []
  const seal = await ctx.vault.sealer(workspace)
  const sealing = { vault: { seal }, clock: ctx.clock }
  const made: Made[] = []
  for (const { item, integration, app, hash } of items) {
    const now = ctx.clock.now()
    const { end_user: endUser, account } = item
    const tokens = readTokens(item.tokens)
    const grant: Grant = {
      integration,
      app,
      endUser: endUser
        ? { id: endUser.id, email: endUser.email ?? null, name: endUser.display_name ?? null }
        : null,
      scopes: item.scopes ?? integration.scopes,
      tokens: broughtTokens(integration.profile, tokens, now),
      sentAt: now,
      metadata: item.metadata ?? {},
      reconnect: null,
      allowAccountChange: false,
      kind: 'import',
      actor,
    }
    const request = newId(ctx)
    const received = await sealTokens(sealing, { workspace, request, sentAt: now, keep: null }, grant.tokens)
    const columns = columnsOf(ctx, grant, {
      account: account
        ? { id: account.id, label: account.label ?? null, email: account.email ?? null, metadata: {} }
        : null,
      metadata: grant.metadata,
      apiError: null,
      request,
      received,
      existing: null,
    })
    const isGood = tokens.access_token !== null && (received.expires_at ?? Number.POSITIVE_INFINITY) > now
    const isDue = columns.refresh_at !== null && !isGood
    const connection = {
      ...newRow(ctx, integration, null, columns),
      proxy_policy: item.proxy_policy ? JSON.stringify(item.proxy_policy) : null,
      ...(isDue ? untried : {}),
    }
    made.push({
      hash,
      integration,
      connection,
      request: journalOf(grant, connection, request, received),
      isDue,
    })
  }
  return made
}

/** Active as far as anybody knows; the first refresh will tell, and clears this or says otherwise. */
const untried = {
  reason: 'awaiting_first_refresh',
  reason_detail:
    'Imported without an access token that is still good. It gets one when it is first read, or from the background.',
} as const
