import type { Secret } from '@grantry/oauth'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { type Db, dialectOf } from '../db/connect.ts'
import type { IntegrationRow } from '../db/schema.ts'
import { problem } from '../errors.ts'
import type { Actor } from '../http/principal.ts'
import { hashCredential } from '../vault/credential.ts'
import { type Integration, openClient, secretPlace, toIntegration, updateRow } from './store.ts'

type Needs = Pick<Context, 'catalogue' | 'clock' | 'config' | 'random' | 'vault'>

/** What makes two integrations the same OAuth app, besides workspace and client id. */
const sameness = [
  'app_id',
  'provider',
  'authorization_url',
  'token_url',
  'revocation_url',
  'issuer',
  'api_base_url',
  'discovered',
  'params',
] as const satisfies (keyof IntegrationRow)[]

/**
 * A trial has shown that its credentials are good: it becomes the integration of its OAuth app, or, where there is one,
 * that one gets its secret. Of two that are tried at once, the second waits for the first.
 * @returns the one that stays; whoever stands on the trial is to be moved to it before the trial is removed
 * @throws ApiError conflict where the trial has ended meanwhile
 */
export async function adoptTrial(
  ctx: Needs,
  tx: Db,
  trial: Integration,
  { secret, actor }: { secret: Secret; actor: Actor },
): Promise<Integration> {
  await queueUp(tx, trial.workspace)
  const same = await findSame(ctx, tx, trial)
  if (same) {
    await updateSecret(ctx, tx, same, secret, actor)
    return same
  }
  const detail = 'The provider gave an access token.'
  const row = await tx
    .updateTable('integrations')
    .set({
      trial: 0,
      validation: JSON.stringify({
        status: 'verified',
        checks: [{ name: trial.grantType, ok: true, detail }],
      }),
    })
    .where('workspace_id', '=', trial.workspace)
    .where('id', '=', trial.id)
    .returningAll()
    .executeTakeFirst()
  if (!row) throw problem('conflict', 'The integration was ended meanwhile. Start again.')
  const { label, provider, client_id, grant_type } = row
  await record(ctx, tx, {
    workspace: trial.workspace,
    type: 'integration.created',
    actor,
    app: row.app_id,
    integration: row.id,
    data: { label, provider, client_id, grant_type },
  })
  return toIntegration(ctx, row)
}

/** Until the transaction ends, no other of this workspace comes here. */
async function queueUp(tx: Db, workspace: string): Promise<void> {
  await tx
    .selectFrom('workspaces')
    .select('id')
    .where('id', '=', workspace)
    // SQLite has one writer, and this is it.
    .$if(dialectOf(tx) === 'postgres', (query) => query.forUpdate())
    .execute()
}

async function findSame(ctx: Needs, tx: Db, trial: Integration): Promise<Integration | null> {
  const rows = await tx
    .selectFrom('integrations')
    .selectAll()
    .where('workspace_id', '=', trial.workspace)
    .where('client_id', '=', trial.clientId)
    .where('trial', '=', 0)
    .where('grant_type', '!=', 'client_credentials')
    .orderBy('id')
    .execute()
  const same = rows.find((row) => sameness.every((name) => row[name] === trial.row[name]))
  return same ? toIntegration(ctx, same) : null
}

async function updateSecret(
  ctx: Needs,
  tx: Db,
  integration: Integration,
  secret: Secret,
  actor: Actor,
): Promise<void> {
  if (await hasSecret(ctx, integration, secret)) return
  const { workspace, id, app, row } = integration
  const version = row.secret_version + 1
  await updateRow(tx, integration, {
    client_secret: await ctx.vault.seal(secretPlace(workspace, id, version), secret),
    secret_version: version,
    updated_at: Math.max(ctx.clock.now(), row.updated_at + 1),
  })
  const data = { changed: ['client_secret'] }
  await record(ctx, tx, { workspace, type: 'integration.updated', actor, app, integration: id, data })
}

/** Whether this is the client secret that the integration has. */
export async function hasSecret(
  ctx: Pick<Context, 'vault'>,
  integration: Integration,
  secret: Secret,
): Promise<boolean> {
  const { client_secret } = await openClient(ctx, integration)
  return client_secret !== null && hashCredential(client_secret.expose()) === hashCredential(secret.expose())
}

/** Takes a trial away, with what the refreshing of its connections has noted of it. */
export async function removeTrial(
  tx: Db,
  { workspace, id }: Pick<Integration, 'workspace' | 'id'>,
): Promise<void> {
  for (const table of ['refresh_gates', 'refresh_leases'] as const)
    await tx
      .deleteFrom(table)
      .where('workspace_id', '=', workspace)
      .where('integration_id', '=', id)
      .execute()
  await tx
    .deleteFrom('integrations')
    .where('workspace_id', '=', workspace)
    .where('id', '=', id)
    .where('trial', '=', 1)
    .execute()
}
