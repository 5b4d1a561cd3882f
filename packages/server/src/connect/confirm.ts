import type { Context } from '../context.ts'
import { loadIntegration } from '../integrations/store.ts'
import { readCredential } from '../vault/credential.ts'
import { loadWorkspace } from '../workspaces/store.ts'
import { type Arrival, complete, type Stray } from './callback.ts'
import { failSession } from './fail.ts'
import { findAuthorization, findSession, statusOf } from './store.ts'

type Needs = Pick<
  Context,
  'catalogue' | 'clock' | 'config' | 'db' | 'egress' | 'log' | 'random' | 'tracing' | 'vault'
>

/**
 * The person at the confirm page said yes or no. The secret exists in that page's form only and works once: whoever has
 * it is the browser that came back from the provider.
 */
export async function confirmAuthorization(
  ctx: Needs,
  secret: string,
  decision: 'connect' | 'cancel',
): Promise<Arrival | Stray> {
  const handle = readCredential('gcf', secret)
  const authorization = handle && (await findAuthorization(ctx, handle.workspace, handle.row))
  if (!handle || !authorization) return { outcome: 'stray', why: 'unknown_state' }
  const used = await ctx.db
    .updateTable('authorizations')
    .set({ confirm_hash: null })
    .where('workspace_id', '=', handle.workspace)
    .where('id', '=', handle.row)
    .where('confirm_hash', '=', handle.hash)
    .executeTakeFirst()
  if (used.numUpdatedRows === 0n) return { outcome: 'stray', why: 'replayed' }
  const session = await findSession(ctx, handle.workspace, authorization.session_id)
  if (!session) return { outcome: 'stray', why: 'unknown_state' }
  const status = statusOf(ctx, session)
  if (status === 'expired') return { outcome: 'stray', why: 'expired' }
  if (status === 'completed' || status === 'failed') return { outcome: 'stray', why: 'replayed' }
  const integration = await loadIntegration(ctx, session.workspace_id, session.integration_id)
  const place = { workspace: await loadWorkspace(ctx, session.workspace_id), session, integration }
  if (decision === 'connect') return { ...place, ...(await complete(ctx, session, authorization)) }

  const failure = {
    error: 'access_denied',
    description: 'The person said at the confirm page that this is not theirs.',
  }
  await ctx.db
    .updateTable('authorizations')
    .set({ code: null, settled_at: ctx.clock.now() })
    .where('workspace_id', '=', authorization.workspace_id)
    .where('id', '=', authorization.id)
    .execute()
  await failSession(ctx, session, failure)
  return { ...place, outcome: 'failed', failure, notMe: true }
}
