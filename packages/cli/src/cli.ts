import type { Grantry } from '@grantry/sdk'
import { openClient } from './client.ts'
import { Failure } from './failure.ts'
import { createOutput, type Output } from './output.ts'
import { chooseTarget, type Target } from './profiles/choose.ts'
import { readProfiles } from './profiles/file.ts'
import { createPrompt, type Prompt } from './prompt.ts'
import { type Say, waiting } from './waiting.ts'
import type { World } from './world.ts'

/** Options that every command takes, before or after its name. */
export type GlobalOptions = { json?: boolean; profile?: string; url?: string; configName?: string }

/**
 * What a command stands on. Getters read the global options, so they are right inside an action and not before.
 *
 * @example
 * // commands/apps/list.ts: one file per command, listed in program.ts
 * export function register(parent: Command, cli: Cli): void {
 *   const command = parent.command('list').description('List the apps').action(async () => {
 *     const grantry = await cli.client()
 *     await cli.out.table(grantry.apps.list(), { ID: (app) => app.id, NAME: (app) => app.name },
 *       { none: 'No apps yet.', next: 'grantry apps create NAME' })
 *   })
 *   addExamples(command, [{ command: 'grantry apps list --json', what: 'As JSON, for scripts' }])
 * }
 *
 * An action throws Failure or UsageError (failure.ts) or lets the SDK's errors pass: explain-error.ts makes exit code
 * and message of them, once. It never calls process.exit, never reads process.env and prints by `out` only.
 */
export type Cli = World & {
  readonly out: Output
  readonly prompt: Prompt
  readonly options: GlobalOptions
  /** Which server is called, and as whom. */
  target(): Promise<Target>
  /**
   * The SDK's client for it, which hears Ctrl-C.
   * @throws Failure where there is no credential for that server
   */
  client(): Promise<Grantry>
  /**
   * The client as the deployment's operator, by GRANTRY_OPERATOR_KEY.
   * @throws Failure where it is not set
   */
  operator(): Promise<Grantry>
  /** Runs work that takes a while, with a spinner on a terminal; `say` tells how far it is. */
  waiting<T>(text: string, work: (say: Say) => Promise<T>): Promise<T>
}

export function createCli(world: World, options: () => GlobalOptions): Cli {
  const json = () => options().json === true
  let client: Promise<Grantry> | null = null
  const cli: Cli = {
    ...world,
    get out() {
      return createOutput(world, json())
    },
    get prompt() {
      return createPrompt(world, json())
    },
    get options() {
      return options()
    },
    async target() {
      const { profile, configName, url } = options()
      const named = profile ?? configName
      return chooseTarget(await readProfiles(world.env), world.env, {
        ...(named === undefined ? {} : { profile: named }),
        ...(url === undefined ? {} : { url }),
      })
    },
    client() {
      client ??= cli.target().then((target) => openClient(world, target))
      return client
    },
    async operator() {
      const key = world.env.GRANTRY_OPERATOR_KEY
      if (!key)
        throw new Failure('This is for the operator of the deployment.', {
          next: "set GRANTRY_OPERATOR_KEY to the server's",
        })
      const { url } = await cli.target()
      return openClient(world, { name: null, url, credential: { kind: 'api_key', key, from: 'environment' } })
    },
    waiting: (text, work) => waiting(world, { text, quiet: json() }, work),
  }
  return cli
}
