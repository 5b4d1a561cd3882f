import type { Readable } from 'node:stream'
import { type Access, type Endpoint, isOAuthScope } from '@grantry/api'
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { z } from 'zod'
import { invalid, problem } from '../errors.ts'
import { callerGone } from './caller-gone.ts'
import type { RouteOrigins } from './cross-origin.ts'
import { operationId } from './operation-id.ts'
import type { Actor, Principal } from './principal.ts'
import type { RouteResource } from './resource.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: readonly Access[]
    /** What OAuth tokens of the route are for; the API where nothing is said. */
    resource?: RouteResource
    /** Pages of other origins that may call, with a credential of their own. Where nothing is said, browsers are not told apart. */
    origins?: RouteOrigins
    /** Whether a member's cookie counts; nowhere unless it is said. */
    browser?: boolean
    /** Its requests are logged at debug only. */
    quiet?: boolean
  }
  interface FastifyRequest {
    principal: Principal
  }
}

/** A request after its edge: who, and the parsed parts. */
export type Call<P, Q, B> = {
  principal: Principal
  actor: Actor
  params: P
  query: Q
  body: B
  request: FastifyRequest
  /** Makes a signal that ends when the caller goes before the answer was theirs. */
  gone(): AbortSignal
}

const nothing = z.strictObject({})
const anything = z.looseObject({})

/**
 * Puts one endpoint of the contract on the server. The handler gets parsed input and returns what the contract's
 * response says; fields that the contract does not name are dropped from the answer.
 */
export function mount<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  app: FastifyInstance,
  endpoint: Endpoint<P, Q, B, R>,
  handler: (call: Call<z.output<P>, z.output<Q>, z.output<B>>) => Promise<z.output<R>>,
): void {
  const status = endpoint.status ?? 200
  const route = {
    method: endpoint.method,
    url: `${endpoint.prefix ?? '/api/v1'}${endpoint.path}`,
    config: { access: endpoint.access, browser: takesBrowser(endpoint.access) },
    schema: {
      operationId: operationId(endpoint),
      summary: endpoint.summary,
      ...(endpoint.description ? { description: endpoint.description } : {}),
      tags: [endpoint.tag],
      ...(endpoint.headers ? { headers: endpoint.headers } : {}),
      params: endpoint.params ?? anything,
      querystring: endpoint.query ?? nothing,
      ...(endpoint.body ? { body: endpoint.body } : {}),
      response: { [status]: responseOf(endpoint) },
      security: security(endpoint.access),
    },
    preValidation: async (request: FastifyRequest) => {
      refuseDoubled(request)
      if (!endpoint.body) refuseBody(request)
    },
    handler: async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
      if (endpoint.secret) reply.header('cache-control', 'no-store')
      const { principal, params, query, body } = request
      const actor = actorOf(request)
      const answer = await handler({
        principal,
        actor,
        params: params as z.output<P>,
        query: query as z.output<Q>,
        body: body as z.output<B>,
        request,
        gone: () => callerGone(reply),
      })
      if (!endpoint.streams) return reply.status(status).send(answer)
      const { type, filename, stream } = toFile(endpoint.streams, answer)
      if (filename) reply.header('content-disposition', `attachment; filename="${filename}"`)
      return reply.status(status).type(type).send(stream)
    },
  }
  if (endpoint.access.includes('connect_token')) allowAnyOrigin(app, route.url, endpoint.method)
  // Fastify would derive the handler's types from the schema; they are the contract's already.
  app.route(route as RouteOptions)
}

/** What the handler of an endpoint answers that streams one of several media types. */
export type File = {
  type: string
  /** What a browser saves it as; letters, digits, dots and hyphens. */
  filename?: string
  stream: Readable
}

/** Where there is one media type, the handler answers the stream and no more. */
const toFile = (streams: string | readonly string[], answer: unknown): File =>
  typeof streams === 'string' ? { type: streams, stream: answer as Readable } : (answer as File)

/** A stream goes out as it comes; anything else as what its schema makes of it. */
function responseOf({ streams, response, summary }: Endpoint) {
  if (!streams) return response
  const content = [streams].flat().map((type) => [type, { schema: response }])
  return { description: summary, content: Object.fromEntries(content) }
}

/** A parameter given twice means one thing to us and perhaps another to whoever checked it before. */
function refuseDoubled(request: FastifyRequest): void {
  const doubled = Object.entries(request.query as object).flatMap(([name, value]) =>
    Array.isArray(value) ? name : [],
  )
  if (doubled.length === 0) return
  throw problem('duplicate_parameter', `${doubled.join(', ')}: given more than once.`, {
    errors: doubled.map((path) => ({ path, message: 'was given more than once' })),
  })
}

/** Where nothing is to be said, nothing may be: an unknown field is refused here as anywhere. An empty object says nothing. */
function refuseBody({ body }: FastifyRequest): void {
  if (body === undefined || body === null) return
  const [field = ''] = typeof body === 'object' && !Array.isArray(body) ? Object.keys(body) : ['']
  if (field === '' && typeof body === 'object' && !Array.isArray(body)) return
  throw invalid(field, 'this request takes no body')
}

/** Pages of any origin may call with a connect token: it travels in a header, and no cookie speaks for anyone here. */
function allowAnyOrigin(app: FastifyInstance, url: string, method: string): void {
  app.options(url, { config: { access: ['public'] }, schema: { hide: true } }, async (_request, reply) =>
    reply
      .headers({
        'access-control-allow-origin': '*',
        'access-control-allow-methods': method,
        'access-control-allow-headers': 'authorization, content-type',
        'access-control-max-age': '600',
      })
      .status(204)
      .send(),
  )
}

/** A cookie comes with requests of any page: where other origins may call, and where the operator does, it says nothing. */
function takesBrowser(access: readonly Access[]): boolean {
  return !access.includes('connect_token') && !access.includes('operator')
}

export function actorOf(request: FastifyRequest): Actor {
  const { kind, id, member, grant } = request.principal
  // A person is the same in each session, and a grant lives longer than its tokens.
  const actor = kind === 'member' ? member : kind === 'oauth_client' ? grant : id
  return { kind, id: actor, requestId: request.id }
}

function security(access: readonly Access[]): Record<string, string[]>[] {
  if (access.includes('public')) return []
  if (access.includes('operator')) return [{ operatorKey: [] }]
  const byOAuth = access.filter(isOAuthScope).map((scope) => ({ oauth: [scope] }))
  const withAny = access.includes('any_credential') ? [{ oauth: [] }] : []
  return [{ bearer: [] }, { apiKey: [] }, ...byOAuth, ...withAny]
}
