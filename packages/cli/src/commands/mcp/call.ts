import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Cli } from '../../cli.ts'
import { completes, mcpServerIds } from '../../completion/candidates.ts'
import { addExamples } from '../../examples.ts'
import { Failure, UsageError } from '../../failure.ts'
import { findMcpServer } from '../../find-mcp-server.ts'
import { printableText } from '../../text-width.ts'
import { callTool, listTools, type Tool } from './ask-server.ts'

type Options = { args?: string; argsFile?: string }

/** `grantry mcp call SERVER [TOOL]`: without a tool, those that there are. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('call <server> [tool]')
    .description('Call a tool of an MCP server; without a tool, list them')
    .option('--args <json>', 'its arguments, as a JSON object')
    .option('--args-file <path>', 'or from a file')
    .action(async (named: string, tool: string | undefined, options: Options) => {
      const args = await readArguments(cli, options)
      const grantry = await cli.client()
      const server = await findMcpServer(grantry, named)
      if (tool === undefined) return showTools(cli, await listTools(grantry, server), server.id)
      const result = await cli.waiting(`Calling ${tool}`, () => callTool(grantry, server, tool, args))
      const text = result.content.map((part) => part.text ?? `[${part.type}]`).join('\n')
      if (result.isError) throw new Failure(text, { next: `grantry mcp call ${named}` })
      if (cli.out.json) cli.out.record(result, {})
      // Mails and documents are strangers' words; to a file or a program they go as they are.
      else cli.out.raw(cli.stdout.isTTY ? printableText(text) : text)
    })
  completes(command, { arguments: [mcpServerIds] })
  addExamples(command, [
    { command: 'grantry mcp call gmail', what: 'What it can do' },
    {
      command: `grantry mcp call gmail search_messages --args '{"query":"is:unread"}'`,
      what: 'One call',
    },
  ])
}

async function readArguments(cli: Cli, { args, argsFile }: Options): Promise<Record<string, unknown>> {
  if (args !== undefined && argsFile !== undefined) throw new UsageError('Give either --args or --args-file.')
  const text = argsFile === undefined ? (args ?? '{}') : await readFile(resolve(cli.cwd, argsFile), 'utf8')
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>
  } catch {
    // Said below, with what it must be.
  }
  throw new UsageError(`The arguments are not a JSON object such as {"query":"is:unread"}.`)
}

async function showTools(cli: Cli, tools: Tool[], server: string): Promise<void> {
  await cli.out.table(
    tools,
    {
      TOOL: ({ name }) => name,
      ACCESS: ({ annotations }) => (annotations?.readOnlyHint ? 'read' : 'write'),
      ARGUMENTS: ({ inputSchema }) => argumentsOf(inputSchema),
      'WHAT IT DOES': ({ description = '' }) => firstSentence(description),
    },
    { none: 'It has no tools for this credential.', next: `grantry mcp create SERVICE --access write` },
  )
  if (tools[0]) cli.out.next(`grantry mcp call ${server} ${tools[0].name} --args '{…}'`)
}

/** Those that are needed, then the others in brackets. */
function argumentsOf({ properties = {}, required = [] }: Tool['inputSchema']): string {
  const others = Object.keys(properties).filter((name) => !required.includes(name))
  return [...required, ...others.map((name) => `[${name}]`)].join(' ')
}

const firstSentence = (text: string) => text.split(/(?<=\.)\s/)[0] ?? ''
