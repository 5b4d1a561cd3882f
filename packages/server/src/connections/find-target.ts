import { decodeId, encodeId } from '@grantry/api'
import type { Context } from '../context.ts'
import { ApiError, problem } from '../errors.ts'
import type { Principal } from '../http/principal.ts'
import { listConnections, unnamed } from './find.ts'
import { listNamedConnections } from './list-named.ts'
import { type Connection, readConnection } from './store.ts'

/**
 * The one living connection that a word means to this credential: a connection's id, an integration's id or name, or a
 * provider. Null for what does not exist, has been ended or is out of reach: nobody can tell which.
 * @throws ApiError ambiguous, with their ids
 */
export async function findTarget(
  ctx: Pick<Context, 'db'>,
  principal: Principal,
  target: string,
): Promise<Connection | null> {
  const living = await candidates(ctx, principal, target)
  const active = living.filter(({ status }) => status === 'active')
  const fitting = active.length > 0 ? active : living
  if (fitting.length > 1)
    throw problem('ambiguous', 'Several connections fit. Ask for one of them by its id.', {
      members: { ids: fitting.map(({ id }) => encodeId('con', id)) },
    })
  return fitting[0] ?? null
}

const most = 50

async function candidates(
  ctx: Pick<Context, 'db'>,
  principal: Principal,
  target: string,
): Promise<Connection[]> {
  const { workspace, app, connections: among, services } = principal
  if (target.startsWith('con_')) {
    const connection = await readConnection(ctx, principal, target).catch(absent)
    return connection && connection.status !== 'revoked' ? [connection] : []
  }
  const endUser = principal.endUser ?? unnamed(principal)
  const integration = decodeId('int', target)
  if (integration) {
    const filter = {
      workspace,
      integration,
      endUser,
      app: app ?? undefined,
      among,
      services,
      living: true,
    } as const
    return listConnections(ctx, filter, { limit: most, after: null })
  }
  return listNamedConnections(ctx, { workspace, endUser, app, among, services, called: target, limit: most })
}

function absent(error: unknown): null {
  if (error instanceof ApiError && error.code === 'not_found') return null
  throw error
}
