import type { Command } from 'commander'

export type Example = { command: string; what: string }

const given = new WeakMap<Command, Example[]>()

/** Shown at the end of `--help` and in docs/cli.md. Every command has one; a test looks. */
export function addExamples(command: Command, examples: Example[]): Command {
  given.set(command, examples)
  return command.addHelpText('after', () =>
    ['', 'Examples:', ...examples.flatMap(({ command: line, what }) => [`  # ${what}`, `  ${line}`])].join(
      '\n',
    ),
  )
}

export const examplesOf = (command: Command): Example[] => given.get(command) ?? []
