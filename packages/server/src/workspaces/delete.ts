import { encodeId } from '@grantry/api'
import { system } from '../audit/event.ts'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import { notFound } from '../errors.ts'
import type { Actor } from '../http/principal.ts'
import { deployment } from '../vault/deployment.ts'

/**
 * Ends a workspace: its keys and links stop working at once. Its connections are ended at their providers by the
 * background (connections/empty-workspaces); then, within 7 days at most, its data key is destroyed, so that nothing it
 * sealed can be opened again, here or from a backup that is made from then on. Where it has none, that is now.
 */
export async function deleteWorkspace(
  ctx: Pick<Context, 'clock' | 'random' | 'vault' | 'invalidation'>,
  { id, actor }: { id: string; actor: Actor },
): Promise<void> {
  await ctx.invalidation.change(id, async (tx) => {
    const now = ctx.clock.now()
    const ended = await tx
      .updateTable('workspaces')
      .set({ deleted_at: now })
      .where('id', '=', id)
      .where('deleted_at', 'is', null)
      .returning('name')
      .executeTakeFirst()
    if (!ended) throw notFound('workspace')
    // What its clients were issued for themselves is no workspace's: it is found by the client.
    const clients = tx.selectFrom('oauth_clients').select('client_id').where('workspace_id', '=', id)
    await tx.deleteFrom('oauth_records').where('client_id', 'in', clients).execute()
    for (const table of [
      'api_key_secrets',
      'api_key_limits',
      'end_user_tokens',
      'manage_pages',
      'workspace_logos',
      'mcp_servers',
      'named_connections',
      'named_mcp_servers',
      'api_keys',
      'connect_sessions',
      'authorizations',
      'sessions',
      'outside_sign_ins',
      'identities',
      'identity_providers',
      'invitations',
      'known_networks',
      'members',
      'workspace_calls',
      'proxy_spending',
      'import_keys',
      'import_paces',
      'webhook_endpoints',
      'webhook_deliveries',
      'oauth_records',
      'oauth_grants',
      'oauth_client_secrets',
      'oauth_clients',
      'registration_tokens',
    ] as const)
      await tx.deleteFrom(table).where('workspace_id', '=', id).execute()
    // Nothing uses them any more, so nothing keeps them fresh.
    await tx
      .updateTable('connections')
      .set({ refresh_at: null, claimed_until: null, ends_at: null, warn_at: null })
      .where('workspace_id', '=', id)
      .execute()
    await record(ctx, tx, { workspace: id, type: 'workspace.deleted', actor, data: { name: ended.name } })
  })
  await destroyWorkspace(ctx, id)
}

/** Destroys what an ended workspace sealed: when no connection lives and no token waits to be revoked, or whatever there is. */
export async function destroyWorkspace(
  ctx: Pick<Context, 'clock' | 'invalidation' | 'random' | 'vault'>,
  id: string,
  { whatever = false } = {},
): Promise<void> {
  await ctx.invalidation.change(id, async (tx) => {
    if (!whatever && (await isNeeded(tx, id))) return
    await tx.deleteFrom('revocations').where('workspace_id', '=', id).execute()
    await tx
      .updateTable('connections')
      .set({ status: 'revoked', reason: 'workspace_deleted', refresh_at: null, updated_at: ctx.clock.now() })
      .where('workspace_id', '=', id)
      .where('status', '!=', 'revoked')
      .execute()
    await closeReports(ctx, tx, id)
    await tx
      .updateTable('token_requests')
      .set({ access_token: null, refresh_token: null, settle_at: null })
      .where('workspace_id', '=', id)
      .execute()
    // Revoking needed it until now. What no row points at is removed from a back end outside.
    await tx.updateTable('integrations').set({ client_secret: null }).where('workspace_id', '=', id).execute()
    const destroyed = await ctx.vault.destroyDataKey(tx, id)
    if (destroyed === 0) return
    // In its own log, and where somebody is left to read it.
    for (const workspace of [id, deployment])
      await record(ctx, tx, {
        workspace,
        type: 'data_key.destroyed',
        actor: system,
        data: { workspace: encodeId('ws', id), keys: destroyed },
      })
  })
}

/** Nobody can ask a provider for them any more: what break-glass reports of them is that, and it comes to its end. */
async function closeReports({ clock }: Pick<Context, 'clock'>, tx: Db, id: string): Promise<void> {
  const destroyedHere = tx
    .selectFrom('connections')
    .select('id')
    .where('workspace_id', '=', id)
    .where('reason', '=', 'workspace_deleted')
  await tx
    .updateTable('break_glass_connections')
    .set({
      outcome: 'failed',
      answered_at: clock.now(),
      status: null,
      error: 'workspace_deleted',
      description:
        'Its workspace was deleted, and what it had sealed was destroyed before the provider had answered.',
    })
    .where('workspace_id', '=', id)
    .where((row) =>
      row.or([
        row('outcome', 'in', ['waiting', 'retrying']),
        // What has ended otherwise meanwhile is not in the report at all.
        row.and([row('outcome', '=', 'to_end'), row('connection_id', 'in', destroyedHere)]),
      ]),
    )
    .execute()
}

async function isNeeded(tx: Db, id: string): Promise<boolean> {
  const connections = tx.selectFrom('connections').select('id').where('workspace_id', '=', id)
  const living = await connections.where('status', '!=', 'revoked').limit(1).executeTakeFirst()
  if (living) return true
  const revocations = tx.selectFrom('revocations').select('id').where('workspace_id', '=', id)
  return (await revocations.limit(1).executeTakeFirst()) !== undefined
}
