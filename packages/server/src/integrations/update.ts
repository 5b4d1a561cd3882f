import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import type { IntegrationRow } from '../db/schema.ts'
import { transaction } from '../db/transaction.ts'
import { invalid, problem } from '../errors.ts'
import type { Actor } from '../http/principal.ts'
import { checked } from './check.ts'
import { type IntegrationFields, withFields } from './fields.ts'
import { type Integration, toIntegration, updateRow } from './store.ts'
import { takeCallbackName } from './take-callback-name.ts'

type Needs = Pick<Context, 'catalogue' | 'clock' | 'config' | 'db' | 'egress' | 'random' | 'vault'>

/**
 * Changes an integration. Its endpoints cannot move while it has connections, nor without the client secret at hand:
 * whoever may edit must not be able to have stored secrets sent somewhere else.
 * @throws ApiError has_connections, invalid_request and what creating throws
 */
export async function updateIntegration(
  ctx: Needs,
  integration: Integration,
  input: IntegrationFields & { validate: boolean; actor: Actor },
): Promise<Integration> {
  const row = await withFields(ctx, integration.row, input)
  const moved = movedEndpoints(integration, toIntegration(ctx, row))
  if (moved.length > 0) {
    if (row.client_secret && !input.client_secret)
      throw invalid('client_secret', `must be given again when ${moved.join(', ')} changes`)
    await refuseConnected(ctx, integration, moved)
  }
  const reachesProvider =
    moved.length > 0 || Boolean(input.client_id || input.client_secret || input.token_auth_method)
  const next = reachesProvider ? await checked(ctx, row, input) : row
  next.updated_at = Math.max(ctx.clock.now(), integration.row.updated_at + 1)
  const { workspace_id: workspace, id } = next
  await transaction(ctx.db, async (tx) => {
    await replaceRow(tx, integration, next)
    if (moved.length > 0) {
      // After the row is written: whoever stores a connection holds it, so that none can come in between.
      await refuseConnected({ db: tx }, integration, moved)
      await failWaiting(tx, integration)
    }
    await takeCallbackName({ ...ctx, db: tx }, tx, next)
    await record(ctx, tx, {
      workspace,
      type: 'integration.updated',
      actor: input.actor,
      app: next.app_id,
      integration: id,
      data: {
        changed: Object.keys(input).filter(
          (name) =>
            input[name as keyof IntegrationFields] !== undefined && name !== 'actor' && name !== 'validate',
        ),
      },
    })
  })
  return toIntegration(ctx, next)
}

/** What was read and changed is written whole, so nobody else may have written meanwhile. */
async function replaceRow(tx: Db, { workspace, id, row }: Integration, next: IntegrationRow): Promise<void> {
  const { workspace_id: _workspace, id: _id, ...set } = next
  const result = await tx
    .updateTable('integrations')
    .set(set)
    .where('workspace_id', '=', workspace)
    .where('id', '=', id)
    .where('updated_at', '=', row.updated_at)
    .executeTakeFirst()
  if (result.numUpdatedRows === 0n)
    throw problem(
      'conflict',
      'The integration has been changed or ended meanwhile. Look again, and repeat this.',
    )
}

/** A code that waits was given by the endpoints that were there: it must not be sent to others. */
async function failWaiting(tx: Db, { workspace, id }: Integration): Promise<void> {
  await tx
    .updateTable('authorizations')
    .set({ code: null })
    .where('workspace_id', '=', workspace)
    .where('session_id', 'in', (eb) =>
      eb
        .selectFrom('connect_sessions')
        .select('id')
        .where('workspace_id', '=', workspace)
        .where('integration_id', '=', id),
    )
    .execute()
  await tx
    .updateTable('connect_sessions')
    .set({
      status: 'failed',
      error: 'conflict',
      error_description: 'The endpoints of the integration were changed. Start again.',
    })
    .where('workspace_id', '=', workspace)
    .where('integration_id', '=', id)
    .where('status', 'in', ['created', 'started', 'awaiting_finish'])
    .execute()
}

/** Runs the checks of saving again and keeps what they find. */
export async function revalidateIntegration(
  ctx: Needs,
  integration: Integration,
  actor: Actor,
): Promise<Integration> {
  const row = await checked(ctx, integration.row, { validate: true, client_secret: undefined })
  const { validation, token_auth_method } = row
  await keepFinding(ctx, integration, { validation, token_auth_method }, actor)
  return toIntegration(ctx, row)
}

/** What a check found; an event tells of it where it was not known before. */
export async function keepFinding(
  ctx: Pick<Context, 'clock' | 'db' | 'random'>,
  integration: Integration,
  found: Partial<Pick<IntegrationRow, 'validation' | 'token_auth_method'>>,
  actor: Actor,
): Promise<void> {
  const { workspace, id, row } = integration
  const changed = (['validation', 'token_auth_method'] as const).filter(
    (name) => found[name] !== undefined && found[name] !== row[name],
  )
  if (changed.length === 0) return
  await transaction(ctx.db, async (tx) => {
    await updateRow(tx, integration, found)
    const data = { changed }
    await record(ctx, tx, {
      workspace,
      type: 'integration.updated',
      actor,
      app: row.app_id,
      integration: id,
      data,
    })
  })
}

function movedEndpoints(before: Integration, after: Integration): string[] {
  const endpoints = ({ profile, params }: Integration) => ({
    authorization_url: profile.authorization_url,
    token_url: profile.token_url,
    revocation_url: profile.revocation?.url,
    api_base_url: profile.api?.base_url,
    issuer: profile.issuer,
    params: JSON.stringify(params),
  })
  const now = endpoints(after)
  return Object.entries(endpoints(before)).flatMap(([name, url]) =>
    now[name as keyof typeof now] === url ? [] : name,
  )
}

async function refuseConnected(
  ctx: Pick<Context, 'db'>,
  { workspace, id }: Integration,
  moved: string[],
): Promise<void> {
  const connection = await ctx.db
    .selectFrom('connections')
    .select('id')
    .where('workspace_id', '=', workspace)
    .where('integration_id', '=', id)
    .where('status', '!=', 'revoked')
    .limit(1)
    .executeTakeFirst()
  if (connection)
    throw problem(
      'has_connections',
      `${moved.join(', ')} cannot change while connections exist: their tokens belong to the provider they came from. Make a new integration instead.`,
    )
  const waiting = await ctx.db
    .selectFrom('revocations')
    .select('id')
    .where('workspace_id', '=', workspace)
    .where('integration_id', '=', id)
    .limit(1)
    .executeTakeFirst()
  if (waiting)
    throw problem(
      'has_connections',
      `${moved.join(', ')} cannot change while tokens of ended connections wait to be revoked at the provider they came from. Make a new integration instead.`,
    )
}
