import { randomBytes } from 'node:crypto'
import {
  apiRequest,
  authorizationUrl,
  codeChallenge,
  codeRequest,
  codeVerifier,
  requestedScopes,
  requestTokens,
  Secret,
} from '@grantry/oauth'
import { catalogue, mergeCatalogue, type Tool } from '@grantry/providers'
import { type Sandbox, startSandbox } from '@grantry/sandbox'
import { z } from 'zod'
import type { ToolRequest } from '../../packages/server/src/mcp/tools/build-request.ts'
import type { Json } from '../../packages/server/src/mcp/tools/evaluate.ts'
import { runTool } from '../../packages/server/src/mcp/tools/run-tool.ts'

/** A sandbox account whose tools can be run: the catalogue's entry, the engine and the sandbox, without a server. */
export type ConnectedTools = {
  sandbox: Sandbox
  /** What the last call sent, in order. */
  asked: ToolRequest[]
  /** The answer of a tool whose arguments fit its schema; throws where the tool refuses. */
  // biome-ignore lint/suspicious/noExplicitAny: answers are judged by expectations
  value(tool: string, args?: Record<string, Json>): Promise<any>
  /** What the tool says when it refuses; throws where it does not. */
  refusal(tool: string, args?: Record<string, Json>): Promise<string>
  /** Connects again: as somebody else, or for other scopes than the entry's. */
  connect(wish?: Wish): Promise<void>
}

type Wish = { access?: 'read' | 'write'; scopes?: string[]; account?: string }

const redirect_uri = 'http://localhost:9/callback'

/** Starts a sandbox and connects Ada's account with exactly the scopes of the entry's preset for writing. */
export async function connectTools(name: string): Promise<ConnectedTools & { close(): Promise<void> }> {
  const sandbox = await startSandbox()
  const entry = mergeCatalogue(catalogue, { [name]: sandbox.providers[name]! }).get(name)!
  let token = new Secret('')
  let metadata: Record<string, string> = {}
  let asked: ToolRequest[] = []

  async function connect({ access = 'write', scopes, account = 'ada@example.com' }: Wish = {}) {
    const wanted = scopes ?? entry.scopes[access].map(({ scope }) => scope)
    const { client_id, client_secret } = sandbox.clients[name]!
    const verifier = entry.authorize?.pkce === 'none' ? null : codeVerifier(randomBytes(32))
    const url = authorizationUrl({
      profile: entry,
      client_id,
      redirect_uri,
      scopes: requestedScopes(entry, wanted),
      state: 'state',
      code_challenge: verifier && (await codeChallenge(verifier)),
    })
    const location = new URL(await sandbox.control.consent(url, { account }))
    const code = location.searchParams.get('code')
    if (!code) throw new Error(`no code: ${location.search}`)
    const client = { client_id, client_secret: new Secret(client_secret), auth_method: 'auto' as const }
    const request = await codeRequest({
      profile: entry,
      client,
      code: new Secret(code),
      redirect_uri,
      code_verifier: verifier,
    })
    const { tokens } = await requestTokens(fetch, entry, request, { now: Date.now })
    token = tokens.access_token
    metadata = tokens.metadata
  }

  async function run(toolName: string, args: Record<string, Json>) {
    const tool = entry.tools?.find((one) => one.name === toolName)
    if (!tool) throw new Error(`${name} has no tool ${toolName}`)
    const fits = schemaOf(tool).safeParse(args)
    if (!fits.success) throw new Error(`arguments do not fit: ${fits.error.message}`)
    asked = []
    return runTool({
      provider: entry,
      tool,
      args,
      call: (call) => {
        asked.push(call)
        const { url, init } = apiRequest(
          { profile: entry, metadata, access_token: token },
          {
            method: call.method,
            url: `${call.path}${call.query === '' ? '' : `?${call.query}`}`,
            headers: call.headers,
            ...(call.body === null ? {} : { body: call.body }),
          },
        )
        return fetch(url, init)
      },
    })
  }

  await connect()
  return {
    sandbox,
    get asked() {
      return asked
    },
    async value(tool, args = {}) {
      const answer = await run(tool, args)
      if (!answer.ok) throw new Error(answer.message)
      return answer.value
    },
    async refusal(tool, args = {}) {
      const answer = await run(tool, args)
      if (answer.ok) throw new Error(`${tool} did not refuse: ${JSON.stringify(answer.value)}`)
      return answer.message
    },
    connect,
    close: () => sandbox.close(),
  }
}

const schemas = new Map<Tool, z.ZodType>()

function schemaOf(tool: Tool): z.ZodType {
  const schema = schemas.get(tool) ?? z.fromJSONSchema(tool.input as Parameters<typeof z.fromJSONSchema>[0])
  schemas.set(tool, schema)
  return schema
}
