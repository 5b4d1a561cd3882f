import { sql } from 'kysely'
import type { Context } from '../context.ts'
import { dialectOf } from '../db/connect.ts'
import { readTogether } from '../db/read-together.ts'
import type { ConnectionRow, TokenRequestRow } from '../db/schema.ts'

/** A connection with its current access token, still sealed. */
export type WithToken = ConnectionRow &
  Pick<TokenRequestRow, 'access_token' | 'token_type' | 'lifetime' | 'received_at'>

const readWithToken = readTogether<WithToken>((db, { workspace, ids }) =>
  db
    .selectFrom((from) =>
      from
        .selectFrom('connections')
        .selectAll()
        .where('workspace_id', '=', workspace)
        .where('id', 'in', ids)
        // Before it has analysed a new table, PostgreSQL takes a workspace's tokens for few and hashes them all. What is
        // behind an offset does not tell it that they are of one workspace.
        .$if(dialectOf(db) === 'postgres', (query) => query.offset(sql.lit(0)))
        .as('connection'),
    )
    .leftJoin('token_requests as request', (join) =>
      join
        .onRef('request.workspace_id', '=', 'connection.workspace_id')
        .onRef('request.id', '=', 'connection.token_request_id'),
    )
    .selectAll('connection')
    .select(['request.access_token', 'request.token_type', 'request.lifetime', 'request.received_at']),
)

/** One query, so that connection and token are of one moment: a refresh in between cannot mix them. */
export function loadWithToken(
  ctx: Pick<Context, 'db'>,
  workspace: string,
  id: string,
): Promise<WithToken | undefined> {
  return readWithToken(ctx.db, workspace, id)
}
