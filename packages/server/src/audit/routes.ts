import { Readable } from 'node:stream'
import * as api from '@grantry/api'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { readPage, toList } from '../http/cursor.ts'
import { type File, mount } from '../http/mount.ts'
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

  mount(app, api.exportEvents, async ({ principal, actor, query, request }): Promise<File> => {
    const { format } = query
    const filter = readFilter(principal, query)
    const lines = await exportEvents(ctx, { principal, actor, filter, query, format })
    const stream = Readable.from(lines)
    // Fastify ends the answer then, short of its end; what happened is for our log.
    stream.on('error', (error) => request.log.error({ err: error }, 'an export of events was cut off'))
    const day = new Date(ctx.clock.now()).toISOString().slice(0, 10)
    return { type: fileTypes[format], filename: `events-${day}.${format}`, stream }
  })
}
