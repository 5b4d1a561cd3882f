import { type Connection, loadConnection } from '../connections/store.ts'
import type { Context } from '../context.ts'
import { invalid, problem } from '../errors.ts'
import type { Actor, Principal } from '../http/principal.ts'
import { readCredential } from '../vault/credential.ts'
import { settleAuthorization } from './settle.ts'
import { type Authorization, findAuthorization, type Session, statusOf } from './store.ts'

type Needs = Pick<
  Context,
  'catalogue' | 'clock' | 'config' | 'db' | 'egress' | 'log' | 'random' | 'tracing' | 'vault'
>

/**
 * Ends a session with the code that came back through the browser. In finish binding this is where it becomes known that
 * the person is the end user, and only now the provider's code is exchanged; in the other bindings the code is a receipt.
 * @throws ApiError other_end_user, already_used, expired, not_found, provider_failed
 */
export async function finishSession(
  ctx: Needs,
  session: Session,
  {
    principal,
    actor,
    code,
    endUser,
  }: { principal: Principal; actor: Actor; code: string; endUser: string | null | undefined },
): Promise<Connection> {
  const authorization = await findByCode(ctx, session, code)
  // A connect token is the session's own; a server must say whom it has signed in.
  if (principal.kind !== 'connect_session' && (endUser ?? null) !== session.end_user_id)
    throw problem(
      'other_end_user',
      'This session was made for another end user than the one who is signed in.',
      {
        errors: [{ path: 'end_user_id', message: 'is not the end user of this session' }],
      },
    )
  if (statusOf(ctx, session) === 'expired')
    throw problem('expired', 'This session has expired. Start again to connect.')
  if (session.binding !== 'finish' && session.status !== 'completed')
    throw problem('conflict', 'This session has not been completed.')
  await useOnce(ctx, authorization)
  if (session.binding === 'finish') return settleAuthorization(ctx, session, authorization, actor)
  return loadConnection(ctx, session.workspace_id, session.connection_id!)
}

async function findByCode(ctx: Needs, session: Session, code: string): Promise<Authorization> {
  const handle = readCredential('gfc', code)
  const authorization =
    handle && handle.workspace === session.workspace_id
      ? await findAuthorization(ctx, handle.workspace, handle.row)
      : undefined
  if (!authorization || authorization.session_id !== session.id || authorization.finish_hash !== handle?.hash)
    throw invalid('code', 'is not the finish code of this session', 'not_found')
  return authorization
}

async function useOnce(ctx: Needs, { workspace_id, id }: Authorization): Promise<void> {
  const result = await ctx.db
    .updateTable('authorizations')
    .set({ finish_used_at: ctx.clock.now() })
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', id)
    .where('finish_used_at', 'is', null)
    .executeTakeFirst()
  if (result.numUpdatedRows === 0n) throw problem('already_used', 'This finish code has been used.')
}
