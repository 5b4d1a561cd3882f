import type { Command, Option } from 'commander'
import { type Cli, createCli, type GlobalOptions } from '../cli.ts'
import { type Candidate, type Candidates, placesOf, profileNames } from './candidates.ts'

/** Stands for "files of this folder": the shell knows them better. */
export const files: Candidate = { value: ':files' }

/**
 * What may come in place of the last word.
 * @param words the command line without the program's name; the last is being typed and may be empty
 */
export async function complete(program: Command, words: readonly string[], cli: Cli): Promise<Candidate[]> {
  const { command, position, pending, options } = walk(program, words.slice(0, -1))
  const word = words.at(-1) ?? ''
  const there = createCli(cli, () => options)
  const found = await candidatesFor(command, { word, position, pending }, there)
  return found.filter(({ value }) => value === files.value || value.startsWith(word))
}

type Place = { word: string; position: number; pending: Option | null }

async function candidatesFor(
  command: Command,
  { word, position, pending }: Place,
  cli: Cli,
): Promise<Candidate[]> {
  if (pending) return valuesOf(command, pending, cli)
  if (word.startsWith('-'))
    return optionsOf(command)
      .filter(({ hidden }) => !hidden)
      .map((option) => ({ value: option.long ?? option.short ?? '', hint: option.description }))
  if (command.commands.length > 0 && position > 0) return []
  if (command.commands.length > 0)
    return command
      .createHelp()
      .visibleCommands(command)
      .map((sub) => ({ value: sub.name(), hint: sub.description() }))
  const argument = command.registeredArguments[position] ?? variadic(command)
  if (argument?.argChoices) return argument.argChoices.map((value) => ({ value }))
  if (argument && /file|path/.test(argument.name())) return [files]
  return ask(placesOf(command).arguments?.[position], cli)
}

async function valuesOf(command: Command, option: Option, cli: Cli): Promise<Candidate[]> {
  if (option.argChoices) return option.argChoices.map((value) => ({ value }))
  if (option.long === '--profile' || option.long === '--config-name') return ask(profileNames, cli)
  if (/<(file|path)>/.test(option.flags)) return [files]
  return ask(placesOf(command).options?.[option.long ?? ''], cli)
}

/** A Tab that fails says nothing: there is nowhere to say it. */
async function ask(candidates: Candidates | undefined, cli: Cli): Promise<Candidate[]> {
  return candidates ? candidates(cli).catch(() => []) : []
}

/** Where the words before lead: to which command, past how many of its arguments, and whether an option waits for its value. */
function walk(program: Command, words: readonly string[]) {
  let command = program
  let position = 0
  let pending: Option | null = null
  const options: GlobalOptions = {}
  for (const word of words) {
    if (pending) {
      if (pending.long === '--profile' || pending.long === '--config-name') options.profile = word
      if (pending.long === '--url') options.url = word
      pending = null
    } else if (word.startsWith('-')) {
      const option = optionsOf(command).find(({ long, short }) => word === long || word === short)
      pending = option?.required ? option : null
    } else {
      const sub = command.commands.find((one) => one.name() === word || one.aliases().includes(word))
      if (sub) command = sub
      else position++
    }
  }
  return { command, position, pending, options }
}

/** Its own, and those that it has of the commands above. */
function optionsOf(command: Command): Option[] {
  const help = command.createHelp()
  const own = help.visibleOptions(command)
  const above: Option[] = []
  for (let parent = command.parent; parent; parent = parent.parent) above.push(...parent.options)
  return [...own, ...above]
}

function variadic(command: Command) {
  const last = command.registeredArguments.at(-1)
  return last?.variadic ? last : undefined
}
