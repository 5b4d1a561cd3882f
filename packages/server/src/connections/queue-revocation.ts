import type { Secret } from '@grantry/oauth'
import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import { newId } from '../db/new-id.ts'
import type { RevocationRow, TokenRequestRow } from '../db/schema.ts'
import type { Integration } from '../integrations/store.ts'
import type { Place } from '../vault/vault.ts'
import type { Connection } from './store.ts'
import { tokenPlace } from './token-set.ts'

/** How long revoking is tried before the token is destroyed all the same. */
export const revocationPatienceMs = 7 * 24 * 3_600_000

/** Long enough for the first try, which whoever queued it makes at once. */
const firstTryMs = 30_000

export const revocationPlace = (workspace: string, id: string): Place => ({
  workspace,
  table: 'revocations',
  row: id,
  column: 'token',
  version: 1,
})

/**
 * Seals a token request's tokens for the revocation queue and takes them from where they were, unless another
 * connection lives on them.
 * @returns the queued row; null where the provider has no way to revoke or there is nothing to send
 */
export async function queueRevocation(
  ctx: Pick<Context, 'clock' | 'random' | 'vault'>,
  tx: Db,
  {
    connection,
    integration,
    request,
    keep = false,
  }: { connection: Connection; integration: Integration; request: TokenRequestRow; keep?: boolean },
): Promise<RevocationRow | null> {
  const { workspace_id: workspace } = connection
  const kind = wantedToken(integration, request)
  let row: RevocationRow | null = null
  if (integration.profile.revocation && kind) {
    const id = newId(ctx)
    const token: Secret = await ctx.vault.open(tokenPlace(workspace, request.id, kind), request[kind]!)
    const now = ctx.clock.now()
    row = {
      workspace_id: workspace,
      id,
      integration_id: integration.id,
      connection_id: connection.id,
      token: await ctx.vault.seal(revocationPlace(workspace, id), token),
      token_kind: kind,
      attempts: 0,
      next_attempt_at: now + firstTryMs,
      gives_up_at: now + revocationPatienceMs,
      created_at: now,
    }
    await tx.insertInto('revocations').values(row).execute()
  }
  if (!keep) await destroyTokens(tx, request)
  return row
}

export async function destroyTokens(
  tx: Db,
  { workspace_id, id }: Pick<TokenRequestRow, 'workspace_id' | 'id'>,
): Promise<void> {
  await tx
    .updateTable('token_requests')
    .set({ access_token: null, refresh_token: null })
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', id)
    .execute()
}

function wantedToken({ profile }: Integration, request: TokenRequestRow): RevocationRow['token_kind'] | null {
  const { revocation } = profile
  const bearer = revocation?.by === 'delete' || revocation?.by === 'bearer' || revocation?.auth === 'bearer'
  const wanted = revocation?.token ?? (bearer ? 'access_token' : 'refresh_token')
  // A provider that is told of the account instead still has a grant to end, as long as there is a token.
  if (wanted !== 'none' && request[wanted]) return wanted
  return request.access_token ? 'access_token' : request.refresh_token && !bearer ? 'refresh_token' : null
}
