import { sql } from 'kysely'
import type { Db } from '../../db/connect.ts'
import type { BreakGlassRow, ConnectionRow } from '../../db/schema.ts'
import type { Grants } from './read-grants.ts'

type Of = Pick<BreakGlassRow, 'workspace_id' | 'id'>

/** Values of one query. A join would do it in one, and takes PostgreSQL a minute before it knows how large the tables are. */
const atOnce = 500

/**
 * Of connections that have just ended here: those whose revoking would end one that was not chosen, because that lives on
 * the same tokens (they were imported twice), or on a grant of the same account that the provider ends as a whole.
 */
export async function findSharers(
  tx: Db,
  of: Of,
  ended: readonly ConnectionRow[],
  { tokens, profiles }: Grants,
): Promise<Set<string>> {
  const hashOf = ({ token_request_id }: ConnectionRow) =>
    token_request_id && tokens.get(token_request_id)?.hash
  const shared = await sharing(tx, of, 'refresh_token_hash', ended, hashOf)
  for (const [integration, profile] of profiles) {
    if (!profile?.revocation?.ends_siblings) continue
    const mine = ended.filter((one) => one.integration_id === integration)
    for (const id of await sharing(tx, of, 'account_id', mine, ({ account_id }) => account_id)) shared.add(id)
  }
  return shared
}

/** Those that have a value in common with a living connection of the same integration that was not chosen. */
async function sharing(
  tx: Db,
  { workspace_id, id }: Of,
  column: 'refresh_token_hash' | 'account_id',
  ended: readonly ConnectionRow[],
  valueIn: (one: ConnectionRow) => string | null | undefined,
): Promise<Set<string>> {
  const values = [...new Set(ended.flatMap((one) => valueIn(one) ?? []))]
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
      .filter((one) => living.has(`${one.integration_id} ${valueIn(one)}`))
      .map(({ id: connection }) => connection),
  )
}
