import type { Db } from '../db/connect.ts'
import { hashCredential } from '../vault/credential.ts'

/** What an importer calls an item means something among those of one integration and app. */
export const hashImportKey = (integration: string, app: string | null, key: string): string =>
  hashCredential(JSON.stringify([integration, app, key]))

/** The connections that were brought under these keys, by the keys' hashes. */
export async function findImported(
  db: Db,
  workspace: string,
  hashes: readonly string[],
): Promise<Map<string, string>> {
  if (hashes.length === 0) return new Map()
  const rows = await db
    .selectFrom('import_keys')
    .select(['key_hash', 'connection_id'])
    .where('workspace_id', '=', workspace)
    .where('key_hash', 'in', hashes)
    .execute()
  return new Map(rows.map(({ key_hash, connection_id }) => [key_hash, connection_id]))
}
