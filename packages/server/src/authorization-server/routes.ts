import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type Provider from 'oidc-provider'
import type { Context } from '../context.ts'
import { errorPages, takeForms } from '../http/forms.ts'
import { networkOf } from '../http/network.ts'
import { sendPage } from '../http/page.ts'
import { createRateLimit } from '../http/rate-limit.ts'
import { speechOf } from '../languages/speech.ts'
import { answerInteraction, type OfConnections, type Step, showInteraction } from './interaction.ts'
import { answered, routes } from './paths.ts'
import { createRecordIds, type RecordIds } from './record-id.ts'
import { registrationBody, registrationErrors } from './registration-body.ts'
import { loadSigningKeys } from './signing-keys.ts'
import type { OfTokens } from './token-exchange.ts'

type Loaded = {
  provider: Provider
  ids: RecordIds
  callback: (request: IncomingMessage, response: ServerResponse) => Promise<void>
}

const mostBody = 56 * 1024
const config = { access: ['public'] as const }
const schema = { hide: true }

/**
 * Grantry's own authorization server (RFC 6749, 8414, OpenID Connect). The core answers the protocol's endpoints from
 * the plain Node request; the pages where people decide are ours. It is loaded when somebody first comes for it.
 */
export function authorizationServer(
  app: FastifyInstance,
  ctx: Context,
  connections: OfConnections & { tokens: OfTokens },
): void {
  let loading: Promise<Loaded> | null = null
  const load = (): Promise<Loaded> => {
    loading ??= open(ctx, connections.tokens).catch((error: unknown) => {
      loading = null
      throw error
    })
    return loading
  }
  const limits = createLimits(ctx)
  void app.register(async (server) => {
    server.removeAllContentTypeParsers()
    server.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: mostBody }, (_request, body, done) =>
      done(null, body),
    )
    server.addHook('onRequest', async (request) => limits(request))
    registrationErrors(server)
    for (const [url, method] of answered)
      server.route({
        method,
        url,
        config,
        schema,
        handler: async (request, reply) => {
          await hand(request, reply, await load(), await registrationBody(ctx, request, bodyOf(request)))
        },
      })
    server.post('/v1/oauth/refresh_token', { config, schema }, async (request, reply) => {
      const body = bodyOf(request)
      const form = new URLSearchParams(body?.toString())
      if (form.get('grant_type') !== 'refresh_token')
        return reply
          .status(400)
          .header('cache-control', 'no-store')
          .type('application/json')
          .serializer(JSON.stringify)
          .send({
            error: 'unsupported_grant_type',
            error_description: `This address takes grant_type=refresh_token only; others go to ${routes.token}.`,
          })
      await hand(request, reply, await load(), body, routes.token)
    })
  })
  void app.register(async (pages) => {
    takeForms(pages)
    errorPages(pages, 'error.nothing_allowed')
    pages.addHook('onRequest', async (request) => limits(request))
    const sceneOf = async (request: FastifyRequest, reply: FastifyReply) => ({
      ctx,
      connections,
      ...(await load()),
      request: request.raw,
      response: reply.raw,
      speech: speechOf(request.headers),
    })
    const url = '/oauth/interaction/:uid'
    type Of = { Params: { uid: string } }
    pages.get<Of>(url, { config, schema }, async (request, reply) => {
      const scene = await sceneOf(request, reply)
      return go(reply, await showInteraction(scene, request.params.uid))
    })
    pages.post<Of>(url, { config, schema }, async (request, reply) => {
      const scene = await sceneOf(request, reply)
      const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams()
      return go(reply, await answerInteraction(scene, request.params.uid, form))
    })
  })
}

async function open(ctx: Context, tokens: OfTokens): Promise<Loaded> {
  const keys = await loadSigningKeys(ctx)
  const { createProvider } = await import('./provider.ts')
  const provider = createProvider(ctx, keys, tokens)
  const callback = provider.callback()
  return {
    provider,
    ids: createRecordIds(keys.secret),
    callback: async (request, response) => void (await callback(request, response)),
  }
}

function go(reply: FastifyReply, step: Step): FastifyReply {
  if ('page' in step) return sendPage(reply, step.page)
  return reply
    .header('referrer-policy', 'no-referrer')
    .header('cache-control', 'no-store')
    .redirect(step.to, 303)
}

const bodyOf = (request: FastifyRequest): Buffer | undefined =>
  Buffer.isBuffer(request.body) ? request.body : undefined

/** Hands a request to the core, with its body as we have read it, and with where it came in as we know it. */
async function hand(
  request: FastifyRequest,
  reply: FastifyReply,
  { callback, provider }: Loaded,
  body: Buffer | undefined,
  path?: string,
): Promise<void> {
  const { raw } = request
  // Importing node:http for its class makes Node load all of its fetch: a tenth of the server's start.
  const inner = new (raw.constructor as typeof IncomingMessage)(raw.socket)
  const { protocol, host } = new URL(provider.issuer)
  const content = body
  inner.method = raw.method!
  inner.url = path ?? raw.url!
  inner.httpVersion = raw.httpVersion
  inner.rawHeaders = raw.rawHeaders
  inner.headers = {
    ...raw.headers,
    ...(content ? { 'content-length': String(content.length) } : {}),
    'x-forwarded-proto': protocol.slice(0, -1),
    'x-forwarded-host': host,
    'x-forwarded-for': request.ip,
    'x-request-id': request.id,
  }
  if (content) inner.push(content)
  inner.push(null)
  inner.complete = true
  reply.hijack()
  reply.raw.setHeader('x-request-id', request.id)
  reply.raw.setHeader('x-content-type-options', 'nosniff')
  // For what the core composes itself (the form of response_mode=form_post); our pages say more.
  reply.raw.setHeader('content-security-policy', "frame-ancestors 'none'")
  reply.raw.setHeader('x-frame-options', 'DENY')
  reply.raw.setHeader('referrer-policy', 'no-referrer')
  await callback(inner, reply.raw)
}

/** Partner apps call these for all their people from one address, with secrets that cannot be guessed; strangers leave nothing. */
const bySecret: ReadonlySet<string> = new Set([
  routes.token,
  '/v1/oauth/refresh_token',
  routes.introspection,
  routes.revocation,
  routes.jwks,
])

/** By network: nobody is known here yet. A device's code is short, so that few tries are given to whoever guesses. */
function createLimits({ clock }: Context): (request: FastifyRequest) => void {
  const limit = (burst: number, perMs: number, what: string) =>
    createRateLimit({ burst, perMs, now: () => clock.now(), what })
  const visits = limit(600, 60_000, 'requests from your network')
  const codes = limit(20, 600_000, 'device codes from your network')
  const registrations = limit(30, 3_600_000, 'registrations from your network')
  return ({ method, ip, routeOptions: { url } }) => {
    const network = networkOf(ip)
    if (!url || !bySecret.has(url)) visits(network)
    if (method === 'POST' && url === routes.code_verification) codes(network)
    if (method === 'POST' && url === routes.registration) registrations(network)
  }
}
