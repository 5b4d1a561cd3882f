import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { World } from './world.ts'

export type ServerOptions = { dataDir?: string; database?: string }

/** The options that say on whose data a command works; without them, the server's settings. */
export function addServerOptions(command: Command): Command {
  return command
    .option('--data-dir <path>', 'database and local key (GRANTRY_DATA_DIR)')
    .option('--database <address>', 'sqlite:PATH or postgres://… (GRANTRY_DATABASE_URL)')
}

export function serverSettings(
  { cwd }: Pick<World, 'cwd'>,
  { dataDir, database }: ServerOptions,
): Record<string, string> {
  return {
    ...(dataDir === undefined ? {} : { GRANTRY_DATA_DIR: resolve(cwd, dataDir) }),
    ...(database === undefined ? {} : { GRANTRY_DATABASE_URL: database }),
  }
}
