import type { Command } from 'commander'
import type { Cli } from '../../cli.ts'
import { addExamples } from '../../examples.ts'
import { type Profile, readProfiles } from '../../profiles/file.ts'

/** `grantry profile list`: never a credential, only whether there is one. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('list')
    .description('List the saved servers')
    .action(async () => {
      const { current, profiles } = await readProfiles(cli.env)
      const rows = Object.entries(profiles).map(([name, profile]) => ({
        name,
        url: profile.url,
        credential: credentialOf(profile),
        current: name === current,
      }))
      await cli.out.table(
        rows,
        {
          '': (row) => (row.current ? '*' : ' '),
          NAME: (row) => row.name,
          URL: (row) => row.url,
          CREDENTIAL: (row) => row.credential,
        },
        { none: 'No servers are saved yet.', next: 'grantry login' },
      )
    })
  addExamples(command, [{ command: 'grantry profile list', what: 'The one in use is marked' }])
}

const credentialOf = ({ api_key, login }: Profile) => (api_key ? 'API key' : login ? 'signed in' : 'none')
