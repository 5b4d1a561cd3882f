import { Command } from 'commander'
import type { Cli } from './cli.ts'
import { register as authAccount } from './commands/account/oauth/auth.ts'
import { register as configureAccount } from './commands/account/oauth/configure.ts'
import { register as listAccountConnections } from './commands/account/oauth/list-connections.ts'
import { register as listAccountProviders } from './commands/account/oauth/list-providers.ts'
import { register as revokeAccount } from './commands/account/oauth/revoke.ts'
import { register as deleteAppProvider } from './commands/app/oauth/delete-provider.ts'
import { register as listAppProviders } from './commands/app/oauth/list-providers.ts'
import { register as registerAppProvider } from './commands/app/oauth/register.ts'
import { register as backup } from './commands/backup.ts'
import { register as completion } from './commands/completion.ts'
import { register as registerExport } from './commands/export.ts'
import { register as registerImport } from './commands/import.ts'
import { register as init } from './commands/init.ts'
import { register as login } from './commands/login.ts'
import { register as logout } from './commands/logout.ts'
import { register as addProfile } from './commands/profile/add.ts'
import { register as listProfiles } from './commands/profile/list.ts'
import { register as removeProfile } from './commands/profile/remove.ts'
import { register as useProfile } from './commands/profile/use.ts'
import { register as restore } from './commands/restore.ts'
import { register as restores } from './commands/restores.ts'
import { register as sandbox } from './commands/sandbox.ts'
import { register as serve } from './commands/serve.ts'
import { registerNouns } from './nouns.ts'

/** The version of every package here. */
export const version = '0.1.0'

/** The table of contents: every command, in the order in which help shows them. */
export function buildProgram(cli: Cli): Command {
  const program = new Command('grantry')
    .description('OAuth connections from a terminal: connect accounts, keep their tokens, run the server.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'say how it is used')
    .option('--json', 'print JSON')
    .option('--profile <name>', 'which saved server to call (GRANTRY_PROFILE)')
    .option('--url <address>', 'the server to call (GRANTRY_URL)')
    .option('--config-name <name>', 'the same as --profile')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void cli.stdout.write(text),
      writeErr: (text) => void cli.stderr.write(text),
      getOutHelpWidth: () => width(cli.stdout.columns),
      getErrHelpWidth: () => width(cli.stderr.columns),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
      outputError: (text, write) => write(text.replace(/^error: /, '')),
    })
    .configureHelp({ showGlobalOptions: true, sortOptions: false })
    .showHelpAfterError('Next: add --help to see how it is used.')
    .helpCommand(false)

  for (const register of [init, serve, sandbox, backup, restore, restores, login, logout])
    register(program, cli)
  const profile = group(program, 'profile', 'The servers that this machine knows')
  for (const register of [listProfiles, addProfile, useProfile, removeProfile]) register(profile, cli)

  const account = group(program, 'account', 'What belongs to the workspace itself')
  const ofAccount = group(account, 'oauth', 'Its OAuth apps, and accounts connected by them')
  for (const register of [
    configureAccount,
    listAccountProviders,
    authAccount,
    listAccountConnections,
    revokeAccount,
  ])
    register(ofAccount, cli)
  const app = group(program, 'app', 'What belongs to one app of the workspace')
  const ofApp = group(app, 'oauth', 'OAuth apps of an app')
  for (const register of [registerAppProvider, listAppProviders, deleteAppProvider]) register(ofApp, cli)

  registerNouns(program, cli)

  for (const register of [registerImport, registerExport]) register(program, cli)

  completion(program, cli)
  return program
}

/** A noun, whose verbs are commands. */
export function group(parent: Command, name: string, description: string): Command {
  return parent.command(name).description(description).helpCommand(false)
}

/** Pipes and wide screens get lines that can be read. */
const width = (columns: number | undefined) => Math.min(columns || 100, 110)
