import type { McpHttpHandler, McpServer, Server } from '@modelcontextprotocol/server'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { callerGone } from '../http/caller-gone.ts'
import { tooDeep } from './too-deep.ts'

/** The protocol's package, loaded when the first client comes: a start does not wait for it. */
export type Sdk = typeof import('@modelcontextprotocol/server')

/** A fresh server for one request, in the protocol's 2026 era (`modern`) or before (`legacy`). */
export type Build<Serving> = (sdk: Sdk, serving: Serving, era: 'modern' | 'legacy') => Server | McpServer

export type McpBridge<Serving> = {
  /** Answers one request; `serving` is what its server is built of. */
  serve(request: FastifyRequest, reply: FastifyReply, serving: Serving): Promise<FastifyReply>
  close(): Promise<void>
}

/** What the protocol reads; no credential, which would then be in reach of what a tool runs. */
const passed = /^(accept|content-type|last-event-id|mcp-[a-z0-9-]+)$/

/**
 * Serves MCP over HTTP in both eras on one address, without sessions: the body is parsed already, the answer streams,
 * and a client that leaves ends what was done for it.
 */
export function createMcpBridge<Serving>(
  log: Pick<Logger, 'debug'>,
  build: Build<Serving>,
): McpBridge<Serving> {
  let loading: Promise<McpHttpHandler> | undefined
  async function load(): Promise<McpHttpHandler> {
    const sdk = await import('@modelcontextprotocol/server')
    return sdk.createMcpHandler(
      ({ authInfo, era }) => build(sdk, (authInfo as unknown as { serving: Serving }).serving, era),
      { onerror: (error) => log.debug({ err: error }, 'MCP request refused') },
    )
  }

  return {
    async serve(request, reply, serving) {
      if (request.method !== 'POST')
        return refuse(reply.header('allow', 'POST'), 405, -32000, 'Method not allowed: send POST.')
      const body = request.body as unknown
      if (body === undefined) return refuse(reply, 400, -32700, 'Parse error: there is no body.')
      // Neither era has batches; one that had would let a single request cost as much as thousands.
      if (Array.isArray(body)) return refuse(reply, 400, -32600, 'Invalid Request: batches are not taken.')
      if (tooDeep(body)) return refuse(reply, 400, -32600, 'Invalid Request: nested too deep.')
      loading ??= load()
      const handler = await loading
      const signal = callerGone(reply)
      // The package listens for one who leaves, and does not look for one who has left.
      if (signal.aborted) return reply.send()
      const asked = new Request(`http://mcp.invalid${request.url.split('?', 1)[0]}`, {
        method: 'POST',
        headers: readHeaders(request),
        signal,
      })
      const answer = await handler.fetch(asked, {
        parsedBody: body,
        // The one thing that the package hands through to the server's factory untouched.
        authInfo: { serving } as never,
      })
      // Whether the connection is kept is for the edge to say.
      answer.headers.delete('connection')
      if (!answer.headers.has('cache-control')) answer.headers.set('cache-control', 'no-store')
      return reply.send(answer)
    },
    async close() {
      await (await loading)?.close()
    },
  }
}

/** An error of JSON-RPC 2.0 that belongs to no request. */
export function refuse(reply: FastifyReply, status: number, code: number, message: string): FastifyReply {
  return reply
    .status(status)
    .header('cache-control', 'no-store')
    .send({ jsonrpc: '2.0', error: { code, message }, id: null })
}

function readHeaders({ headers }: FastifyRequest): Headers {
  const read = new Headers()
  for (const [name, value] of Object.entries(headers))
    if (passed.test(name) && value !== undefined) read.set(name, String(value))
  return read
}
