import { problem } from '../errors.ts'
import { reachesAll } from '../http/narrowing.ts'
import type { Principal } from '../http/principal.ts'

/**
 * Figures are of all that a workspace has: to a credential that reaches a part of it they would tell of the rest.
 * @throws ApiError insufficient_scope
 */
export function refuseNarrowed(principal: Principal): void {
  const isOwn = principal.kind === 'api_key' || principal.kind === 'member'
  if (isOwn && reachesAll(principal)) return
  throw problem(
    'insufficient_scope',
    'These are figures of the whole workspace: they need an API key that is not narrowed, or a member.',
  )
}
