import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { actorOf } from '../http/mount.ts'
import { requireFeature } from '../workspaces/features.ts'
import { loadWorkspace } from '../workspaces/store.ts'
import { buildServer } from './build-server.ts'
import type { Needs as CallNeeds, Serving } from './call-tool.ts'
import { mintSessionId } from './past-sessions.ts'
import { createRunningCalls } from './running-calls.ts'
import { createMcpBridge } from './serve.ts'
import { challengeScope } from './step-up.ts'
import { readMcpServer } from './store.ts'

export type Needs = CallNeeds & Pick<Context, 'catalogue' | 'config' | 'db' | 'log'>
export type ReconnectLinks = Serving['reconnectLink']

type Message = { method?: unknown; id?: unknown; params?: { requestId?: unknown } }

/** The one endpoint of all MCP servers: which server, for whom, and then what the protocol says. */
export function createEndpoint(ctx: Needs, reconnectLink: ReconnectLinks) {
  const bridge = createMcpBridge<Serving>(ctx.log, (sdk, serving, era) => buildServer(ctx, sdk, serving, era))
  const calls = createRunningCalls()
  return {
    close: () => bridge.close(),

    /** @throws ApiError not_found, feature_not_in_plan, insufficient_scope */
    async answer(request: FastifyRequest, reply: FastifyReply, id: string): Promise<FastifyReply> {
      const { principal } = request
      const server = await readMcpServer(ctx, principal, id)
      requireFeature(await loadWorkspace(ctx, principal.workspace), 'mcp')
      challengeScope(ctx, server, principal, request.body)
      const message = (request.body ?? {}) as Message
      const session = request.headers['mcp-session-id']
      const sessionId = typeof session === 'string' ? session : undefined
      if (message.method === 'initialize') reply.header('mcp-session-id', mintSessionId(message.params))
      if (message.method === 'notifications/cancelled')
        calls.cancel([principal.id, sessionId, message.params?.requestId])
      const call =
        message.method === 'tools/call' ? calls.begin([principal.id, sessionId, message.id]) : undefined
      if (call) reply.raw.once('close', call.end)
      const serving = { server, principal, actor: actorOf(request), sessionId, reconnectLink }
      return bridge.serve(request, reply, { ...serving, cancelled: call?.signal })
    },
  }
}
