import { decodeId } from '@grantry/api'
import { invalid, notFound } from '../errors.ts'
import type { Principal } from '../http/principal.ts'
import { eventTypes } from './event.ts'
import type { EventFilter } from './list.ts'

type Query = {
  type?: string | undefined
  connection?: string | undefined
  integration?: string | undefined
  end_user?: string | undefined
  actor?: string | undefined
  since?: string | undefined
  until?: string | undefined
}

/**
 * What a query means to a credential.
 * @throws ApiError not_found, invalid_request for ids that are none
 */
export function readFilter(principal: Principal, query: Query): EventFilter {
  return {
    app: principal.app,
    services: principal.services,
    endUser: principal.endUser,
    among: principal.connections,
    types: query.type === undefined ? undefined : typesOf(query.type),
    connection: query.connection && readId('con', query.connection, 'connection'),
    integration: query.integration && readId('int', query.integration, 'integration'),
    ofEndUser: query.end_user,
    actor: query.actor === undefined ? undefined : readActor(query.actor),
    since: query.since === undefined ? undefined : Date.parse(query.since),
    until: query.until === undefined ? undefined : Date.parse(query.until),
  }
}

/** `connection.*` is whatever begins with `connection.`. */
function typesOf(text: string): readonly string[] {
  if (!text.endsWith('.*')) return [text]
  const begin = text.slice(0, -1)
  return eventTypes.filter((type) => type.startsWith(begin))
}

function readId(kind: 'con' | 'int', text: string, what: string): string {
  const id = decodeId(kind, text)
  if (!id) throw notFound(what, what)
  return id
}

const kinds = { key: 'api_key', cs: 'connect_session', mem: 'member', gra: 'oauth_client' } as const

function readActor(text: string): { kind: string; id: string } {
  for (const prefix of Object.keys(kinds) as (keyof typeof kinds)[]) {
    const id = decodeId(prefix, text)
    if (id) return { kind: kinds[prefix], id }
  }
  throw invalid('actor', 'must be the id of an API key, a member, an authorised app or a connect session')
}
