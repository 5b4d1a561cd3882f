import type {
  CallToolResult,
  ContentBlock,
  InputRequests,
  InputRequiredResult,
  McpServer,
  ServerContext,
} from '@modelcontextprotocol/server'
import { z } from 'zod'
import type { Sdk } from '../../../packages/server/src/mcp/serve.ts'
import { signState, verifyState } from './state.ts'

/** One red pixel. */
export const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=='
/** A sound of no length. */
const wav = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEARKwAAIhYAQACABAAZGF0YQAAAAA='

const text = (said: string): ContentBlock => ({ type: 'text', text: said })
const resource = (uri: string, mimeType: string, said: string): ContentBlock => ({
  type: 'resource',
  resource: { uri, mimeType, text: said },
})

/** Tools that answer always the same. */
const contents: Record<string, ContentBlock[]> = {
  test_simple_text: [text('This is a simple text response for testing.')],
  test_image_content: [{ type: 'image', data: png, mimeType: 'image/png' }],
  test_audio_content: [{ type: 'audio', data: wav, mimeType: 'audio/wav' }],
  test_embedded_resource: [
    resource('test://embedded-resource', 'text/plain', 'This is an embedded resource content.'),
  ],
  test_multiple_content_types: [
    text('Multiple content types test:'),
    { type: 'image', data: png, mimeType: 'image/png' },
    resource('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
  ],
}

type Asked = CallToolResult | InputRequiredResult
type Answers = { [key: string]: unknown } | undefined

/** The tools that the conformance suite calls, under the names that it has for them. */
export function addTools(sdk: Sdk, server: McpServer): void {
  const tool = (name: string, run: (context: ServerContext) => Promise<Asked> | Asked) =>
    server.registerTool(
      name,
      { description: `Fixture: ${name}`, inputSchema: z.object({}) },
      (_args, context) => run(context),
    )
  const done = (said: string): CallToolResult => ({ content: [{ type: 'text', text: said }] })

  for (const [name, content] of Object.entries(contents)) tool(name, () => ({ content }))
  tool('test_error_handling', () => {
    throw new Error('This tool intentionally returns an error for testing')
  })
  tool('test_tool_with_progress', async ({ mcpReq }) => {
    const progressToken = mcpReq._meta?.progressToken
    for (const progress of progressToken === undefined ? [] : [0, 50, 100])
      await mcpReq.notify({
        method: 'notifications/progress',
        params: { progressToken: progressToken!, progress, total: 100 },
      })
    return done('done')
  })
  const log = async ({ mcpReq }: ServerContext) => {
    for (const said of ['Tool execution started', 'Tool processing data', 'Tool execution completed'])
      await mcpReq.log('info', said)
    return done('done')
  }
  tool('test_tool_with_logging', log)
  tool('test_logging_tool', log)
  tool('test_missing_capability', () => ask({ sampling: sampling('Say something', 10) }))

  const { elicit, createMessage, listRoots } = sdk.inputRequired
  const ask = (inputRequests: InputRequests, requestState?: string) =>
    sdk.inputRequired({ inputRequests, ...(requestState === undefined ? {} : { requestState }) })
  const form = (message: string, property: string, type: 'string' | 'boolean' = 'string') =>
    elicit({
      message,
      requestedSchema: {
        type: 'object',
        properties: { [property]: type === 'string' ? { type } : { type } },
        required: [property],
      },
    })
  const sampling = (said: string, maxTokens: number) =>
    createMessage({ messages: [{ role: 'user', content: { type: 'text', text: said } }], maxTokens })
  const responses = ({ mcpReq }: ServerContext) => mcpReq.inputResponses as Answers
  const accepted = (context: ServerContext, key: string) =>
    sdk.acceptedContent<Record<string, unknown>>(context.mcpReq.inputResponses, key)

  tool('test_input_required_result_elicitation', (context) => {
    const name = accepted(context, 'user_name')?.name
    if (typeof name !== 'string') return ask({ user_name: form('What is your name?', 'name') })
    return done(`Hello, ${name}!`)
  })
  tool('test_streaming_elicitation', () => ask({ user_name: form('What is your name?', 'name') }))
  tool('test_input_required_result_sampling', (context) => {
    const answer = sdk.inputResponse(context.mcpReq.inputResponses, 'capital_question')
    if (answer.kind !== 'sampling')
      return ask({ capital_question: sampling('What is the capital of France?', 100) })
    return done(JSON.stringify(answer.result))
  })
  tool('test_input_required_result_list_roots', (context) => {
    const answer = sdk.inputResponse(context.mcpReq.inputResponses, 'client_roots')
    if (answer.kind !== 'roots') return ask({ client_roots: listRoots() })
    return done(JSON.stringify(answer.roots))
  })
  tool('test_input_required_result_multiple_inputs', (context) => {
    const keys = ['user_name', 'greeting', 'client_roots']
    const given = responses(context)
    if (keys.every((key) => given?.[key] !== undefined)) return done(JSON.stringify(given))
    return ask(
      {
        user_name: form('What is your name?', 'name'),
        greeting: sampling('Generate a greeting', 50),
        client_roots: listRoots(),
      },
      signState('inputs'),
    )
  })
  for (const name of [
    'test_input_required_result_request_state',
    'test_input_required_result_tampered_state',
  ])
    tool(name, (context) => {
      const state = context.mcpReq.requestState<string>()
      if (state === undefined)
        return ask({ confirm: form('Please confirm', 'ok', 'boolean') }, signState('confirm'))
      return done(verifyState(state) === 'confirm' ? 'state-ok' : 'another state')
    })
  tool('test_input_required_result_multi_round', (context) => {
    const state = context.mcpReq.requestState<string>()
    if (state === undefined) return ask({ step1: form('Step 1: What is your name?', 'name') }, signState('1'))
    if (verifyState(state) === '1')
      return ask({ step2: form('Step 2: What is your favorite color?', 'color') }, signState('2'))
    return done(`Both: ${JSON.stringify(responses(context))}`)
  })
  tool('test_input_required_result_capabilities', ({ mcpReq }) => {
    const meta = mcpReq.envelope as Record<string, Record<string, unknown>> | undefined
    const can = meta?.[sdk.CLIENT_CAPABILITIES_META_KEY] ?? {}
    return ask({
      ...(can.elicitation ? { name: form('What is your name?', 'name') } : {}),
      ...(can.sampling ? { greeting: sampling('Generate a greeting', 50) } : {}),
    })
  })
}
