import * as api from '@grantry/api'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { problem } from '../errors.ts'
import { readPage, toList } from '../http/cursor.ts'
import { datedFile } from '../http/dated-file.ts'
import { mount } from '../http/mount.ts'
import { reachesAll } from '../http/narrowing.ts'
import type { Principal } from '../http/principal.ts'
import { exportChain } from './chain/export.ts'
import { auditKeyRoute } from './chain/key-route.ts'
import { readChainState } from './chain/read-state.ts'
import { exportEvents } from './export.ts'
import { labelsOf } from './labels.ts'
import { listEvents, presentEvent } from './list.ts'
import { readFilter } from './read-filter.ts'

export function auditRoutes(app: FastifyInstance, ctx: Context): void {
  mount(app, api.listEvents, async ({ principal, query }) => {
    const page = readPage(query)
    const rows = await listEvents(ctx, principal.workspace, readFilter(principal, query), page)
    const labels = await labelsOf(ctx, principal, rows)
    return toList(rows, page, (row) => presentEvent(row, labels))
  })

  mount(app, api.exportEvents, async ({ principal, actor, query, request }) => {
    const { format } = query
    const filter = readFilter(principal, query)
    const lines = await exportEvents(ctx, { principal, actor, filter, query, format })
    return datedFile(ctx, request, lines, { name: 'events', format })
  })

  mount(app, api.exportEventChain, async ({ principal, actor, query, request }) => {
    refuseNarrowed(principal)
    const lines = await exportChain(ctx, { principal, actor, after: query.after })
    return datedFile(ctx, request, lines, { name: 'events', format: 'jsonl', ending: 'chain.jsonl' })
  })

  mount(app, api.getEventChain, async ({ principal }) => {
    refuseNarrowed(principal)
    return { data: await readChainState(ctx, principal.workspace) }
  })

  auditKeyRoute(app, ctx)
}

/** The chain is of all that happens in a workspace: with a part of it nothing can be checked. */
function refuseNarrowed(principal: Principal): void {
  if (reachesAll(principal)) return
  throw problem(
    'insufficient_scope',
    'The chain is of the whole workspace: it needs an API key that is not narrowed, or a member.',
  )
}
