import { resolve } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Cli } from '../cli.ts'
import { addExamples } from '../examples.ts'
import { serve } from '../serve-process.ts'

type Options = {
  port?: number
  host?: string
  dataDir?: string
  database?: string
  publicUrl?: string
  sandbox?: boolean
}

/** `grantry serve`: the server in the foreground. Flags win over the environment, that over `.env`. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('serve')
    .description('Run the server in the foreground, as npm start does')
    .option('--port <number>', 'where to listen (GRANTRY_PORT)', readPort)
    .option('--host <address>', 'where to listen (GRANTRY_HOST)')
    .option('--public-url <address>', 'how browsers and providers reach it (GRANTRY_PUBLIC_URL)')
    .option('--data-dir <path>', 'database and local key (GRANTRY_DATA_DIR)')
    .option('--database <address>', 'sqlite:PATH or postgres://… (GRANTRY_DATABASE_URL)')
    .addOption(new Option('--sandbox', 'with the provider emulator (GRANTRY_SANDBOX)'))
    .addOption(new Option('--no-sandbox', 'without it'))
    .action((options: Options) => {
      if (options.database && passwordIn(options.database))
        cli.out.warn(
          'a password on the command line can be read by others in the process list: set GRANTRY_DATABASE_URL.',
        )
      return serve(cli, settingsOf(cli, options))
    })
  addExamples(command, [
    { command: 'grantry serve', what: 'On this machine, with a SQLite file and the sandbox' },
    {
      command: 'grantry serve --port 8080 --data-dir ~/grantry --no-sandbox',
      what: 'Elsewhere, without the sandbox',
    },
  ])
}

function settingsOf(cli: Cli, { port, host, dataDir, database, publicUrl, sandbox }: Options) {
  const path = dataDir === undefined ? undefined : resolve(cli.cwd, dataDir)
  const settings = {
    GRANTRY_PORT: port?.toString(),
    GRANTRY_HOST: host,
    GRANTRY_PUBLIC_URL: publicUrl,
    GRANTRY_DATA_DIR: path,
    GRANTRY_DATABASE_URL: database,
    GRANTRY_SANDBOX: sandbox === undefined ? undefined : sandbox ? '1' : '0',
  }
  return Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}

export function readPort(text: string): number {
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port > 65_535)
    throw new InvalidArgumentError('It must be a whole number from 0 to 65535.')
  return port
}

const passwordIn = (address: string) => URL.canParse(address) && new URL(address).password !== ''
