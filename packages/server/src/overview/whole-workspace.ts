import { problem } from '../errors.ts'
import { reachesPart } from '../http/narrowing.ts'
import type { Principal } from '../http/principal.ts'

/**
 * Figures are of all that a workspace has: to a credential that reaches a part of it they would tell of the rest.
 * @throws ApiError insufficient_scope
 */
export function refuseNarrowed(principal: Principal): void {
  const { kind, endUser, connections } = principal
  const isOwn = kind === 'api_key' || kind === 'member'
  if (isOwn && !reachesPart(principal) && endUser === null && connections === null) return
  throw problem(
    'insufficient_scope',
    'These are figures of the whole workspace: they need an API key that is not narrowed, or a member.',
  )
}
