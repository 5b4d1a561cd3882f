// The reference of the command line, written from the commands themselves.
import { PassThrough } from 'node:stream'
import type { Command, Help, Option } from 'commander'
import { createCli } from '../../packages/cli/src/cli.ts'
import { examplesOf } from '../../packages/cli/src/examples.ts'
import { exitCodes } from '../../packages/cli/src/failure.ts'
import { buildProgram } from '../../packages/cli/src/program.ts'

const codeWords: Record<keyof typeof exitCodes, string> = {
  done: 'done',
  failed: 'failed',
  usage: 'called wrongly; nothing was done',
  notFound: 'there is no such thing',
  needsReauth: 'the account has to be connected again',
  interrupted: 'stopped by Ctrl-C',
}

const intro = `# The command line

Written by \`node scripts/cli/write-reference.ts\` from the commands; \`grantry COMMAND --help\` says the same.

In a clone: \`npx grantry …\`, or \`packages/cli/bin/grantry.mjs\` by its path. Results go to stdout, everything else to stderr. With
\`--json\` stdout is JSON and an error is one JSON object on stderr: \`{"error":{"code","message","next"}}\`. Nothing is asked where stdin is no
terminal: what is missing is an error that names its flag. There is no colour where stdout is no terminal or \`NO_COLOR\` is set.

**Which server, and as whom.** Flags win over the environment (\`GRANTRY_URL\`, \`GRANTRY_API_KEY\`, \`GRANTRY_PROFILE\`), that over the profile in use.
Profiles are kept in \`$XDG_CONFIG_HOME/grantry/profiles.json\` (\`~/.config\`), which only you may read. What is stored for one server is
sent to no other. \`grantry login\` acts with your role at each call ([why that is safe](decisions/0009-signing-in-from-a-terminal.md)).

**Secrets** are asked for without echo, or come from stdin or a file. A secret on the command line works, with a warning: the shell keeps it in its history.

**Tab.** \`source <(grantry completion bash)\`; also for zsh and fish.
`

/** docs/cli.md, whole. */
export function writeReference(): string {
  const world = {
    stdin: new PassThrough(),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    env: {},
    cwd: '/',
    signal: new AbortController().signal,
    openBrowser: async () => false,
  }
  const program = buildProgram(createCli(world, () => ({})))
  const help = program.createHelp()
  const commands = leavesOf(program, help)
  const codes = Object.entries(exitCodes).map(
    ([name, code]) => `| ${code} | ${codeWords[name as keyof typeof exitCodes]} |`,
  )
  const contents = commands.map(
    (command) => `- [\`${pathOf(command)}\`](#${anchorOf(command)}): ${command.description()}`,
  )
  return [
    intro,
    ['| exit code | |', '|---|---|', ...codes].join('\n'),
    '',
    '## Options of every command',
    '',
    optionTable(program.options),
    '',
    '## Commands',
    '',
    contents.join('\n'),
    '',
    ...commands.map((command) => section(command, help)),
  ].join('\n')
}

function leavesOf(command: Command, help: Help): Command[] {
  const below = help.visibleCommands(command)
  return below.length > 0 ? below.flatMap((one) => leavesOf(one, help)) : [command]
}

const pathOf = (command: Command): string =>
  command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name()

/** As GitHub makes it of the heading. */
const anchorOf = (command: Command) => pathOf(command).replaceAll(' ', '-')

function section(command: Command, help: Help): string {
  const options = help.visibleOptions(command).filter(({ long }) => long !== '--help')
  const usage = [
    pathOf(command),
    ...command.registeredArguments.map((one) => `<${one.name()}${one.variadic ? '...' : ''}>`),
  ]
  const examples = examplesOf(command).flatMap(({ what, command: line }) => [`# ${what}`, line])
  return [
    `### ${pathOf(command)}`,
    '',
    `${command.description()}.`,
    '',
    '```sh',
    `${usage.join(' ')}${options.length > 0 ? ' [options]' : ''}`,
    '```',
    '',
    ...(options.length > 0 ? [optionTable(options), ''] : []),
    '```sh',
    ...examples,
    '```',
    '',
  ].join('\n')
}

function optionTable(options: readonly Option[]): string {
  const rows = options.map(({ flags, description, mandatory, argChoices }) => {
    const choices = argChoices ? ` (${argChoices.join(', ')})` : ''
    return `| \`${flags}\` | ${`${description}${choices}${mandatory ? '; required' : ''}`.replaceAll('|', '\\|')} |`
  })
  return ['| option | |', '|---|---|', ...rows].join('\n')
}
