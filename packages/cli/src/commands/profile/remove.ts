import type { Command } from 'commander'
import type { Cli } from '../../cli.ts'
import { completes, profileNames } from '../../completion/candidates.ts'
import { addExamples } from '../../examples.ts'
import { Failure } from '../../failure.ts'
import { updateProfiles } from '../../profiles/file.ts'
import { findProfile } from '../../profiles/name.ts'

/** `grantry profile remove NAME`: forgets the server and the API key saved for it. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('remove <name>')
    .description('Forget a server and the credential saved for it')
    .action(async (name: string) => {
      await updateProfiles(cli.env, (file) => {
        // Forgotten here, it would live on at the server.
        if (findProfile(file, name).login)
          throw new Failure(`"${name}" is signed in.`, { next: `grantry logout --profile ${name}` })
        delete file.profiles[name]
        if (file.current === name) file.current = null
      })
      cli.out.done(`Forgot "${name}".`, { name })
    })
  completes(command, { arguments: [profileNames] })
  addExamples(command, [{ command: 'grantry profile remove old', what: 'Forget a server that is no more' }])
}
