import { Secret } from '@grantry/oauth'
import { record } from '../../audit/record.ts'
import type { Context } from '../../context.ts'
import { newId } from '../../db/new-id.ts'
import { transaction } from '../../db/transaction.ts'
import { discoverIssuer } from '../../egress/discover-issuer.ts'
import { problem } from '../../errors.ts'
import type { Actor } from '../../http/principal.ts'
import { endSessionsFrom } from '../end-sessions.ts'
import { type IdentityProvider, loadProvider, metadataOf, secretPlace } from './store.ts'

type Needs = Pick<Context, 'clock' | 'db' | 'egress' | 'random' | 'vault'>

export type ProviderFields = {
  label: string
  client_id: string
  client_secret: string | null
  scopes: string[]
}

/**
 * Adds an OpenID provider where people sign in; its issuer is asked for its metadata first.
 * @throws ApiError provider_unusable, url_refused, invalid_request
 */
export async function createProvider(
  ctx: Needs,
  wish: ProviderFields & {
    workspace: string
    issuer: string
    audience: IdentityProvider['audience']
    actor: Actor
  },
): Promise<IdentityProvider> {
  const { workspace, actor } = wish
  const now = ctx.clock.now()
  const row: IdentityProvider = {
    workspace_id: workspace,
    id: newId(ctx),
    label: wish.label,
    issuer: wish.issuer,
    audience: wish.audience,
    client_id: wish.client_id,
    client_secret: null,
    secret_version: 1,
    scopes: JSON.stringify(wish.scopes),
    metadata: await askMetadata(ctx, workspace, wish.issuer),
    created_at: now,
    updated_at: now,
  }
  row.client_secret = await sealSecret(ctx, row, wish.client_secret)
  await transaction(ctx.db, async (tx) => {
    await tx.insertInto('identity_providers').values(row).execute()
    const data = { identity_provider: row.id, issuer: row.issuer, audience: row.audience }
    await record(ctx, tx, { workspace, type: 'identity_provider.created', actor, data })
  })
  return row
}

/** @throws ApiError not_found, conflict when it was changed meanwhile, and as {@link createProvider} */
export async function updateProvider(
  ctx: Needs,
  {
    workspace,
    id,
    actor,
    changes,
  }: { workspace: string; id: string; actor: Actor; changes: Partial<ProviderFields> },
): Promise<IdentityProvider> {
  const old = await loadProvider(ctx.db, workspace, id)
  const { client_secret, scopes } = changes
  const row: IdentityProvider = {
    ...old,
    label: changes.label ?? old.label,
    client_id: changes.client_id ?? old.client_id,
    scopes: scopes ? JSON.stringify(scopes) : old.scopes,
    metadata: await askMetadata(ctx, workspace, old.issuer),
    updated_at: ctx.clock.now(),
  }
  if (client_secret !== undefined) {
    row.secret_version = old.secret_version + 1
    row.client_secret = await sealSecret(ctx, row, client_secret)
  }
  await transaction(ctx.db, async (tx) => {
    const moved = await tx
      .updateTable('identity_providers')
      .set(row)
      .where('workspace_id', '=', workspace)
      .where('id', '=', id)
      .where('secret_version', '=', old.secret_version)
      .executeTakeFirst()
    if (moved.numUpdatedRows === 0n)
      throw problem('conflict', 'It was changed elsewhere just now. Try again.')
    const data = { identity_provider: id, fields: Object.keys(changes) }
    await record(ctx, tx, { workspace, type: 'identity_provider.updated', actor, data })
  })
  return row
}

/** Removes a provider; who is signed in by it is signed out, and who was linked to it is not any more. @throws ApiError not_found */
export async function deleteProvider(
  ctx: Needs,
  { workspace, id, actor }: { workspace: string; id: string; actor: Actor },
): Promise<void> {
  await transaction(ctx.db, async (tx) => {
    await loadProvider(tx, workspace, id)
    await endSessionsFrom(ctx, tx, { workspace, identityProvider: id, actor })
    for (const table of ['identities', 'outside_sign_ins'] as const)
      await tx
        .deleteFrom(table)
        .where('workspace_id', '=', workspace)
        .where('identity_provider_id', '=', id)
        .execute()
    await tx
      .deleteFrom('identity_providers')
      .where('workspace_id', '=', workspace)
      .where('id', '=', id)
      .execute()
    const data = { identity_provider: id }
    await record(ctx, tx, { workspace, type: 'identity_provider.deleted', actor, data })
  })
}

async function askMetadata(ctx: Needs, workspace: string, issuer: string): Promise<string> {
  return JSON.stringify(metadataOf(await discoverIssuer(ctx, workspace, issuer)))
}

async function sealSecret(
  ctx: Needs,
  row: IdentityProvider,
  secret: string | null,
): Promise<Uint8Array | null> {
  return secret === null ? null : ctx.vault.seal(secretPlace(row), new Secret(secret))
}
