import type { ProviderProfile } from '@grantry/oauth'
import type { Context } from '../../context.ts'
import type { Db } from '../../db/connect.ts'
import { idList } from '../../db/id-list.ts'
import type { ConnectionRow } from '../../db/schema.ts'
import { ApiError } from '../../errors.ts'
import { loadIntegration } from '../../integrations/store.ts'

/** What connections that have just ended here lived on. */
export type Grants = {
  /** Which tokens there are, by token request, and the hash of the refresh token: from the connections' own rows it is gone. */
  tokens: Map<string, { access_token: boolean; refresh_token: boolean; hash: string | null }>
  /** By integration; null where it is gone, or the catalogue no longer has its provider. */
  profiles: Map<string, ProviderProfile | null>
}

/** No token is read. */
export async function readGrants(
  ctx: Pick<Context, 'catalogue' | 'config'>,
  tx: Db,
  workspace: string,
  ended: readonly ConnectionRow[],
): Promise<Grants> {
  const requests = ended.flatMap(({ token_request_id }) => token_request_id ?? [])
  const rows = await tx
    .selectFrom('token_requests')
    .select((row) => [
      'id',
      'refresh_token_hash as hash',
      row('access_token', 'is not', null).as('access'),
      row('refresh_token', 'is not', null).as('refresh'),
    ])
    .where('workspace_id', '=', workspace)
    .where('id', 'in', idList(tx, requests))
    .execute()
  const profiles: Grants['profiles'] = new Map()
  for (const integration of new Set(ended.map(({ integration_id }) => integration_id)))
    profiles.set(integration, await profileOf(integration))
  return {
    tokens: new Map(
      rows.map(({ id, hash, access, refresh }) => [
        id,
        { access_token: Boolean(access), refresh_token: Boolean(refresh), hash },
      ]),
    ),
    profiles,
  }

  async function profileOf(integration: string): Promise<ProviderProfile | null> {
    try {
      return (await loadIntegration({ ...ctx, db: tx }, workspace, integration)).profile
    } catch (error) {
      if (error instanceof ApiError) return null
      throw error
    }
  }
}
