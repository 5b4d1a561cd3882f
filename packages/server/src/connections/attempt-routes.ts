import * as api from '@grantry/api'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { readPage, toList } from '../http/cursor.ts'
import { mount } from '../http/mount.ts'
import { listAttempts, presentAttempt } from './list-attempts.ts'
import { readConnection } from './store.ts'

/** Each connection's history of requests for tokens. */
export function attemptRoutes(app: FastifyInstance, ctx: Pick<Context, 'clock' | 'db'>): void {
  mount(app, api.listAttempts, async ({ principal, params, query }) => {
    const page = readPage(query)
    const connection = await readConnection(ctx, principal, params.id)
    const rows = await listAttempts(ctx, connection, page)
    return toList(rows, page, (row) => presentAttempt(row, ctx.clock.now()))
  })
}
