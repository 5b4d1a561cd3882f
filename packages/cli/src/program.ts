import { Command, Option } from 'commander'
import type { Cli } from './cli.ts'
import { register as registerExport } from './commands/export.ts'
import { register as registerImport } from './commands/import.ts'
import { register as addProfile } from './commands/profile/add.ts'
import { register as listProfiles } from './commands/profile/list.ts'
import { register as removeProfile } from './commands/profile/remove.ts'
import { register as useProfile } from './commands/profile/use.ts'

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
    .addOption(new Option('--config-name <name>', 'the same as --profile').hideHelp())
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

  const profile = group(program, 'profile', 'The servers that this machine knows')
  for (const register of [listProfiles, addProfile, useProfile, removeProfile]) register(profile, cli)

  for (const register of [registerImport, registerExport]) register(program, cli)

  return program
}

/** A noun, whose verbs are commands. */
export function group(parent: Command, name: string, description: string): Command {
  return parent.command(name).description(description)
}

/** Pipes and wide screens get lines that can be read. */
const width = (columns: number | undefined) => Math.min(columns ?? 100, 110)
