import type { Readable } from 'node:stream'
import { callProxy, decodeId } from '@grantry/api'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { notFound, problem } from '../errors.ts'
import { hasBody } from '../http/body-time.ts'
import { callerGone } from '../http/caller-gone.ts'
import { actorOf } from '../http/mount.ts'
import { answerHeaders } from './answer-headers.ts'
import { callApi, type ProxyCall, silenceMs } from './call.ts'
import { callFault } from './call-fault.ts'
import type { Mask } from './mask.ts'
import { maskedBytes, maskedReadable } from './masked-body.ts'
import { readBody } from './read-body.ts'
import { methodOverrides } from './request-headers.ts'

const smallBytes = 65_536

type OfConnection = { Params: { connection_id: string } }

/** `ANY /api/v1/proxy/{connection}/{path}`: bytes in, bytes out. */
export async function proxyRoutes(app: FastifyInstance, ctx: Context): Promise<void> {
  // No body is read here: it goes on as it comes, whatever its type.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _body, done) => done(null))
  const { methods, paths, access, tag, summary, description } = callProxy
  for (const url of paths)
    app.route<OfConnection>({
      method: [...methods],
      url: `/api/v1${url}`,
      config: { access, unhurried: true },
      schema: {
        tags: [tag],
        summary,
        description,
        security: [{ bearer: [] }, { apiKey: [] }, { oauth: ['proxy:call'] }],
      },
      handler: (request, reply) => passOn(ctx, request, reply),
    })
}

async function passOn(
  ctx: Context,
  request: FastifyRequest<OfConnection>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  refuseSwitching(request)
  const { own, path, query } = readTarget(request)
  const connection = decodeId('con', request.params.connection_id)
  if (!connection) throw notFound('connection')
  const { method, principal, headers } = request
  const call: ProxyCall = {
    principal,
    actor: actorOf(request),
    connection,
    method,
    path,
    query,
    headers: readHeaders(headers),
    body: await readBody(request.raw, silenceMs),
    signal: callerGone(reply),
  }
  const { response, mask, base, asked } = await callApi(ctx, call)
  const body = await bodyOf(response, mask)
  reply
    .status(response.status)
    .headers(answerHeaders(response, { mask, asked, base, own: `${ctx.config.publicUrl}${own}` }))
  return reply.send(body)
}

/** A small answer that is told to be small goes out in one piece, which costs a fraction of a stream. */
async function bodyOf(response: Response, mask: Mask): Promise<Buffer | Readable | null> {
  if (response.body === null) return null
  const length = response.headers.get('content-length')
  if (length === null || Number(length) > smallBytes) return maskedReadable(response.body, mask)
  try {
    return maskedBytes(Buffer.from(await response.arrayBuffer()), mask)
  } catch (error) {
    throw callFault(error)
  }
}

/** The part of the request's URL that is the provider's: as it came, for decoding it would make another one of it. */
function readTarget({ raw, params }: FastifyRequest<OfConnection>) {
  const [, own, id, path = '', query = ''] =
    /^(\/api\/v1\/proxy\/([^/?#]+))(\/[^?]*)?(?:\?(.*))?$/s.exec(raw.url ?? '') ?? []
  if (own === undefined || id !== params.connection_id) throw notFound('connection')
  return { own, path, query }
}

/** @throws ApiError not_implemented, malformed_request */
function refuseSwitching({ raw, headers, method }: FastifyRequest): void {
  if (/\bwebsocket\b/i.test(headers.upgrade ?? ''))
    throw problem('not_implemented', 'The proxy carries requests and answers, no WebSocket.')
  const override = methodOverrides.find((name) => headers[name] !== undefined)
  if (override) throw problem('malformed_request', `Send the method itself: ${override} is not passed on.`)
  if ((method === 'GET' || method === 'HEAD') && hasBody(raw))
    throw problem('malformed_request', `A ${method} cannot have a body.`)
}

function readHeaders(given: FastifyRequest['headers']): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(given))
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  return headers
}
