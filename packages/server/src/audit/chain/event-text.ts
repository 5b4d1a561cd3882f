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
export const eventText = (row: EventRow): string => createEventWriter()(row)

/** The same for many, which are mostly of one workspace and often by one key: it remembers what it wrote last. */
export function createEventWriter(): (row: EventRow) => string {
  const workspace = createIdWriter()
  const actor = createIdWriter()
  const app = createIdWriter()
  const connection = createIdWriter()
  const integration = createIdWriter()
  let ms = Number.NaN
  let at = ''
  return (row) => {
    if (row.at !== ms) {
      ms = row.at
      at = new Date(ms).toISOString()
    }
    const kind = actorKinds[row.actor_kind]
    const by = kind ? actor(kind, row.actor_id) : JSON.stringify(row.actor_id)
    return (
      `{"workspace_id":${workspace('ws', row.workspace_id)},"id":"${encodeId('evt', row.id)}","type":${JSON.stringify(row.type)},` +
      `"at":"${at}","actor":{"kind":${JSON.stringify(row.actor_kind)},"id":${by}},` +
      `"app_id":${app('app', row.app_id)},"connection_id":${connection('con', row.connection_id)},` +
      `"integration_id":${integration('int', row.integration_id)},"end_user_id":${JSON.stringify(row.end_user_id)},` +
      `"request_id":${JSON.stringify(row.request_id)},"data":${oneLine(row.data)}}`
    )
  }
}

function createIdWriter(): (kind: IdKind, uuid: string | null) => string {
  let last: string | null = null
  let of = ''
  let written = ''
  return (kind, uuid) => {
    if (uuid === null) return 'null'
    if (uuid === last && kind === of) return written
    last = uuid
    of = kind
    written = `"${encodeId(kind, uuid)}"`
    return written
  }
}

/** SHA-256, hex, of three lines: the hash before, the number, the event. `sha256sum` can check it. */
export function linkHash(before: string, seq: number, text: string): string {
  return hash('sha256', `${before}\n${seq}\n${text}`, 'hex')
}

/** As Grantry writes data there is no line break in it: who puts one there shall not write lines of an export. */
const oneLine = (text: string) => (/[\r\n]/.test(text) ? JSON.stringify(text) : text)
