import Fastify, { type FastifyInstance, type HTTPMethods } from 'fastify'
import { type Log, mountProvider } from './provider-routes.ts'
import type { ProviderTable } from './provider-table.ts'
import type { SandboxState } from './state.ts'

const methods: HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** How the sandbox reads requests. */
export const createSandboxApp = (): FastifyInstance => {
  const app = Fastify({
    bodyLimit: 10 * 1024 * 1024,
    forceCloseConnections: true,
    routerOptions: { ignoreTrailingSlash: true },
  })
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, new URLSearchParams(body as string)),
  )
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  return app
}

/**
 * Mounts the providers as all that `app` does not answer itself. Each has hundreds of routes, and hardly anybody talks to more than two of
 * them: a provider's are made when the first request for it comes.
 */
export const mountProviders = (app: FastifyInstance, state: SandboxState, log: Log | null): void => {
  const atOrigin = [...state.tables.values()].find((table) => table.own_origin)
  const playing = new Map<ProviderTable, Promise<FastifyInstance>>()
  const play = (table: ProviderTable) => {
    const known = playing.get(table)
    if (known) return known
    const opening = openProvider(state, table, log)
    playing.set(table, opening)
    return opening
  }
  app.route<{ Params: { '*': string } }>({
    method: methods,
    url: '/*',
    exposeHeadRoute: false,
    // Before the body is read: that is for the provider's own routes to do.
    onRequest: async (request, reply) => {
      const [first = '', , third = ''] = request.params['*'].split('/')
      const table = state.tables.get(first === '.well-known' ? third : first) ?? atOrigin
      if (!table) return
      const provider = await play(table)
      reply.hijack()
      provider.routing(request.raw, reply.raw)
    },
    handler: (_request, reply) => reply.callNotFound(),
  })
}

const openProvider = async (
  state: SandboxState,
  table: ProviderTable,
  log: Log | null,
): Promise<FastifyInstance> => {
  const provider = createSandboxApp()
  mountProvider(provider, state, table, log)
  await provider.ready()
  return provider
}
