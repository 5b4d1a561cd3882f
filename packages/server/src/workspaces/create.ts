import { scopes } from '@grantry/api'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import { newId } from '../db/new-id.ts'
import { transaction } from '../db/transaction.ts'
import type { Actor } from '../http/principal.ts'
import type { NewDataKey } from '../vault/data-keys.ts'
import { insertApiKey, mintApiKey } from './create-api-key.ts'

type Needs = Pick<Context, 'db' | 'clock' | 'random' | 'vault'>

/** Makes a workspace with its data key and a first API key that has every scope. The key's secret is told once, here. */
export async function createWorkspace(
  ctx: Needs,
  { name, actor }: { name: string; actor: Actor },
): Promise<{ id: string; apiKey: string }> {
  const id = newId(ctx)
  const apiKey = mintApiKey(ctx.random)
  const dataKey = await ctx.vault.prepareDataKey(id)
  await transaction(ctx.db, (tx) => insertWorkspace(ctx, tx, { id, name, apiKey, dataKey, actor }))
  return { id, apiKey }
}

export async function insertWorkspace(
  ctx: Omit<Needs, 'vault'>,
  tx: Db,
  {
    id,
    name,
    apiKey,
    dataKey,
    actor,
  }: { id: string; name: string; apiKey: string; dataKey: NewDataKey; actor: Actor },
): Promise<void> {
  await tx
    .insertInto('workspaces')
    .values({
      id,
      name,
      allowed_origins: '[]',
      return_urls: '[]',
      allow_direct_links: 0,
      plan: null,
      plan_expires_at: null,
      quotas: '{}',
      features: null,
      experiments: '[]',
      mcp_servers_made: 0,
      color: null,
      created_at: ctx.clock.now(),
      deleted_at: null,
    })
    .execute()
  await dataKey.insert(tx)
  await insertApiKey(ctx, tx, {
    workspace: id,
    name: 'First key',
    secret: apiKey,
    scopes: [...scopes],
    app: null,
    expiresAt: null,
    actor,
  })
  await record(ctx, tx, { workspace: id, type: 'workspace.created', actor, data: { name } })
}
