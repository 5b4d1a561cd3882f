import { type Db, dialectOf } from '../db/connect.ts'
import { notFound, problem } from '../errors.ts'
import type { Integration } from './store.ts'

const endpoints = [
  'authorization_url',
  'token_url',
  'revocation_url',
  'api_base_url',
  'issuer',
  'discovered',
  'params',
] as const

/**
 * Keeps an integration as it was read until the transaction ends: whoever ends it or moves its endpoints waits, and then
 * sees what the transaction stored. Tokens that came from one provider are so never stored as another's.
 * @throws ApiError not_found where it has ended since it was read; conflict where its endpoints have moved
 */
export async function holdIntegration(tx: Db, { workspace, id, row }: Integration): Promise<void> {
  const now = await tx
    .selectFrom('integrations')
    .select(endpoints)
    .where('workspace_id', '=', workspace)
    .where('id', '=', id)
    // SQLite has one writer, and this is it.
    .$if(dialectOf(tx) === 'postgres', (query) => query.forShare())
    .executeTakeFirst()
  if (!now) throw notFound('integration')
  if (endpoints.some((name) => now[name] !== row[name]))
    throw problem('conflict', 'The endpoints of the integration have been changed meanwhile. Start again.')
}
