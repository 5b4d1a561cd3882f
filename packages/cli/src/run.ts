import { CommanderError } from 'commander'
import { createCli, type GlobalOptions } from './cli.ts'
import { explainError } from './explain-error.ts'
import { type ExitCode, exitCodes } from './failure.ts'
import { buildProgram } from './program.ts'
import type { World } from './world.ts'

/**
 * Runs one command line: `args` without the program's name. Never throws and never ends the process, so that it can be
 * run within another.
 * @returns the exit code
 */
export async function run(args: readonly string[], world: World): Promise<ExitCode> {
  let options: GlobalOptions = {}
  const cli = createCli(world, () => options)
  const program = buildProgram(cli)
  program.hook('preAction', () => {
    options = program.opts()
  })
  try {
    await program.parseAsync(args, { from: 'user' })
    return exitCodes.done
  } catch (error) {
    // Commander has said it already: help and version are no failures, anything else is wrong usage.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage
    return explainError(error, world, options)
  }
}
