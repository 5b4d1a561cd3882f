import type { World } from './world.ts'

/** The process's environment; nothing else in the command line reads it. */
export function readEnvironment(): World['env'] {
  return process.env
}
