import { encodeId } from '@grantry/api'
import type {
  CallToolRequest,
  CallToolResult,
  InputRequiredResult,
  ServerContext,
} from '@modelcontextprotocol/server'
import type { FastifyError } from 'fastify'
import type { ReconnectLink } from '../connect/reconnect-link.ts'
import { loadConnection } from '../connections/store.ts'
import type { Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import { toApiError } from '../http/error-edge.ts'
import type { Actor, Principal } from '../http/principal.ts'
import { callProvider } from '../proxy/call.ts'
import { callFault } from '../proxy/call-fault.ts'
import { askToConnect } from './ask-to-connect.ts'
import { faultsIn } from './check-arguments.ts'
import { readAsked, tellAnswer } from './request-tool.ts'
import type { Sdk } from './serve.ts'
import type { McpServer } from './store.ts'
import type { ToolRequest } from './tools/build-request.ts'
import type { Json } from './tools/evaluate.ts'
import type { ToolAnswer } from './tools/run-tool.ts'
import { mayCall, type ServedTool, serviceOf, toolsOf } from './tools-of.ts'

export type Needs = Parameters<typeof callProvider>[0] & Pick<Context, 'db' | 'log'>

/** Whose call it is, and of which server. */
export type Calling = { server: McpServer; principal: Principal; actor: Actor }

/** What one request is served with. */
export type Serving = Calling & {
  /** What a client of the 2025 era was given when it began. */
  sessionId: string | undefined
  /** Ends when the client takes the request back by another one. */
  cancelled: AbortSignal | undefined
  reconnectLink(principal: Principal, actor: Actor, connection: string): Promise<ReconnectLink>
}

/** For all of a tool's calls to the service; clients give up after a minute. */
const deadlineMs = 45_000
/** Of one decoded answer of the service, of which the model sees what matters. */
const maxBytes = 10 * 1024 * 1024

/**
 * One call of a tool. What the caller can mend — arguments, an account that is to be connected, a refusal of the service —
 * is an answer; what the protocol calls an error is a tool that there is not.
 * @throws ProtocolError, UrlElicitationRequiredError
 */
export async function callTool(
  ctx: Needs,
  sdk: Sdk,
  serving: Serving,
  { params }: CallToolRequest,
  { era, context }: { era: 'modern' | 'legacy'; context: ServerContext },
): Promise<CallToolResult | InputRequiredResult> {
  const { server, principal, actor, sessionId, cancelled } = serving
  const tool = findTool(ctx, server, params.name)
  if (!tool) throw new sdk.ProtocolError(sdk.ProtocolErrorCode.InvalidParams, unknownTool(server))
  const args = (params.arguments ?? {}) as Record<string, Json>
  const gone = context.mcpReq.signal
  const outcome = await runOnce(ctx, serving, { tool, args, gone, cancelled })
  if ('result' in outcome) return outcome.result
  const service = serviceOf(ctx, server)
  try {
    const id = encodeId('con', server.connection.id)
    const link = await serving.reconnectLink(principal, actor, id).catch((error: unknown) => {
      if (error instanceof ApiError && error.code === 'invalid_request') return null
      throw error
    })
    if (link === null) return fault(unlinkable(service.display_name))
    return askToConnect(sdk, { era, sessionId, context }, link, service.display_name)
  } catch (error) {
    if (error instanceof sdk.ProtocolError || gone.aborted) throw error
    return tellRefusal(ctx, serving, toApiError(callFault(error) as FastifyError))
  }
}

export const findTool = (ctx: Needs, server: McpServer, name: string): ServedTool | undefined =>
  toolsOf(ctx, server).find((tool) => tool.name === name)

/** Why a call waits for a person: the account was never connected, or has to be connected again. */
export type ToConnect = { connect: 'connection_needs_reauth' | 'connection_not_ready' }

/**
 * Runs a tool for whoever may: arguments checked, policy and budget kept to, the call written down before it is sent.
 * `gone` ends with the caller, and then it throws; `cancelled` is their word that the answer is not wanted any more.
 */
export function runOnce(ctx: Needs, calling: Calling, wanted: ToRun): Promise<Outcome> {
  const { name, access, run } = wanted.tool
  // A generic one may be called by what a workspace called its integration; a catalogue's is the operator's word.
  const facts = { 'grantry.tool': run === 'request' ? 'request' : name, 'grantry.tool_access': access }
  return ctx.tracing.span('tool call', { facts }, async (span) => {
    const outcome = await runNow(ctx, calling, wanted)
    if ('connect' in outcome) span.fail(outcome.connect)
    else if (outcome.result.isError) span.fail('tool_error')
    return outcome
  })
}

type ToRun = {
  tool: ServedTool
  args: Record<string, Json>
  gone: AbortSignal
  cancelled?: AbortSignal | undefined
}
type Outcome = { result: CallToolResult } | ToConnect

async function runNow(
  ctx: Needs,
  calling: Calling,
  { tool, args, gone, cancelled }: ToRun,
): Promise<Outcome> {
  const { server, principal } = calling
  const refuse = (text: string) => ({ result: fault(text) })
  if (!mayCall(principal, tool))
    return refuse(
      `This credential may only read: ${tool.name} changes something, and needs the scope mcp:write.`,
    )
  const faults = await faultsIn(tool.input, args)
  if (faults !== null) return refuse(`${faults} Nothing was sent. Mend the arguments and call again.`)

  const service = serviceOf(ctx, server)
  const signals = [gone, AbortSignal.timeout(deadlineMs), cancelled]
  const signal = AbortSignal.any(signals.filter((each) => each !== undefined))
  try {
    const { status } = await loadConnection(ctx, principal.workspace, server.connection.id)
    if (status === 'revoked') return refuse(ended(service.display_name))
    if (status === 'pending') return { connect: 'connection_not_ready' }
    if (status === 'needs_reauth') return { connect: 'connection_needs_reauth' }
    return { result: tell(await run(ctx, calling, tool, args, signal)) }
  } catch (error) {
    if (signal.aborted && !gone.aborted) return refuse(late(service.display_name, tool))
    if (gone.aborted) throw error
    const refusal = toApiError(callFault(error) as FastifyError)
    if (refusal.code === 'connection_needs_reauth' || refusal.code === 'connection_not_ready')
      return { connect: refusal.code }
    return { result: tellRefusal(ctx, calling, refusal) }
  }
}

async function run(
  ctx: Needs,
  { server, principal, actor }: Calling,
  tool: ServedTool,
  args: Record<string, Json>,
  signal: AbortSignal,
): Promise<ToolAnswer> {
  const call = ({ headers, ...request }: ToolRequest) =>
    callProvider(ctx, {
      ...request,
      headers: new Headers(headers),
      principal,
      actor,
      connection: server.connection.id,
      tool: tool.name,
      signal,
      maxBytes,
      deadlineMs,
    })
  if (tool.run === 'request') return call(readAsked(args)).then(tellAnswer)
  // With what it reads mails and pages by: loaded when the first tool is called.
  const { runTool } = await import('./tools/run-tool.ts')
  return runTool({ provider: serviceOf(ctx, server), tool: tool.run, args, call, signal })
}

/** A model that is told to try again sends the same mail twice. */
const late = (service: string, { access, idempotent }: ServedTool) =>
  access === 'read' || idempotent
    ? `${service} did not answer in time. Try again, or ask for less.`
    : `${service} did not answer in time, and may have done it all the same: look before you try again.`

/** A grant that came without a person's consent here cannot be renewed by one. */
const unlinkable = (service: string) =>
  `The access to ${service} has ended, and no link can renew it: this connection was made from a refresh token. Whoever made it must give it a new one; then call the tool again.`

/** An object is given twice: as text for clients of any age, and as it is. */
function tell(answer: ToolAnswer): CallToolResult {
  if (!answer.ok) return fault(answer.message)
  const { value } = answer
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return { content: [{ type: 'text', text }], ...(isObject ? { structuredContent: value } : {}) }
}

function tellRefusal({ log }: Needs, { actor }: Calling, error: ApiError): CallToolResult {
  const { status, message, retryAfter } = toApiError(error as unknown as FastifyError)
  if (status >= 500) log.error({ err: error, request_id: actor.requestId }, 'tool call failed')
  const when = retryAfter === undefined ? '' : ` Try again in ${retryAfter} s.`
  const where = status === 500 ? ` (${actor.requestId})` : ''
  return fault(`${message}${where}${when}`)
}

const fault = (text: string): CallToolResult => ({ content: [{ type: 'text', text }], isError: true })

function unknownTool({ row }: McpServer): string {
  return row.access_type === 'read'
    ? 'Unknown tool. This server only reads: it has no tool that changes something.'
    : 'Unknown tool. tools/list says which there are.'
}

const ended = (service: string) =>
  `This connection to ${service} has been ended for good, and this server with it. Tell the user: a new MCP server is to be made for the account.`
