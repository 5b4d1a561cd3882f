import { problem } from '../errors.ts'
import type { Principal } from '../http/principal.ts'

/**
 * Figures are of all that a workspace has: to a credential that reaches a part of it they would tell of the rest.
 * @throws ApiError insufficient_scope
 */
export function refuseNarrowed({ app, endUser, connections }: Principal): void {
  if (app === null && endUser === null && connections === null) return
  throw problem(
    'insufficient_scope',
    'These are figures of the whole workspace, and this credential is narrowed to a part of it.',
  )
}
