import type { Provider, Tool, ToolStep } from '@grantry/providers'
import { buildRequest, type ToolRequest } from './build-request.ts'
import { evaluate, type Json } from './evaluate.ts'
import { explainRefusal } from './explain-refusal.ts'
import { fit } from './fit.ts'
import { ToolError } from './tool-error.ts'
import { withoutNulls } from './without-nulls.ts'

export type ToolAnswer = { ok: true; value: Json } | { ok: false; message: string }

/** Calls the service below its API's base URL with the connection's credential; answers whatever the status is. */
export type CallService = (request: ToolRequest, signal: AbortSignal | undefined) => Promise<Response>

type Run = {
  provider: Pick<Provider, 'display_name' | 'tool_failure'>
  call: CallService
  signal?: AbortSignal | undefined
  tool: Pick<Tool, 'access' | 'idempotent'>
}

const mostItems = 50
const atOnce = 4

/**
 * Runs one tool: each step's call in turn, then the answer cut to what matters. A refusal of the service is an answer
 * that says what to do next; what `call` throws goes on to whoever asked.
 * `args` are valid by the tool's schema; defaults are filled in here.
 */
export async function runTool({
  args,
  ...run
}: Run & { tool: Tool; args: Record<string, Json> }): Promise<ToolAnswer> {
  const { tool } = run
  const known: Record<string, Json> = { ...defaultsOf(tool), ...args }
  try {
    for (const step of tool.steps) known[step.as ?? 'answer'] = await runStep(run, step, known)
    return { ok: true, value: fit(withoutNulls(evaluate(tool.output, known)) ?? {}) }
  } catch (error) {
    if (error instanceof ToolError) return { ok: false, message: error.message }
    throw error
  }
}

function defaultsOf({ input }: Tool): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(input.properties).flatMap(([name, { default: value }]) =>
      value === undefined ? [] : [[name, value]],
    ),
  )
}

async function runStep(run: Run, step: ToolStep, known: Record<string, Json>): Promise<Json> {
  if (step.when !== undefined && isNothing(evaluate(step.when, known))) return null
  if (step.each === undefined) return callStep(run, step, known)
  const items = evaluate(step.each, known)
  if (!Array.isArray(items)) return []
  const answers: Json[] = []
  for (let at = 0; at < Math.min(items.length, mostItems); at += atOnce) {
    const some = items.slice(at, Math.min(at + atOnce, mostItems))
    answers.push(...(await Promise.all(some.map((it) => callStep(run, step, { ...known, it })))))
  }
  return answers
}

/** As `sendStep`, but a refusal of an optional step is null. */
async function callStep(run: Run, step: ToolStep, known: Record<string, Json>): Promise<Json> {
  try {
    return await sendStep(run, step, known)
  } catch (error) {
    if (step.optional && error instanceof ToolError) return null
    throw error
  }
}

async function sendStep(
  { provider, call, signal, tool }: Run,
  step: ToolStep,
  known: Record<string, Json>,
): Promise<Json> {
  const response = await call(await buildRequest(step, known), signal)
  const text = await response.text()
  const answer = step.answer === 'text' && response.ok ? text : parse(text)
  const { status } = response
  const retryAfter = response.headers.get('retry-after')
  const once = tool.access === 'write' && !tool.idempotent && step.method !== 'GET'
  const refused = (why: Json | string, as = status) =>
    new ToolError(explainRefusal(provider.display_name, { status: as, retryAfter, answer: why, once }))
  if (!response.ok) throw refused(answer === undefined ? text : answer)
  if (answer === undefined)
    throw new ToolError(
      `${provider.display_name} answered something that is not JSON. Try again in a minute.`,
    )
  const failure = provider.tool_failure === undefined ? null : evaluate(provider.tool_failure, answer)
  if (!isNothing(failure)) throw refused(failure, statusIn(failure))
  return answer
}

/** undefined for what is no JSON; an empty answer is null. */
function parse(text: string): Json | undefined {
  if (text.trim() === '') return null
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

/** The status that a failure says it is as good as. */
function statusIn(failure: Json): number {
  const status =
    typeof failure === 'object' && failure !== null && !Array.isArray(failure) ? failure.status : null
  return typeof status === 'number' ? status : 400
}

const isNothing = (value: Json) =>
  value === null || value === false || value === '' || (Array.isArray(value) && value.length === 0)
