import type { Context } from '../context.ts'
import { problem } from '../errors.ts'
import { type BrowserAuthenticator, firstHand } from '../http/principal.ts'
import { checkSameOrigin, isCsrfToken } from './csrf.ts'
import { readSession } from './read-session.ts'
import { roleScopes } from './roles.ts'

/**
 * A signed-in member calls the API from the console, by cookie. Browsers send cookies whoever made the page, so that
 * the request must come from ours, and, where it may change something, carry the session's CSRF token as `x-csrf-token`.
 */
export function createMemberAuthenticator(
  ctx: Pick<Context, 'clock' | 'config' | 'db'>,
): BrowserAuthenticator {
  return async ({ method, headers }) => {
    const session = await readSession(ctx, headers)
    if (session?.kind !== 'member') return null
    if (method === 'GET' || method === 'HEAD') {
      // Some reads leave a trace (an event, a refresh): a link on another site must not make them.
      const site = headers['sec-fetch-site']
      if (site === 'cross-site' || site === 'same-site')
        throw problem('insufficient_scope', 'A page of another site cannot call this as you.')
    } else {
      checkSameOrigin(ctx, headers)
      const token = headers['x-csrf-token']
      if (!isCsrfToken(session, typeof token === 'string' ? token : null))
        throw problem(
          'insufficient_scope',
          'The header x-csrf-token must hold the csrf of GET /api/v1/session.',
        )
    }
    return {
      ...firstHand,
      kind: 'member',
      workspace: session.workspace,
      id: session.session,
      member: session.member,
      scopes: roleScopes[session.role],
      app: null,
      endUser: null,
    }
  }
}
