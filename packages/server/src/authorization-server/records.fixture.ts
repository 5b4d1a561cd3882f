import { randomBytes, randomUUID } from 'node:crypto'
import type { Db } from '../db/connect.ts'
import type { OAuthGrantRow } from '../db/schema.ts'
import { deployment } from '../vault/deployment.ts'
import { type Subject, writeSubject } from './subject.ts'

const hash = () => randomBytes(32).toString('hex')

/** What the core would have issued. Returns the hash by which it is found. */
export async function insertRecord(
  db: Db,
  {
    model,
    id = hash(),
    client = null,
    grant = null,
    workspace = deployment,
    payload = {},
    now = Date.now(),
  }: {
    model: string
    id?: string
    client?: string | null
    grant?: string | null
    workspace?: string
    payload?: object
    now?: number
  },
): Promise<string> {
  await db
    .insertInto('oauth_records')
    .values({
      workspace_id: workspace,
      model,
      id_hash: id,
      grant_hash: grant,
      uid_hash: null,
      client_id: client,
      payload: JSON.stringify(payload),
      created_at: now,
      expires_at: now + 600_000,
      consumed_at: null,
      used_at: null,
      successor_hash: null,
      replay_digest: null,
      replay: null,
    })
    .execute()
  return id
}

/** What a person would have allowed: a member of the workspace, unless somebody else is named. */
export async function insertGrant(
  db: Db,
  {
    workspace,
    client,
    subject = { workspace, kind: 'member', member: randomUUID() },
    ...more
  }: { workspace: string; client: string; subject?: Subject } & Partial<Omit<OAuthGrantRow, 'subject'>>,
): Promise<{ id: string; hash: string; subject: string }> {
  const row: OAuthGrantRow = {
    workspace_id: workspace,
    id: randomUUID(),
    grant_hash: hash(),
    client_id: client,
    client_name: 'An app',
    subject: writeSubject(subject),
    scopes: '["account:read"]',
    resources: '[]',
    connections: null,
    created_at: Date.now(),
    updated_at: Date.now(),
    last_used_at: null,
    ended_at: null,
    ...more,
  }
  await db.insertInto('oauth_grants').values(row).execute()
  return { id: row.id, hash: row.grant_hash, subject: row.subject }
}
