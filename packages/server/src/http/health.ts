import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { problem } from '../errors.ts'

const config = { access: ['public'] as const, quiet: true }

/**
 * `/healthz`: the process answers. `/readyz`: so does the database, and new requests may come; `writes` says whether it
 * takes what is written. Where it does not, reads go on: a balancer must not send those away too.
 */
export function healthRoutes(
  app: FastifyInstance,
  ctx: Pick<Context, 'db'>,
  probe: () => Promise<string>,
): void {
  const schema = { hide: true }
  app.get('/healthz', { config, schema }, async () => ({ status: 'ok' }))
  app.get('/readyz', { config, schema }, async () => {
    if (app.draining)
      throw problem('shutting_down', 'This server is stopping: send requests to another.', { retryAfter: 1 })
    try {
      await ctx.db.selectFrom('workspaces').select('id').limit(1).execute()
    } catch (error) {
      throw problem('storage_unavailable', 'The database does not answer.', { cause: error, retryAfter: 5 })
    }
    return { status: 'ready', writes: await probe() }
  })
}
