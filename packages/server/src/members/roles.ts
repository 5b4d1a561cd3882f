import { allScopes, type Scope, scopes } from '@grantry/api'
import type { Role } from '../db/schema.ts'

export type { Role } from '../db/schema.ts'

/** From the most to the least. Owners alone make and change owners; else owner and admin may do the same. */
export const roles: readonly Role[] = ['owner', 'admin', 'developer', 'viewer']

/** What a member may do over the API. To see is not to hold: a viewer reads no tokens. */
export const roleScopes: Record<Role, ReadonlySet<Scope>> = {
  owner: new Set(allScopes),
  admin: new Set(scopes),
  developer: new Set(scopes.filter((scope) => scope !== 'admin')),
  viewer: new Set(scopes.filter((scope) => scope.endsWith(':read') && scope !== 'tokens:read')),
}
