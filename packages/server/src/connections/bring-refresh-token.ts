import type { Secret } from '@grantry/oauth'
import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import { newId } from '../db/new-id.ts'
import { type Connection, updateConnection } from './store.ts'
import { sealTokens } from './token-set.ts'

/** Gives a pending connection a refresh token that was granted elsewhere: its first refresh spends that. */
export async function bringRefreshToken(
  ctx: Pick<Context, 'clock' | 'random' | 'vault'>,
  tx: Db,
  connection: Connection,
  refreshToken: Secret,
): Promise<Connection> {
  const { workspace_id, integration_id, id: connection_id } = connection
  const id = newId(ctx)
  const sentAt = ctx.clock.now()
  const sealed = await sealTokens(
    ctx,
    { workspace: workspace_id, request: id, sentAt, keep: null },
    {
      access_token: null,
      token_type: 'Bearer',
      refresh_token: refreshToken,
      expires_in: null,
      refresh_expires_in: null,
      scopes: null,
      id_token: null,
      metadata: {},
    },
  )
  await tx
    .insertInto('token_requests')
    .values({
      ...sealed,
      workspace_id,
      id,
      integration_id,
      connection_id,
      kind: 'import',
      fence: 0,
      spent_hash: null,
      sent_at: sentAt,
      settle_at: null,
      outcome: 'stored',
      error: null,
      error_description: null,
    })
    .execute()
  const held = { token_request_id: id, refresh_token_hash: sealed.refresh_token_hash }
  await updateConnection(tx, connection, held)
  return { ...connection, ...held }
}
