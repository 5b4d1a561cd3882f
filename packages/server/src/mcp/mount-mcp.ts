import type { FastifyContextConfig, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ApiError } from '../errors.ts'
import { openRoute } from '../http/open-route.ts'
import { refuse } from './serve.ts'

/** Larger than other requests: a mail may come with what is attached. */
const bodyLimit = 4 * 1024 * 1024

type Mount = {
  url: string
  config: FastifyContextConfig
  answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply>
}

/** Puts an address of the protocol on the server: every method, what browsers ask before, and its own words for no JSON. */
export function mountMcp(app: FastifyInstance, { url, config, answer }: Mount): void {
  app.register(async (scope) => {
    scope.setErrorHandler((error, _request, reply) => {
      if (error instanceof ApiError && error.code === 'malformed_request')
        return refuse(reply, 400, -32700, `Parse error: ${error.message}`)
      throw error
    })
    scope.route({
      method: scope.supportedMethods.filter((name) => name !== 'OPTIONS'),
      url,
      config,
      bodyLimit,
      schema: { hide: true },
      handler: answer,
    })
    const open = { ...openRoute.config, ...(config.origins ? { origins: config.origins } : {}) }
    scope.options(url, { config: open, schema: { hide: true } }, (_request, reply) => answerPreflight(reply))
  })
}

/** Mcp-Param-* are named by tools that are not ours. */
const taken = [
  'authorization',
  'x-api-key',
  'dpop',
  'content-type',
  'mcp-protocol-version',
  'mcp-session-id',
  'mcp-method',
  'mcp-name',
  'last-event-id',
].join(', ')

/** Answers a browser that asks before it calls; that its page may was judged before. */
function answerPreflight(reply: FastifyReply): FastifyReply {
  return reply
    .headers({
      allow: 'POST',
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': taken,
      'access-control-max-age': '600',
    })
    .status(204)
    .send()
}
