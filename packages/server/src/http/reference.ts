import { createHash } from 'node:crypto'
import { type ErrorCode, errorCatalogue } from '@grantry/api'
import Fastify, { type FastifyInstance, type RouteOptions } from 'fastify'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'

const config = { access: ['public'] as const }

/** What OpenAPI says of the routes of an app. */
export type Description = () => Promise<object>

/**
 * Must be called before the routes that it describes. What writes the document is as much to load as a tenth of the server,
 * and few processes are ever asked for it: it is loaded when one is.
 */
export function describeRoutes(app: FastifyInstance, publicUrl: string): Description {
  const routes: RouteOptions[] = []
  app.addHook('onRoute', (route) => void routes.push(route))
  return lazily(async () => {
    const inner = await openDescribed(publicUrl)
    for (const { method, url, schema = {} } of routes)
      inner.route({ method, url, schema, handler: async () => {} })
    await inner.ready()
    return inner.swagger()
  })
}

/** A server that answers nothing: the document is made of its routes. */
async function openDescribed(publicUrl: string): Promise<FastifyInstance> {
  const { default: swagger } = await import('@fastify/swagger')
  const inner = Fastify({ exposeHeadRoutes: false })
  inner.setValidatorCompiler(() => () => true)
  inner.setSerializerCompiler(() => String)
  await inner.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Grantry',
        version: '1',
        description: `Connect your users' accounts by OAuth, and get access tokens that work.\n\n${errorTable()}`,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: publicUrl }],
      components: {
        securitySchemes: {
          bearer: {
            type: 'http',
            scheme: 'bearer',
            description: 'An API key, or a connect token where that is said',
          },
          apiKey: { type: 'apiKey', in: 'header', name: 'X-API-KEY' },
          oauth: {
            type: 'openIdConnect',
            openIdConnectUrl: `${publicUrl}/.well-known/openid-configuration`,
            description:
              'An access token of this server, with the scope that is named; as Bearer, or as DPoP',
          },
          operatorKey: { type: 'http', scheme: 'bearer', description: 'GRANTRY_OPERATOR_KEY' },
        },
        schemas: { Problem: problemSchema as never },
      },
    },
    transform: (route) => {
      const { schema, url } = jsonSchemaTransform(route as never)
      const described = schema as { response?: Record<string, unknown>; hide?: boolean }
      if (described.response) described.response = { ...described.response, default: problemAnswer }
      return { schema: described, url }
    },
  })
  return inner
}

/** `/openapi.json`, and a page to read it at `/docs`. */
export async function referencePages(app: FastifyInstance, describe: Description): Promise<void> {
  app.addHook('onRoute', (route) => {
    route.config = { ...route.config, ...config }
    route.schema = { ...route.schema, hide: true }
  })
  app.get('/openapi.json', async (_request, reply) =>
    reply
      .header('access-control-allow-origin', '*')
      .type('application/json')
      .serializer(JSON.stringify)
      .send(await describe()),
  )
  app.get('/favicon.ico', async (_request, reply) => reply.status(204).send())
  app.addHook('onSend', async (_request, reply, payload) => {
    if (typeof payload === 'string' && String(reply.getHeader('content-type')).startsWith('text/html'))
      reply.header('content-security-policy', policyOf(payload)).header('referrer-policy', 'no-referrer')
    return payload
  })
  const open = lazily(openReference)
  for (const url of ['/docs', '/docs/', '/docs/js/scalar.js'])
    app.get(url, async (request, reply) => {
      const { statusCode, headers, body } = await (await open()).inject(request.url)
      for (const name of ['content-type', 'location'] as const)
        if (headers[name]) reply.header(name, headers[name])
      return reply.status(statusCode).serializer(String).send(body)
    })
}

/** The page's own small server. Its script is large, and few processes are ever asked for it: it is loaded when one is. */
async function openReference(): Promise<FastifyInstance> {
  const { default: scalar } = await import('@scalar/fastify-api-reference')
  const inner = Fastify()
  await inner.register(scalar, {
    routePrefix: '/docs',
    configuration: {
      url: '/openapi.json',
      title: 'Grantry API',
      pageTitle: 'Grantry API',
      withDefaultFonts: false,
      telemetry: false,
      hideClientButton: true,
      // These would send what people type, or the whole document, to Scalar's own services.
      agent: { disabled: true },
      mcp: { disabled: true },
      showDeveloperTools: 'never',
    } as never,
  })
  await inner.ready()
  return inner
}

/** Makes it at the first call; a failure is tried again at the next. */
function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null
  return () => {
    made ??= make().catch((error: unknown) => {
      made = null
      throw error
    })
    return made
  }
}

/** Nothing from elsewhere, and of scripts in the page only those that we sent, by their hash. Scalar writes its own styles. */
function policyOf(page: string): string {
  const inline = [...page.matchAll(/<script(?![^>]*\bsrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
    ([, source = '']) => `'sha256-${createHash('sha256').update(source).digest('base64')}'`,
  )
  return [
    "default-src 'none'",
    ["script-src 'self'", ...inline].join(' '),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

const problemSchema = {
  type: 'object',
  description: 'RFC 9457 problem document',
  required: ['type', 'title', 'status', 'code', 'detail', 'request_id'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', enum: Object.keys(errorCatalogue) },
    detail: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: { path: { type: 'string' }, message: { type: 'string' } },
      },
    },
    request_id: { type: 'string' },
  },
}

const problemAnswer = {
  description: 'A refusal',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
}

function errorTable(): string {
  const rows = Object.entries(errorCatalogue).map(
    ([code, { status, title }]) => `| \`${code as ErrorCode}\` | ${status} | ${title} |`,
  )
  return ['## Errors', '', '| code | status | meaning |', '| --- | --- | --- |', ...rows].join('\n')
}
