import { randomBytes } from 'node:crypto'
import { pendingRow } from '../../packages/server/src/connections/begin.ts'
import { journalEntry } from '../../packages/server/src/connections/refresh/journal.ts'
import type { Db } from '../../packages/server/src/db/connect.ts'
import { newId } from '../../packages/server/src/db/new-id.ts'
import type { ConnectionRow, TokenRequestRow } from '../../packages/server/src/db/schema.ts'

/** Of all rows here. */
export const now = Date.parse('2026-11-21T12:00:00Z')
const source = () => ({ clock: { now: () => now }, random: (bytes: number) => randomBytes(bytes) })
export const anId = () => newId(source())
export const workspace = anId()
export const integration = anId()

export function connectionRow(fields: Partial<ConnectionRow> = {}): ConnectionRow {
  const id = anId()
  const owner = { workspace, id: integration, provider: null }
  return {
    ...pendingRow(id, now, { integration: owner, app: null, endUser: null, scopes: [] }),
    status: 'active',
    token_version: 1,
    refresh_token_hash: id,
    expires_at: now,
    refresh_at: now,
    ...fields,
  }
}

/** As the journal writes it before anything is sent. */
export function attemptRow(fields: Partial<TokenRequestRow> = {}): TokenRequestRow {
  const connection = connectionRow({ refresh_token_hash: 'hash', refresh_at: null })
  const lease = { workspace, integration, tokenKey: 'hash', holder: anId(), fence: 1 }
  return {
    ...journalEntry(source(), lease, connection, { kind: 'refresh', settleAt: now }),
    ...fields,
  }
}

export async function insertRows(
  db: Db,
  table: 'connections' | 'token_requests',
  rows: object[],
): Promise<void> {
  for (let n = 0; n < rows.length; n += 500)
    await db
      .insertInto(table)
      .values(rows.slice(n, n + 500) as never)
      .execute()
}
