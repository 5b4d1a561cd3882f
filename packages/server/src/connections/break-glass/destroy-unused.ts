import type { Db } from '../../db/connect.ts'
import { idList } from '../../db/id-list.ts'

/** Destroys the tokens of token requests (UUIDs) that no living connection is on and nobody waits to revoke. */
export async function destroyUnused(tx: Db, workspace: string, requests: readonly string[]): Promise<void> {
  if (requests.length === 0) return
  await tx
    .updateTable('token_requests')
    .set({ access_token: null, refresh_token: null })
    .where('workspace_id', '=', workspace)
    .where('id', 'in', idList(tx, requests))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          // By the hash, which an index goes by. Tokens without one are of one connection.
          selectFrom('connections')
            .select('connections.id')
            .whereRef('connections.workspace_id', '=', 'token_requests.workspace_id')
            .whereRef('connections.integration_id', '=', 'token_requests.integration_id')
            .whereRef('connections.refresh_token_hash', '=', 'token_requests.refresh_token_hash')
            .whereRef('connections.token_request_id', '=', 'token_requests.id')
            .where('connections.status', '!=', 'revoked'),
        ),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('revocations')
            .select('revocations.id')
            .whereRef('revocations.workspace_id', '=', 'token_requests.workspace_id')
            .whereRef('revocations.token_request_id', '=', 'token_requests.id'),
        ),
      ),
    )
    .execute()
}
