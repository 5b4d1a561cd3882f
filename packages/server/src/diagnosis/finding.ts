import type { integrationChecks } from '@grantry/api'
import type { Advice } from '../http/advise.ts'

export type Check = (typeof integrationChecks)[number]
export type Status = 'ok' | 'warning' | 'failed' | 'unknown'

/** What one check found. `todo` is the one change that mends it, `where` is where to make it. */
export type Finding<Name extends string = Check> = {
  check: Name
  status: Status
  what: string
  todo: string | null
  where: string | null
}

export const ok = <Name extends string>(check: Name, what: string): Finding<Name> => ({
  check,
  status: 'ok',
  what,
  todo: null,
  where: null,
})

export const unknown = <Name extends string>(check: Name, what: string): Finding<Name> => ({
  check,
  status: 'unknown',
  what,
  todo: null,
  where: null,
})

export const wrong = <Name extends string>(
  check: Name,
  status: 'failed' | 'warning',
  { what, todo }: Advice,
  where: string | null,
): Finding<Name> => ({ check, status, what, todo, where })

/** A sentence with what the provider said of it. */
export const quoting = ({ what, todo }: Advice, words: string | null): Advice => ({
  what: words === null || words === '' ? what : `${what.replace(/\.$/, '')} (${words}).`,
  todo,
})
