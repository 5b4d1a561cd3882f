import { randomUUID } from 'node:crypto'
import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
  type RouteOptions,
} from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import type { Logger } from 'pino'
import { problem } from '../errors.ts'
import type { Tracing } from '../tracing/tracing.ts'
import { type Authenticators, authenticate } from './authenticate.ts'
import { limitBodyTime } from './body-time.ts'
import { judgeOrigin } from './cross-origin.ts'
import { makeDrainable } from './drain.ts'
import { mapErrors, refusePath } from './error-edge.ts'
import { type BrowserAuthenticator, nobody, type Principal } from './principal.ts'
import { refuseSocket } from './refuse-socket.ts'
import { nameScopes } from './resource.ts'
import { traceRequests } from './trace-requests.ts'

const bodyLimit = 1024 * 1024
/** For a request's headers, and then for its body. */
const slowestMs = 30_000

type Options = {
  log: Logger
  trustedProxies: string[]
  authenticators: Authenticators
  publicUrl: string
  /** Has the last word on a request whose caller is known and allowed, before its body is read; may set headers. */
  admit(principal: Principal, reply: FastifyReply): Promise<void>
  /** Where spans of requests go; default: nowhere. */
  tracing?: Tracing
  /** Who is signed in by cookie, where a route counts that. */
  findByBrowser: BrowserAuthenticator
}

/**
 * Fastify with our edge: who calls is known before a body is read, a route without a declared access stops the start,
 * every answer carries its request id, and logs name the route but never a URL (paths and queries can hold one-use secrets).
 */
export function createServer(options: Options): FastifyInstance {
  const { log, trustedProxies, authenticators, findByBrowser, publicUrl, tracing } = options
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    // Node makes UUIDs from a pool, which costs a twentieth of fetching as many random bytes.
    genReqId: () => `req_${randomUUID().replaceAll('-', '')}`,
    trustProxy: trustedProxies.length > 0 ? trustedProxies : false,
    bodyLimit,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 512 },
    return503OnClosing: true,
    forceCloseConnections: 'idle',
    // Bodies have a limit of their own: see limitBodyTime.
    requestTimeout: 0,
    // Said here already: Fastify does not even load its own, which it would compile schemas with.
    schemaController: {
      compilersFactory: {
        buildValidator: () => validatorCompiler as never,
        buildSerializer: () => serializerCompiler as never,
      },
    },
    frameworkErrors: refusePath(publicUrl),
    clientErrorHandler: refuseSocket,
  }) as unknown as FastifyInstance
  parseJson(app)
  if (tracing) traceRequests(app, tracing)
  mapErrors(app, publicUrl)
  makeDrainable(app)
  app.server.headersTimeout = slowestMs
  limitBodyTime(app, slowestMs)

  app.decorateRequest('principal')
  const routes: RouteOptions[] = []
  app.addHook('onRoute', (route) => void routes.push(route))
  app.addHook('onReady', async () => {
    const open = routes.filter((route) => !route.config?.access)
    if (open.length > 0)
      throw new Error(
        `No access is declared for ${open.map(({ method, url }) => `${method} ${url}`).join(', ')}`,
      )
  })
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    reply.header('x-content-type-options', 'nosniff')
    request.principal = nobody
    const { access } = request.routeOptions.config
    // Before anything can be refused: pages of any origin may call with a connect token, and read the refusal.
    if (access?.includes('connect_token')) reply.header('access-control-allow-origin', '*')
    if (!access) return
    await judgeOrigin(request, reply, publicUrl)
    try {
      request.principal = await authenticate(request, access, { authenticators, findByBrowser, publicUrl })
    } catch (error) {
      throw await nameScopes(error, request)
    }
    await options.admit(request.principal, reply)
  })
  app.addHook('onResponse', async (request, reply) => {
    // Probes come every few seconds and say nothing that is worth keeping.
    const level = request.routeOptions.config.quiet ? 'debug' : 'info'
    request.log[level](
      {
        method: request.method,
        route: request.routeOptions.url ?? null,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
        workspace: request.principal?.workspace || undefined,
        actor: request.principal?.id ?? undefined,
      },
      'request',
    )
  })
  return app
}

/** JSON in strict UTF-8; an empty body is no body, whatever its content type says. */
function parseJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  const utf8 = new TextDecoder('utf-8', { fatal: true })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    (request: FastifyRequest, body, done) => {
      if (body.length === 0) return done(null, undefined)
      let text: string
      try {
        text = utf8.decode(body as Buffer)
      } catch {
        return done(problem('malformed_request', 'The body is not valid UTF-8.'))
      }
      parse(request, text, (error, value) =>
        error ? done(problem('malformed_request', 'The body is not valid JSON.')) : done(null, value),
      )
    },
  )
}
