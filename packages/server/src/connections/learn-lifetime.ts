import { introspectLifetime, type TokenSet } from '@grantry/oauth'
import type { Context } from '../context.ts'
import { transaction } from '../db/transaction.ts'
import { outbound } from '../egress/outbound.ts'
import { type Integration, openClient } from '../integrations/store.ts'
import { datesOf } from './refresh/schedule.ts'
import type { Connection } from './store.ts'

type Needs = Pick<Context, 'clock' | 'db' | 'egress' | 'log' | 'random' | 'vault'>

/**
 * Asks the provider how long a token lives that it gave without a lifetime, where it can be asked (RFC 7662), and
 * plans by that. The token is stored already: a failure changes nothing.
 */
export async function learnLifetime(
  ctx: Needs,
  integration: Integration,
  {
    connection,
    request,
    tokens,
  }: {
    connection: Pick<Connection, 'workspace_id' | 'id' | 'metadata'>
    /** The token request whose answer this was. */
    request: string
    tokens: Pick<TokenSet, 'access_token' | 'expires_in' | 'expires_in_assumed'>
  },
): Promise<void> {
  const { profile, workspace } = integration
  if (!profile.introspection || (tokens.expires_in !== null && !tokens.expires_in_assumed)) return
  try {
    const seconds = await introspectLifetime(
      outbound(ctx, workspace),
      {
        profile,
        client: await openClient(ctx, integration),
        params: integration.params,
        metadata: JSON.parse(connection.metadata) as Record<string, string>,
        access_token: tokens.access_token,
      },
      { now: ctx.clock.now },
    )
    if (seconds !== null) await plan(ctx, integration, { connection, request, lifetime: seconds * 1000 })
  } catch (error) {
    ctx.log.warn({ err: error, connection: connection.id }, 'the lifetime of a token could not be learnt')
  }
}

async function plan(
  ctx: Needs,
  { profile }: Integration,
  found: { connection: Pick<Connection, 'workspace_id' | 'id'>; request: string; lifetime: number },
): Promise<void> {
  const { workspace_id } = found.connection
  const now = ctx.clock.now()
  const { lifetime } = found
  await transaction(ctx.db, async (tx) => {
    const pair = await tx
      .updateTable('token_requests')
      .set({ lifetime, expires_at: now + lifetime })
      .where('workspace_id', '=', workspace_id)
      .where('id', '=', found.request)
      .returning('refresh_token_hash')
      .executeTakeFirst()
    if (!pair) return
    const { refresh_at, ends_at } = datesOf(
      ctx,
      profile,
      { sentAt: now, lifetime, hasRefreshToken: pair.refresh_token_hash !== null, refreshLifetime: null },
      null,
    )
    await tx
      .updateTable('connections')
      .set({
        expires_at: now + lifetime,
        refresh_at,
        // Without a refresh token the connection ends with what it has.
        ...(refresh_at === null ? { ends_at } : {}),
      })
      .where('workspace_id', '=', workspace_id)
      .where('token_request_id', '=', found.request)
      .where('id', '=', found.connection.id)
      .execute()
  })
}
