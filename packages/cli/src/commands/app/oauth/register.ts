import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Cli } from '../../../cli.ts'
import { appIds, completes } from '../../../completion/candidates.ts'
import { addExamples } from '../../../examples.ts'
import { Failure, UsageError } from '../../../failure.ts'
import { type Registration, registerProvider } from '../../../register-provider.ts'
import { uuidOf } from '../../../uuid.ts'

type Options = { providerConfig: string; app?: string }

/** `grantry app oauth register --provider-config FILE`: an OAuth app for one app, from a file. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('register')
    .description('Save an OAuth app from a JSON file: the body of POST /api/v1/credentials/oauth/register')
    .requiredOption('--provider-config <file>', 'the file; - for stdin')
    .option('--app <id>', 'the app that it belongs to, where the file names none (app_id)')
    .action(async ({ providerConfig, app }: Options) => {
      const config = await readConfig(cli, providerConfig)
      const app_id = app === undefined ? config.app_id : await uuidOf('app', app)
      const answer = await registerProvider(cli, { ...config, app_id })
      cli.out.done(`${config.provider_name} is registered: ${answer.provider_id}`, answer)
      cli.out.next('grantry app oauth list-providers')
    })
  completes(command, { options: { '--app': appIds } })
  addExamples(command, [
    {
      command: 'grantry app oauth register --provider-config gmail-config.json',
      what: 'The app is named in the file',
    },
    {
      command: 'grantry app oauth register --provider-config - --app app_… < gmail-config.json',
      what: 'Or here',
    },
  ])
}

async function readConfig(cli: Cli, file: string): Promise<Registration> {
  const text = file === '-' ? await readAll(cli.stdin) : await readNamed(resolve(cli.cwd, file))
  let config: unknown
  try {
    config = JSON.parse(text)
  } catch {
    // What the parser says would quote the file, and the secret in it.
    throw new Failure(`${file} is not JSON.`, { next: 'look at the commas and quotes in it' })
  }
  const { provider_name, client_id } = (config ?? {}) as Partial<Registration>
  if (typeof provider_name !== 'string' || typeof client_id !== 'string')
    throw new UsageError(`${file} must be an object with provider_name and client_id at least.`)
  return config as Registration
}

async function readNamed(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new Failure(`${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`, { cause: error })
  }
}

async function readAll(stdin: AsyncIterable<unknown>): Promise<string> {
  let text = ''
  for await (const chunk of stdin) text += chunk
  return text
}
