import type { Command } from 'commander'
import type { Cli } from '../../cli.ts'
import { completes, profileNames } from '../../completion/candidates.ts'
import { addExamples } from '../../examples.ts'
import { updateProfiles } from '../../profiles/file.ts'
import { findProfile } from '../../profiles/name.ts'

/** `grantry profile use NAME`: what is called from now on. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('use <name>')
    .description('Choose the server that is called when none is named')
    .action(async (name: string) => {
      const url = await updateProfiles(cli.env, (file) => {
        const { url } = findProfile(file, name)
        file.current = name
        return url
      })
      cli.out.done(`From now on commands call ${url} ("${name}").`, { name, url })
    })
  completes(command, { arguments: [profileNames] })
  addExamples(command, [
    { command: 'grantry profile use prod', what: 'Call production when nothing else is said' },
  ])
}
