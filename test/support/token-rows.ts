import { randomBytes } from 'node:crypto'
import { pendingRow } from '../../packages/server/src/connections/begin.ts'
import type { Db } from '../../packages/server/src/db/connect.ts'
import { newId } from '../../packages/server/src/db/new-id.ts'
import type { ConnectionRow, TokenRequestRow } from '../../packages/server/src/db/schema.ts'

/** Of all rows here. */
export const now = Date.parse('2026-11-21T12:00:00Z')
const random = (bytes: number) => randomBytes(bytes)
export const workspace = newId({ clock: { now: () => now }, random })
export const integration = newId({ clock: { now: () => now }, random })

export const anId = () => newId({ clock: { now: () => now }, random })

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

export function attemptRow(fields: Partial<TokenRequestRow> = {}): TokenRequestRow {
  return {
    workspace_id: workspace,
    id: anId(),
    integration_id: integration,
    connection_id: anId(),
    kind: 'refresh',
    fence: 1,
    spent_hash: 'hash',
    due_at: null,
    sent_at: now,
    received_at: null,
    access_token: null,
    refresh_token: null,
    refresh_token_hash: null,
    token_type: null,
    scopes: null,
    expires_at: null,
    lifetime: null,
    refresh_lifetime: null,
    settle_at: now,
    outcome: null,
    error: null,
    error_description: null,
    restored_in: null,
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
