import { problem } from '../errors.ts'
import type { Principal } from '../http/principal.ts'
import type { McpServer } from './store.ts'
import { mayCall, toolsOf } from './tools-of.ts'

/**
 * A token that may only read and calls what changes something is told which scopes do (MCP authorization, scope
 * challenge handling): its client can ask its person for more. A key's are fixed, and it is told so in the answer.
 * @throws ApiError insufficient_scope
 */
export function challengeScope(
  ctx: Parameters<typeof toolsOf>[0],
  server: McpServer,
  principal: Principal,
  body: unknown,
): void {
  if (principal.kind !== 'oauth_client') return
  const { method, params } = (body ?? {}) as { method?: unknown; params?: { name?: unknown } }
  if (method !== 'tools/call') return
  const tool = toolsOf(ctx, server).find(({ name }) => name === params?.name)
  if (!tool || mayCall(principal, tool)) return
  throw problem('insufficient_scope', `${tool.name} changes something, and needs the scope mcp:write.`, {
    members: { scope: 'mcp:read mcp:write' },
  })
}
