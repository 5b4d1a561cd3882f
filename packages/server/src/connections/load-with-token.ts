import type { Context } from '../context.ts'
import { readTogether } from '../db/read-together.ts'
import type { ConnectionRow, TokenRequestRow } from '../db/schema.ts'

/** A connection with its current access token, still sealed. */
export type WithToken = ConnectionRow &
  Pick<TokenRequestRow, 'access_token' | 'token_type' | 'lifetime' | 'received_at'>

const readWithToken = readTogether<WithToken>((db, { workspace, ids }) =>
  db
    .selectFrom('connections as connection')
    .leftJoin('token_requests as request', (join) =>
      join
        .onRef('request.workspace_id', '=', 'connection.workspace_id')
        .onRef('request.id', '=', 'connection.token_request_id'),
    )
    .selectAll('connection')
    .select(['request.access_token', 'request.token_type', 'request.lifetime', 'request.received_at'])
    .where('connection.workspace_id', '=', workspace)
    .where('connection.id', 'in', ids),
)

/** One query, so that connection and token are of one moment: a refresh in between cannot mix them. */
export function loadWithToken(
  ctx: Pick<Context, 'db'>,
  workspace: string,
  id: string,
): Promise<WithToken | undefined> {
  return readWithToken(ctx.db, workspace, id)
}
