import { decodeId, encodeId } from '@grantry/api'
import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import { newId } from '../db/new-id.ts'
import type { IntegrationRow } from '../db/schema.ts'
import { invalid, problem } from '../errors.ts'

type Needs = Pick<Context, 'catalogue' | 'clock' | 'config' | 'db' | 'random'>

/** As it is going to be saved. */
export type Intended = {
  provider?: string | null | undefined
  authorization_url?: string | undefined
  token_url?: string | undefined
  params?: Record<string, string> | undefined
}

const keptMs = 7 * 86_400_000

/**
 * The redirect URI that an integration will have, before there is one: the catalogue's for its own endpoints, else one
 * that names an id which the next integration that is saved with it gets. Ids are ours alone: a callback that a tenant
 * could choose might be another's (RFC 9700 §4.4).
 * @throws ApiError invalid_request
 */
export async function reserveRedirectUri(
  ctx: Needs,
  workspace: string,
  { provider = null, authorization_url, token_url, params = {} }: Intended,
): Promise<{ redirectUri: string; expiresAt: number | null }> {
  const entry = provider === null ? undefined : ctx.catalogue.get(provider)
  if (provider !== null && !entry)
    throw invalid('provider', 'is not in the catalogue; see GET /api/v1/providers')
  const same = (name: 'authorization_url' | 'token_url', given: string | undefined) =>
    given === undefined || given === entry?.[name] || entry?.aliases?.[name]?.includes(given)
  const isCatalogues =
    same('authorization_url', authorization_url) &&
    same('token_url', token_url) &&
    Object.keys(params).length === 0
  if (entry && isCatalogues) return { redirectUri: callbackOf(ctx, provider!), expiresAt: null }

  const now = ctx.clock.now()
  await ctx.db
    .deleteFrom('reserved_integrations')
    .where('workspace_id', '=', workspace)
    .where('expires_at', '<=', now)
    .execute()
  const row = { workspace_id: workspace, id: newId(ctx), expires_at: now + keptMs }
  await ctx.db.insertInto('reserved_integrations').values(row).execute()
  return { redirectUri: callbackOf(ctx, encodeId('int', row.id)), expiresAt: row.expires_at }
}

const callbackOf = ({ config }: Pick<Context, 'config'>, key: string) =>
  `${config.publicUrl}/api/v1/credentials/auth/callback/${key}`

/** The id that a new integration's redirect URI was reserved for; null where it names none of this workspace's. */
export async function reservedId(
  ctx: Pick<Context, 'clock' | 'config' | 'db'>,
  { workspace, redirect_uri }: { workspace: string; redirect_uri?: string | undefined },
): Promise<string | null> {
  const prefix = callbackOf(ctx, '')
  const id = redirect_uri?.startsWith(prefix) ? decodeId('int', redirect_uri.slice(prefix.length)) : null
  if (id === null) return null
  const row = await ctx.db
    .selectFrom('reserved_integrations')
    .select('id')
    .where('workspace_id', '=', workspace)
    .where('id', '=', id)
    .where('expires_at', '>', ctx.clock.now())
    .executeTakeFirst()
  return row?.id ?? null
}

/**
 * The integration that is stored now has it: it serves no other, also when this one has ended.
 * @throws ApiError conflict where another that was saved at the same time has it
 */
export async function takeReserved(
  tx: Db,
  { workspace_id, id }: Pick<IntegrationRow, 'workspace_id' | 'id'>,
): Promise<void> {
  await tx
    .deleteFrom('reserved_integrations')
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', id)
    .execute()
  const taken = await tx
    .selectFrom('integrations')
    .select('id')
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', id)
    .executeTakeFirst()
  if (taken)
    throw problem(
      'conflict',
      'Another integration was saved with this redirect URI just now. Ask for a new one.',
    )
}
