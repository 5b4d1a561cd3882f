import { type ClientName, clientConfigs, clientNames } from '@grantry/api/mcp-client-configs'
import type { Command } from 'commander'
import type { Cli } from '../../cli.ts'
import { completes, mcpServerIds } from '../../completion/candidates.ts'
import { addExamples } from '../../examples.ts'
import { UsageError } from '../../failure.ts'
import { findMcpServer } from '../../find-mcp-server.ts'
import { readSecret } from '../../read-secret.ts'

type Options = { client?: string; name?: string; keyStdin?: boolean; keyFile?: string }

/** `grantry mcp config SERVER`: without a key clients sign in by OAuth. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('config <server>')
    .description('Print what an MCP client is to be told; without a key it signs in by OAuth')
    .option('--client <name>', `one of ${clientNames.join(', ')}; absent: all`)
    .option('--name <name>', 'what the client calls the server')
    .option('--key-stdin', 'put an API key inside, read from stdin')
    .option('--key-file <path>', 'or from a file')
    .action(async (named: string, { client, name, keyStdin, keyFile }: Options) => {
      if (client !== undefined && !isClient(client))
        throw new UsageError(`"${client}" is not one of ${clientNames.join(', ')}.`)
      if (name !== undefined && !/^[\w-]{1,64}$/.test(name))
        throw new UsageError('--name is letters, digits, - and _.')
      const key = await readSecret(cli, {
        name: 'API key',
        stdin: keyStdin,
        file: keyFile,
        flag: '--key-stdin or --key-file',
        optional: true,
      })
      const server = await findMcpServer(await cli.client(), named)
      const entry = { name: name ?? `grantry-${server.mcp_server}`, url: server.mcp_url, key }
      const chosen = client === undefined ? clientNames : [client]
      const configs = chosen.map((one) => {
        const { title, where, text } = clientConfigs[one]
        return { client: one, title, where, text: text(entry) }
      })
      if (cli.out.json) cli.out.record(client === undefined ? configs : configs[0], {})
      else if (client !== undefined) {
        cli.out.note(`${configs[0]!.title}: ${configs[0]!.where}`)
        cli.out.raw(configs[0]!.text)
      } else for (const { title, where, text } of configs) cli.out.raw(`# ${title}: ${where}\n${text}\n`)
      if (key !== null) cli.out.warn('the API key is inside: keep it out of what is shared.')
    })
  completes(command, { arguments: [mcpServerIds] })
  addExamples(command, [
    { command: 'grantry mcp config gmail --client claude-code', what: 'For one client' },
    {
      command: 'grantry mcp config gmail --client cursor --key-file key.txt > .cursor/mcp.json',
      what: 'With an API key, where nobody can sign in',
    },
  ])
}

const isClient = (text: string): text is ClientName => (clientNames as string[]).includes(text)
