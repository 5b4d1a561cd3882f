import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import type { OAuthGrantRow } from '../db/schema.ts'
import { notFound } from '../errors.ts'
import type { Actor } from '../http/principal.ts'
import { readSubject, type Subject, writeSubject } from './subject.ts'

type Needs = Pick<Context, 'clock' | 'random'>

/** Whose grants, or which clients'. A client's may be in several workspaces. */
export type GrantsOf = { client: string } | { subject: Subject } | { workspace: string }

/**
 * Takes back what one person allowed one client: every token of it ends with the commit, everywhere. A grant that has
 * ended stays ended; that is no error.
 * @throws ApiError not_found
 */
export async function endGrant(
  ctx: Needs & Pick<Context, 'invalidation'>,
  { workspace, id, actor }: { workspace: string; id: string; actor: Actor },
): Promise<void> {
  await ctx.invalidation.change(workspace, async (tx) => {
    const grant = await tx
      .selectFrom('oauth_grants')
      .selectAll()
      .where('workspace_id', '=', workspace)
      .where('id', '=', id)
      .executeTakeFirst()
    if (!grant) throw notFound('authorised app')
    await end(ctx, tx, grant, actor)
  })
}

/**
 * The same for all grants of a client, a person or a workspace, within the transaction that ends what they belong to.
 * @returns the workspaces that they were in
 */
export async function endGrantsOf(ctx: Needs, tx: Db, of: GrantsOf, actor: Actor): Promise<string[]> {
  let grants = tx.selectFrom('oauth_grants').selectAll().where('ended_at', 'is', null)
  if ('client' in of) grants = grants.where('client_id', '=', of.client)
  else if ('workspace' in of) grants = grants.where('workspace_id', '=', of.workspace)
  else
    grants = grants
      .where('workspace_id', '=', of.subject.workspace)
      .where('subject', '=', writeSubject(of.subject))
  const living = await grants.execute()
  for (const grant of living) await end(ctx, tx, grant, actor)
  return [...new Set(living.map(({ workspace_id }) => workspace_id))]
}

/** The same for the grant that tokens came of; `reason` where nobody asked for it. */
export async function endGrantOfTokens(
  ctx: Needs,
  tx: Db,
  grantHash: string,
  { actor, reason }: { actor: Actor; reason?: string },
): Promise<void> {
  const grant = await tx
    .selectFrom('oauth_grants')
    .selectAll()
    .where('grant_hash', '=', grantHash)
    .executeTakeFirst()
  if (grant) await end(ctx, tx, grant, actor, reason)
}

async function end(ctx: Needs, tx: Db, grant: OAuthGrantRow, actor: Actor, reason?: string): Promise<void> {
  const { workspace_id, id, grant_hash } = grant
  const ended = await tx
    .updateTable('oauth_grants')
    .set({ ended_at: ctx.clock.now() })
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  // Also where it had ended: a token that was being made meanwhile goes with it.
  await tx.deleteFrom('oauth_records').where('grant_hash', '=', grant_hash).execute()
  await tx
    .deleteFrom('oauth_records')
    .where('model', '=', 'Grant')
    .where('id_hash', '=', grant_hash)
    .execute()
  if (ended.numUpdatedRows === 0n) return
  const subject = readSubject(grant.subject)
  await record(ctx, tx, {
    workspace: workspace_id,
    type: 'oauth_grant.ended',
    actor,
    endUser: subject?.kind === 'end_user' ? subject.endUser : null,
    data: {
      grant: id,
      client_id: grant.client_id,
      client_name: grant.client_name,
      ...(reason && { reason }),
    },
  })
}
