import { hash } from 'node:crypto'
import { encodeId, type IdKind } from '@grantry/api'
import type { EventRow } from '../../db/schema.ts'

/** Before the first event of a workspace. */
export const noHash = '0'.repeat(64)

/** Part of what is hashed: a prefix that comes to the API later must not come in here. */
const actorKinds: Record<string, IdKind> = {
  api_key: 'key',
  connect_session: 'cs',
  member: 'mem',
  oauth_client: 'gra',
}

/**
 * What is hashed of an event, and stands in an export: JSON, always of the same letters. It is made of the row alone and
 * may never change: every hash that exists was made of it.
 */
export function eventText(row: EventRow): string {
  const id = (kind: IdKind, uuid: string | null) => (uuid === null ? 'null' : `"${encodeId(kind, uuid)}"`)
  const kind = actorKinds[row.actor_kind]
  const actor = kind ? id(kind, row.actor_id) : JSON.stringify(row.actor_id)
  return (
    `{"workspace_id":${id('ws', row.workspace_id)},"id":${id('evt', row.id)},"type":${JSON.stringify(row.type)},` +
    `"at":"${new Date(row.at).toISOString()}","actor":{"kind":${JSON.stringify(row.actor_kind)},"id":${actor}},` +
    `"app_id":${id('app', row.app_id)},"connection_id":${id('con', row.connection_id)},` +
    `"integration_id":${id('int', row.integration_id)},"end_user_id":${JSON.stringify(row.end_user_id)},` +
    `"request_id":${JSON.stringify(row.request_id)},"data":${oneLine(row.data)}}`
  )
}

/** SHA-256, hex, of three lines: the hash before, the number, the event. `sha256sum` can check it. */
export function linkHash(before: string, seq: number, text: string): string {
  return hash('sha256', `${before}\n${seq}\n${text}`, 'hex')
}

/** As Grantry writes data there is no line break in it: who puts one there shall not write lines of an export. */
const oneLine = (text: string) => (/[\r\n]/.test(text) ? JSON.stringify(text) : text)
