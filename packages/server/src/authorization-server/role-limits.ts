import { memberScope, type Scope } from '@grantry/api'
import type { Role } from '../db/schema.ts'
import { roleScopes } from '../members/roles.ts'

/** Nobody lets an app do what they may not do themselves. */
const personal: ReadonlySet<string> = new Set([
  'openid',
  'profile',
  'email',
  'offline_access',
  'account:read',
  // Is cut to the role wherever it is used.
  memberScope,
])

/** Of these scopes, those that whoever consents cannot give: beyond a member's role. An end user reaches only what is theirs. */
export function withheldScopes(
  person: { kind: 'member'; role: Role } | { kind: 'end_user' },
  scopes: readonly string[],
): string[] {
  if (person.kind === 'end_user') return scopes.filter((scope) => scope === memberScope)
  const own = roleScopes[person.role]
  return scopes.filter((scope) => !personal.has(scope) && !own.has(scope as Scope))
}
