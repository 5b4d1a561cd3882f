import type { Context } from '../context.ts'
import { type Authenticator, firstHand } from '../http/principal.ts'
import { readCredential } from '../vault/credential.ts'
import { findSession } from './store.ts'

/** Finds the session behind a connect token. It reaches that session and nothing else, until a day after its end. */
export function createConnectTokenAuthenticator(ctx: Pick<Context, 'clock' | 'db'>): Authenticator {
  return async (text) => {
    const handle = readCredential('gct', text)
    const session = handle && (await findSession(ctx, handle.workspace, handle.row))
    if (!handle || !session || session.connect_token_hash !== handle.hash) return null
    return {
      ...firstHand,
      kind: 'connect_session',
      workspace: session.workspace_id,
      id: session.id,
      scopes: new Set(),
      app: session.app_id,
      endUser: session.end_user_id,
    }
  }
}
