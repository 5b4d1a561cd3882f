import { sql } from 'kysely'
import type { Context } from '../../context.ts'
import type { Db } from '../../db/connect.ts'
import { idList } from '../../db/id-list.ts'
import type { BreakGlassRow, ConnectionRow } from '../../db/schema.ts'
import { profileIn } from './plan-revocations.ts'

type Needs = Pick<Context, 'catalogue' | 'config'>
type Of = Pick<BreakGlassRow, 'workspace_id' | 'id'>

/** Values of one query. A join would do it in one, and takes PostgreSQL a minute before it knows how large the tables are. */
const atOnce = 500

/**
 * Of connections that have just ended here: those whose revoking would end one that was not chosen, because that lives on
 * the same tokens (they were imported twice), or on a grant of the same account that the provider ends as a whole.
 */
export async function findSharers(
  ctx: Needs,
  tx: Db,
  of: Of,
  ended: readonly ConnectionRow[],
): Promise<Set<string>> {
  const hashes = await hashesOf(tx, of, ended)
  const shared = await sharing(tx, of, 'refresh_token_hash', ended, (one) => hashes.get(one.id))
  for (const integration of new Set(ended.map(({ integration_id }) => integration_id))) {
    const profile = await profileIn(ctx, tx, of.workspace_id, integration)
    if (!profile?.revocation?.ends_siblings) continue
    const mine = ended.filter((one) => one.integration_id === integration)
    for (const id of await sharing(tx, of, 'account_id', mine, ({ account_id }) => account_id)) shared.add(id)
  }
  return shared
}

/** Of the refresh tokens that they lived on, by connection: in their own rows these are gone. */
async function hashesOf(
  tx: Db,
  { workspace_id }: Of,
  ended: readonly ConnectionRow[],
): Promise<Map<string, string>> {
  const requests = await tx
    .selectFrom('token_requests')
    .select(['id', 'refresh_token_hash'])
    .where('workspace_id', '=', workspace_id)
    .where(
      'id',
      'in',
      idList(
        tx,
        ended.flatMap(({ token_request_id }) => token_request_id ?? []),
      ),
    )
    .execute()
  const byRequest = new Map(requests.map(({ id, refresh_token_hash }) => [id, refresh_token_hash]))
  return new Map(
    ended.flatMap(({ id, token_request_id }): [string, string][] => {
      const hash = token_request_id && byRequest.get(token_request_id)
      return hash ? [[id, hash]] : []
    }),
  )
}

/** Those that have a value in common with a living connection of the same integration that was not chosen. */
async function sharing(
  tx: Db,
  { workspace_id, id }: Of,
  column: 'refresh_token_hash' | 'account_id',
  ended: readonly ConnectionRow[],
  keyOf: (one: ConnectionRow) => string | null | undefined,
): Promise<Set<string>> {
  const values = [...new Set(ended.flatMap((one) => keyOf(one) ?? []))]
  const living = new Set<string>()
  for (let from = 0; from < values.length; from += atOnce) {
    const rows = await tx
      .selectFrom('connections as other')
      .select(['other.integration_id', `other.${column} as value`])
      .where('other.workspace_id', '=', workspace_id)
      .where('other.integration_id', 'in', [...new Set(ended.map(({ integration_id }) => integration_id))])
      .where(`other.${column}`, 'in', values.slice(from, from + atOnce))
      .where('other.status', '!=', 'revoked')
      .where(
        sql<boolean>`not exists (select 1 from break_glass_connections as chosen
          where chosen.workspace_id = other.workspace_id and chosen.connection_id = other.id
          and chosen.break_glass_id = ${id})`,
      )
      .execute()
    for (const { integration_id, value } of rows) living.add(`${integration_id} ${value}`)
  }
  return new Set(
    ended
      .filter((one) => living.has(`${one.integration_id} ${keyOf(one)}`))
      .map(({ id: connection }) => connection),
  )
}
