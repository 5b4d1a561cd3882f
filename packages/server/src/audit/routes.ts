import { Readable } from 'node:stream'
import * as api from '@grantry/api'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { problem } from '../errors.ts'
import { readPage, toList } from '../http/cursor.ts'
import { type File, mount } from '../http/mount.ts'
import type { Principal } from '../http/principal.ts'
import { exportChain } from './chain/export.ts'
import { auditKeyRoute } from './chain/key-route.ts'
import { readChainState } from './chain/read-state.ts'
import { exportEvents, fileTypes } from './export.ts'
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

  const toFile = (
    request: FastifyRequest,
    lines: AsyncGenerator<string>,
    { type, name }: { type: string; name: string },
  ): File => {
    const stream = Readable.from(lines)
    // Fastify ends the answer then, short of its end; what happened is for our log.
    stream.on('error', (error) => request.log.error({ err: error }, 'an export of events was cut off'))
    const day = new Date(ctx.clock.now()).toISOString().slice(0, 10)
    return { type, filename: `events-${day}.${name}`, stream }
  }

  mount(app, api.exportEvents, async ({ principal, actor, query, request }): Promise<File> => {
    const { format } = query
    const filter = readFilter(principal, query)
    const lines = await exportEvents(ctx, { principal, actor, filter, query, format })
    return toFile(request, lines, { type: fileTypes[format], name: format })
  })

  mount(app, api.exportEventChain, async ({ principal, actor, query, request }): Promise<File> => {
    refuseNarrowed(principal)
    const lines = await exportChain(ctx, { principal, actor, after: query.after })
    return toFile(request, lines, { type: fileTypes.jsonl, name: 'chain.jsonl' })
  })

  mount(app, api.getEventChain, async ({ principal }) => {
    refuseNarrowed(principal)
    return { data: await readChainState(ctx, principal.workspace) }
  })

  auditKeyRoute(app, ctx)
}

/** The chain is of all that happens in a workspace: with a part of it nothing can be checked. */
function refuseNarrowed({ app, endUser, connections }: Principal): void {
  if (app === null && endUser === null && connections === null) return
  throw problem(
    'insufficient_scope',
    'The chain is of the whole workspace: it needs an API key that is not narrowed, or a member.',
  )
}
