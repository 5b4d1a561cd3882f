import * as api from '@grantry/api'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { problem } from '../errors.ts'
import { mount } from '../http/mount.ts'
import type { Principal } from '../http/principal.ts'
import { type Imported, importMany } from './import-many.ts'
import { readImportItems } from './read-import-items.ts'

export function importRoutes(app: FastifyInstance, ctx: Context): void {
  mount(app, api.importConnections, async ({ principal, actor, body }) => {
    refuseNarrow(principal)
    const judged = await readImportItems(ctx, principal, body.items)
    const { workspace } = principal
    const { results, left } = await importMany(ctx, { workspace, judged, dryRun: body.dry_run, actor })
    return {
      data: {
        results: results.map((result, index) => ({ key: judged[index]!.key, ...present(result) })),
        connections_left: left,
      },
    }
  })
}

/** What is brought names end users and what they are called, and lays down what may be called with a connection. */
function refuseNarrow(principal: Principal): void {
  if (principal.endUser === null && principal.connections === null && principal.kind !== 'connect_session')
    return
  throw problem('insufficient_scope', 'Connections of several people are brought with an API key.')
}

function present(imported: Imported) {
  const { result } = imported
  const firstRefreshAt = result === 'created' ? imported.firstRefreshAt : null
  const connection = 'connection' in imported ? imported.connection : null
  return {
    result,
    connection_id: connection && api.encodeId('con', connection),
    first_refresh_at: firstRefreshAt === null ? null : new Date(firstRefreshAt).toISOString(),
    error: result === 'failed' ? imported.fault : null,
  }
}
