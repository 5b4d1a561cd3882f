import type { McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import type { Sdk } from '../../../packages/server/src/mcp/serve.ts'
import { addTools, png } from './fixture-tools.ts'
import { verifyState } from './state.ts'

/** What the conformance suite wants to find on a server: `era` as our own factory is told it. */
export function fixtureServer(sdk: Sdk, era: 'modern' | 'legacy'): McpServer {
  const server = new sdk.McpServer(
    { name: 'conformance-fixture', version: '1.0.0' },
    {
      capabilities: {
        tools: { listChanged: false },
        prompts: { listChanged: false },
        completions: {},
        logging: {},
        resources: { subscribe: era === 'legacy' },
      },
      requestState: { verify: async (state) => void verifyState(state) },
    },
  )
  addTools(sdk, server)
  addResources(sdk, server)
  addPrompts(sdk, server)
  if (era === 'legacy')
    for (const method of ['resources/subscribe', 'resources/unsubscribe'] as const)
      server.server.setRequestHandler(method, () => ({}))
  return server
}

function addResources(sdk: Sdk, server: McpServer): void {
  const about = (mimeType: string) => ({ description: 'A fixture', mimeType })
  const fixed: [string, string, { text: string } | { blob: string }][] = [
    ['test://static-text', 'text/plain', { text: 'This is the content of the static text resource.' }],
    ['test://static-binary', 'image/png', { blob: png }],
    ['test://watched-resource', 'text/plain', { text: 'Watched' }],
  ]
  for (const [uri, mimeType, content] of fixed)
    server.registerResource(uri.slice('test://'.length), uri, about(mimeType), () => ({
      contents: [{ uri, mimeType, ...content }],
    }))
  server.registerResource(
    'template',
    new sdk.ResourceTemplate('test://template/{id}/data', { list: undefined }),
    about('application/json'),
    (uri, { id }) => ({
      contents: [
        {
          uri: uri.href,
          mimeType: 'application/json',
          text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }),
        },
      ],
    }),
  )
}

function addPrompts(sdk: Sdk, server: McpServer): void {
  const say = (text: string) => ({ role: 'user' as const, content: { type: 'text' as const, text } })
  const prompt = (name: string) => [name, { description: `Fixture: ${name}` }] as const
  server.registerPrompt(...prompt('test_simple_prompt'), () => ({
    messages: [say('This is a simple prompt for testing.')],
  }))
  const place = sdk.completable(z.string(), (begun) =>
    ['paris', 'park', 'party'].filter((word) => word.startsWith(begun)),
  )
  server.registerPrompt(
    'test_prompt_with_arguments',
    { description: 'Fixture', argsSchema: z.object({ arg1: place, arg2: z.string() }) },
    ({ arg1, arg2 }) => ({ messages: [say(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)] }),
  )
  server.registerPrompt(
    'test_prompt_with_embedded_resource',
    { description: 'Fixture', argsSchema: z.object({ resourceUri: z.string() }) },
    ({ resourceUri: uri }) => ({
      messages: [
        {
          role: 'user',
          content: {
            type: 'resource',
            resource: { uri, mimeType: 'text/plain', text: 'Embedded resource content for testing.' },
          },
        },
        say('Please process the embedded resource above.'),
      ],
    }),
  )
  server.registerPrompt(...prompt('test_prompt_with_image'), () => ({
    messages: [
      { role: 'user', content: { type: 'image', data: png, mimeType: 'image/png' } },
      say('Please analyze the image above.'),
    ],
  }))
  server.registerPrompt(...prompt('test_input_required_result_prompt'), (context) => {
    const given = sdk.acceptedContent<Record<string, unknown>>(context.mcpReq.inputResponses, 'user_context')
    if (given) return { messages: [say(`Context: ${given.context}`)] }
    return sdk.inputRequired({
      inputRequests: {
        user_context: sdk.inputRequired.elicit({
          message: 'What context should the prompt use?',
          requestedSchema: {
            type: 'object',
            properties: { context: { type: 'string' } },
            required: ['context'],
          },
        }),
      },
    })
  })
}
