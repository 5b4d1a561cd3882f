import { decodeId, listEvents as endpoint } from '@grantry/api'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { invalid, notFound } from '../errors.ts'
import { readPage, toList } from '../http/cursor.ts'
import { mount } from '../http/mount.ts'
import { listEvents, presentEvent } from './list.ts'

export function auditRoutes(app: FastifyInstance, ctx: Context): void {
  mount(app, endpoint, async ({ principal, query }) => {
    const page = readPage(query)
    const rows = await listEvents(
      ctx,
      principal.workspace,
      {
        app: principal.app,
        endUser: principal.endUser,
        among: principal.connections,
        type: query.type,
        connection: query.connection && readConnection(query.connection),
        actor: query.actor && readActor(query.actor),
        since: query.since === undefined ? undefined : Date.parse(query.since),
      },
      page,
    )
    return toList(rows, page, presentEvent)
  })
}

function readConnection(text: string): string {
  const id = decodeId('con', text)
  if (!id) throw notFound('connection')
  return id
}

function readActor(text: string): string {
  const kinds = ['key', 'cs', 'mem', 'gra'] as const
  const id = kinds.map((kind) => decodeId(kind, text)).find((found) => found !== null)
  if (!id)
    throw invalid('actor', 'must be the id of an API key, a member, an authorised app or a connect session')
  return id
}
