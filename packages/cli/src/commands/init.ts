import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Command, InvalidArgumentError } from 'commander'
import type { Cli } from '../cli.ts'
import { completes, providerNames } from '../completion/candidates.ts'
import { readEnvFile, writeEnvFile } from '../env-file.ts'
import { addExamples } from '../examples.ts'
import { Failure, UsageError } from '../failure.ts'
import { replace } from '../profiles/file.ts'

type Options = {
  dataDir?: string
  publicUrl?: string
  database?: string
  provider?: string
  file?: string
  force?: boolean
}

/** What `npm start` and `grantry serve` read. */
const usualFile = fileURLToPath(new URL('../../../../.env', import.meta.url))
const usualUrl = 'http://localhost:7001'

/** `grantry init`: four questions, and an `.env` that only this user may read. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('init')
    .description('Set a server up: asks four questions and writes .env')
    .option('--data-dir <path>', 'where its data lives')
    .option('--public-url <address>', 'how browsers and providers reach it', checkUrl)
    .option('--database <address>', 'sqlite, or postgres://USER:PASSWORD@HOST/DATABASE', checkDatabase)
    .option('--provider <name>', 'the first provider, or sandbox to begin without real accounts')
    .option('--file <path>', 'the file to write; default the .env that grantry serve reads')
    .option('--force', 'change a file that is there without asking')
    .action(async (options: Options) => {
      const path = options.file === undefined ? usualFile : resolve(cli.cwd, options.file)
      const before = await readBefore(path)
      if (before !== null) await agreeToChange(cli, path, options.force === true)
      if (options.database && options.database !== 'sqlite')
        cli.out.warn(
          'a database address on the command line shows its password to others: leave it out to be asked.',
        )
      const answers = await ask(cli, options)
      const settings = settingsOf(cli, answers, before === null ? {} : readEnvFile(before))
      await replace(path, writeEnvFile(before, settings))
      cli.out.done(`Wrote ${path}.`, { file: path, settings: Object.keys(settings) })
      if (settings.GRANTRY_ENCRYPTION_KEY)
        cli.out.note('It holds the root key of the vault: keep a copy apart from the database.')
      const { provider, publicUrl } = answers
      if (provider !== 'sandbox')
        cli.out.note(`Register at ${provider}: ${publicUrl}/api/v1/credentials/auth/callback/${provider}`)
      cli.out.next(
        provider === 'sandbox'
          ? 'grantry serve'
          : `grantry serve, then grantry login and grantry account oauth configure ${provider}`,
      )
    })
  completes(command, { options: { '--provider': providerNames } })
  addExamples(command, [
    { command: 'grantry init', what: 'Asks' },
    {
      command:
        'grantry init --data-dir ./data --public-url http://localhost:7001 --database sqlite --provider sandbox',
      what: 'Asks nothing',
    },
  ])
}

type Answers = { dataDir: string; publicUrl: string; database: string; provider: string }

async function ask({ prompt }: Cli, given: Options): Promise<Answers> {
  const dataDir =
    given.dataDir ??
    (await prompt.text({ message: 'Where should its data live?', initial: './data', flag: '--data-dir' }))
  const publicUrl =
    given.publicUrl ??
    (await prompt.text({
      message: 'How do browsers and providers reach it?',
      initial: usualUrl,
      flag: '--public-url',
      check: faultOfUrl,
    }))
  const kind =
    given.database ??
    (await prompt.choose({
      message: 'Which database?',
      flag: '--database',
      options: [
        { value: 'sqlite', label: 'SQLite', hint: 'one file, one process' },
        { value: 'postgres', label: 'PostgreSQL', hint: 'any number of processes' },
      ],
    }))
  const database =
    kind === 'postgres'
      ? await prompt.secret({
          message: 'Its address: postgres://USER:PASSWORD@HOST/DATABASE',
          flag: '--database',
          check: faultOfDatabase,
        })
      : kind
  const provider = given.provider ?? (await askProvider(prompt))
  if (provider !== 'sandbox') await checkProvider(provider)
  return { dataDir, publicUrl: new URL(publicUrl).origin, database, provider }
}

async function askProvider(prompt: Cli['prompt']): Promise<string> {
  const { catalogue } = await import('@grantry/providers')
  return prompt.choose({
    message: 'Which provider first?',
    flag: '--provider',
    options: [
      { value: 'sandbox', label: 'The sandbox', hint: 'plays them all, without real accounts' },
      ...[...catalogue].map(([value, { display_name }]) => ({ value, label: display_name })),
    ],
  })
}

async function checkProvider(name: string): Promise<void> {
  const { catalogue } = await import('@grantry/providers')
  if (!catalogue.has(name))
    throw new UsageError(
      `There is no provider "${name}" in the catalogue.`,
      'give sandbox, or a name as gmail',
    )
}

function settingsOf(
  { cwd }: Cli,
  { dataDir, publicUrl, database, provider }: Answers,
  before: Record<string, string | undefined>,
): Record<string, string> {
  const { port, protocol } = new URL(publicUrl)
  return {
    GRANTRY_DATA_DIR: resolve(cwd, dataDir),
    GRANTRY_PUBLIC_URL: publicUrl,
    // Behind a proxy that ends TLS the address says nothing of the port here.
    ...(protocol === 'http:' && port !== '' ? { GRANTRY_PORT: port } : {}),
    ...(database !== 'sqlite'
      ? { GRANTRY_DATABASE_URL: database }
      : before.GRANTRY_DATABASE_URL
        ? { GRANTRY_DATABASE_URL: `sqlite:${resolve(cwd, dataDir, 'grantry.db')}` }
        : {}),
    GRANTRY_SANDBOX: provider === 'sandbox' ? '1' : '0',
    // One that is there opens what is stored: it is never replaced.
    ...(database !== 'sqlite' && !before.GRANTRY_ENCRYPTION_KEY && !before.GRANTRY_ENCRYPTION_KEY_FILE
      ? { GRANTRY_ENCRYPTION_KEY: randomBytes(32).toString('base64') }
      : {}),
  }
}

async function readBefore(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return null
    throw new Failure(`${path} cannot be read (${code}).`, { cause: error })
  }
}

async function agreeToChange({ prompt }: Cli, path: string, force: boolean): Promise<void> {
  const message = `${path} is there. Change these settings in it, and keep the others?`
  if (!force && !(await prompt.confirm({ message, flag: '--force' })))
    throw new UsageError('Nothing was changed.', 'grantry init --file OTHER')
}

function faultOfUrl(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search || url.username)
    return 'It must be an address such as https://connect.example.com, without a path.'
  const loopback = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)
  return url.protocol === 'http:' && !loopback ? 'It must be https, unless it is this machine.' : undefined
}

const faultOfDatabase = (text: string): string | undefined =>
  /^postgres(ql)?:\/\/./.test(text) ? undefined : 'It must be postgres://USER:PASSWORD@HOST/DATABASE.'

function checkUrl(text: string): string {
  const fault = faultOfUrl(text)
  if (fault) throw new InvalidArgumentError(fault)
  return text
}

function checkDatabase(text: string): string {
  const fault = text === 'sqlite' ? undefined : faultOfDatabase(text)
  if (fault) throw new InvalidArgumentError(`${fault} Or sqlite.`)
  return text
}
