import { exitCodes, Failure, UsageError } from '../failure.ts'
import type { Profile, Profiles } from './file.ts'

/** @throws UsageError for a name that would not do in a shell */
export function checkProfileName(name: string): void {
  if (!/^[a-z0-9][a-z0-9_.-]{0,63}$/i.test(name))
    throw new UsageError(
      `"${name}" cannot be a profile's name: letters, digits, dots, dashes and underscores can.`,
    )
}

/** @throws Failure where it is not there */
export function findProfile({ profiles }: Profiles, name: string): Profile {
  const found = profiles[name]
  if (!found)
    throw new Failure(`There is no profile "${name}".`, {
      exitCode: exitCodes.notFound,
      next: 'grantry profile list',
    })
  return found
}
