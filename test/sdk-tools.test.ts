import { Grantry } from '@grantry/sdk'
import { mcpTools as aiSdkTools } from '@grantry/sdk/ai-sdk'
import { mcpTools as langChainTools } from '@grantry/sdk/langchain'
import { generateText, isStepCount } from 'ai'
import { MockLanguageModelV4 } from 'ai/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addSandboxIntegration, connectAccount } from './support/connecting.ts'
import { startTestGrantry, type TestGrantry } from './support/grantry.ts'

let server: TestGrantry
let grantry: Grantry
let mcpServer: string

beforeAll(async () => {
  server = await startTestGrantry()
  grantry = new Grantry({ url: server.url, apiKey: server.apiKey })
  const { id } = await addSandboxIntegration(server, 'gmail')
  const connection = await connectAccount(server, {
    integration: id,
    access_type: 'read',
    end_user: { id: 'ada' },
  })
  const made = await grantry.mcpServers.create({
    mcp_server: 'gmail',
    access_type: 'read',
    auth_method: 'oauth',
    connection_id: connection.id,
  })
  mcpServer = made.id
})
afterAll(() => server?.close())

test('an MCP server is the tools of a LangChain agent', async () => {
  const { tools, close } = await langChainTools(grantry, mcpServer)
  try {
    const search = tools.find(({ name }) => name.includes('search'))
    expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining([search?.name]))
    const answer = await search!.invoke({ query: 'in:inbox' })
    expect(JSON.stringify(answer)).toContain('messages')
  } finally {
    await close()
  }
})

test('an MCP server is the tools of an AI SDK model, which calls one', async () => {
  const { tools, close } = await aiSdkTools(grantry, mcpServer)
  try {
    const name = Object.keys(tools).find((each) => each.includes('search'))!
    const usage = { inputTokens: { total: 1 }, outputTokens: { total: 1 } }
    // A model that asks for the tool once and then has its say.
    const model = new MockLanguageModelV4({
      doGenerate: [
        {
          content: [
            { type: 'tool-call', toolCallId: 'call-1', toolName: name, input: '{"query":"in:inbox"}' },
          ],
          finishReason: { unified: 'tool-calls', raw: undefined },
          usage,
          warnings: [],
        },
        {
          content: [{ type: 'text', text: 'You have mail.' }],
          finishReason: { unified: 'stop', raw: undefined },
          usage,
          warnings: [],
        },
      ] as never,
    })
    const { steps, text } = await generateText({
      model,
      tools,
      prompt: 'What is new?',
      stopWhen: isStepCount(2),
    })
    expect(text).toBe('You have mail.')
    expect(JSON.stringify(steps[0]!.toolResults)).toContain('messages')
  } finally {
    await close()
  }
})

test('a server that is not there, or a key that may not, is refused', async () => {
  await expect(aiSdkTools(grantry, 'mcp_nothing')).rejects.toThrow()
  await expect(langChainTools(grantry, 'mcp_nothing')).rejects.toThrow()
})

test('an address and headers for any other client', async () => {
  const { url, headers } = await grantry.mcp(mcpServer)
  const { mcp_url } = await grantry.mcpServers.get(mcpServer)
  expect(url).toBe(mcp_url)
  expect(headers).toEqual({ authorization: `Bearer ${server.apiKey}` })
})
