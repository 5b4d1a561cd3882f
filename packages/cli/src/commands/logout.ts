import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { addExamples } from '../examples.ts'
import { Failure } from '../failure.ts'
import { revokeLogin } from '../login/device-flow.ts'
import { findEndpoints } from '../login/endpoints.ts'
import { readProfiles, updateProfiles } from '../profiles/file.ts'
import { findProfile } from '../profiles/name.ts'

/** `grantry logout`: ends the sign-in at the server, then forgets it here. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('logout')
    .description('End the sign-in, at the server too')
    .action(async () => {
      const file = await readProfiles(cli.env)
      const { profile, configName } = cli.options
      const name = profile ?? configName ?? (cli.env.GRANTRY_PROFILE || file.current)
      if (!name) throw new Failure('No server is saved here.', { next: 'grantry login' })
      const { url, login, api_key } = findProfile(file, name)
      if (!login && !api_key)
        throw new Failure(`Nobody is signed in as "${name}".`, { next: `grantry login --profile ${name}` })
      if (login) await revokeLogin(await findEndpoints(url, cli.signal), login, cli.signal)
      await updateProfiles(cli.env, ({ profiles }) => {
        delete profiles[name]?.login
        delete profiles[name]?.api_key
      })
      cli.out.done(login ? `Signed out of ${url}.` : `Forgot the API key for ${url}.`, { profile: name, url })
      if (!login) cli.out.note('The key itself works on until it is deleted at the server.')
    })
  addExamples(command, [
    { command: 'grantry logout', what: 'The server in use' },
    { command: 'grantry logout --profile prod', what: 'Another one' },
  ])
}
