import { Argument, type Command } from 'commander'
import type { Cli } from '../cli.ts'
import { complete } from '../completion/complete.ts'
import { type Shell, scripts } from '../completion/scripts.ts'
import { addExamples } from '../examples.ts'
import { printable } from '../text-width.ts'

/** `grantry completion SHELL`, and what its scripts call at each Tab. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('completion')
    .description('Print the script that completes commands, options and ids at Tab')
    .addArgument(new Argument('<shell>', 'whose').choices(Object.keys(scripts)))
    .action((shell: Shell) => cli.out.raw(scripts[shell]))
  addExamples(command, [
    { command: 'source <(grantry completion bash)', what: 'In this shell; in ~/.bashrc for all to come' },
    { command: 'source <(grantry completion zsh)', what: 'For zsh, after compinit' },
    { command: 'grantry completion fish > ~/.config/fish/completions/grantry.fish', what: 'For fish' },
  ])
  parent
    .command('complete [words...]', { hidden: true })
    .description('What may come next; for the scripts of completion')
    .action(async (words: string[]) => {
      for (const { value, hint } of await complete(parent, words, cli))
        cli.stdout.write(hint ? `${value}\t${printable(hint)}\n` : `${value}\n`)
    })
}
