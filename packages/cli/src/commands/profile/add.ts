import type { Command } from 'commander'
import type { Cli } from '../../cli.ts'
import { addExamples } from '../../examples.ts'
import { UsageError } from '../../failure.ts'
import { isPlain, originOf, plainWarning } from '../../profiles/choose.ts'
import { updateProfiles } from '../../profiles/file.ts'
import { checkProfileName } from '../../profiles/name.ts'
import { readSecret } from '../../read-secret.ts'

type Options = { apiKeyStdin?: boolean; apiKeyFile?: string }

/** `grantry profile add NAME --url …`: a server, with an API key or to sign in to later. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('add <name>')
    .description('Save a server; --url says where it is')
    .option('--api-key-stdin', 'read an API key from stdin')
    .option('--api-key-file <path>', 'read an API key from a file')
    .action(async (name: string, options: Options) => {
      checkProfileName(name)
      if (!cli.options.url) throw new UsageError('Where the server is has not been said: give --url.')
      const url = originOf(cli.options.url)
      if (isPlain(url)) cli.out.warn(plainWarning)
      const key = await readSecret(cli, {
        name: 'API key',
        stdin: options.apiKeyStdin,
        file: options.apiKeyFile,
        flag: '--api-key-stdin or --api-key-file',
        optional: true,
      })
      const current = await updateProfiles(cli.env, (file) => {
        if (file.profiles[name])
          throw new UsageError(`There is a profile "${name}" already.`, `grantry profile remove ${name}`)
        file.profiles[name] = { url, ...(key === null ? {} : { api_key: key }) }
        file.current ??= name
        return file.current
      })
      cli.out.done(`Saved ${url} as "${name}".`, { name, url, credential: key === null ? 'none' : 'API key' })
      if (key === null) cli.out.next(`grantry login --profile ${name}`)
      else if (current !== name) cli.out.next(`grantry profile use ${name}`)
    })
  addExamples(command, [
    {
      command: 'grantry profile add prod --url https://connect.example.com --api-key-stdin < key.txt',
      what: 'A server with an API key from a file',
    },
  ])
}
