import { record } from '../../audit/record.ts'
import type { Context } from '../../context.ts'
import type { Db } from '../../db/connect.ts'
import { isUniqueViolation } from '../../db/constraint.ts'
import { newId } from '../../db/new-id.ts'
import { transaction } from '../../db/transaction.ts'
import { notFound, problem } from '../../errors.ts'
import type { Actor } from '../../http/principal.ts'
import { loadMember } from '../store.ts'
import type { IdentityProvider } from './store.ts'

/** The member whom this account at this provider is linked with; by its subject, and nothing else that it tells. */
export async function findLinkedMember(
  ctx: Pick<Context, 'db'>,
  provider: IdentityProvider,
  subject: string,
): Promise<string | null> {
  const row = await ctx.db
    .selectFrom('identities')
    .select('member_id')
    .where('workspace_id', '=', provider.workspace_id)
    .where('identity_provider_id', '=', provider.id)
    .where('issuer', '=', provider.issuer)
    .where('subject', '=', subject)
    .executeTakeFirst()
  return row?.member_id ?? null
}

/** @throws ApiError conflict where another member signs in with this account */
export async function linkIdentity(
  ctx: Pick<Context, 'clock' | 'random'>,
  tx: Db,
  {
    provider,
    subject,
    member,
    actor,
  }: { provider: IdentityProvider; subject: string; member: string; actor: Actor },
): Promise<void> {
  const { workspace_id: workspace, id, issuer } = provider
  const row = {
    workspace_id: workspace,
    id: newId(ctx),
    member_id: member,
    identity_provider_id: id,
    issuer,
    subject,
    created_at: ctx.clock.now(),
  }
  try {
    await tx.insertInto('identities').values(row).execute()
  } catch (error) {
    if (!isUniqueViolation(error, 'identities_workspace_id_identity_provider_id_subject_key')) throw error
    throw problem('conflict', 'A member of this workspace signs in with this account already.')
  }
  const data = { member, identity_provider: id, issuer }
  await record(ctx, tx, { workspace, type: 'member.identity_linked', actor, data })
}

export async function listIdentities(ctx: Pick<Context, 'db'>, workspace: string, member: string) {
  return ctx.db
    .selectFrom('identities as identity')
    .innerJoin('identity_providers as provider', (join) =>
      join
        .onRef('provider.workspace_id', '=', 'identity.workspace_id')
        .onRef('provider.id', '=', 'identity.identity_provider_id'),
    )
    .selectAll('identity')
    .select('provider.label')
    .where('identity.workspace_id', '=', workspace)
    .where('identity.member_id', '=', member)
    .orderBy('identity.id')
    .execute()
}

/** @throws ApiError not_found, conflict where it is the only way in */
export async function unlinkIdentity(
  ctx: Pick<Context, 'clock' | 'db' | 'random'>,
  {
    workspace,
    member,
    provider,
    actor,
  }: { workspace: string; member: string; provider: string; actor: Actor },
): Promise<void> {
  await transaction(ctx.db, async (tx) => {
    const gone = await tx
      .deleteFrom('identities')
      .where('workspace_id', '=', workspace)
      .where('member_id', '=', member)
      .where('identity_provider_id', '=', provider)
      .returning('issuer')
      .execute()
    if (gone.length === 0) throw notFound('linked account')
    const { password_hash } = await loadMember(tx, workspace, member)
    const other = await tx
      .selectFrom('identities')
      .select('id')
      .where('workspace_id', '=', workspace)
      .where('member_id', '=', member)
      .limit(1)
      .executeTakeFirst()
    if (password_hash === null && !other)
      throw problem('conflict', 'This account is your only way to sign in. Set a password first.')
    const data = { member, identity_provider: provider }
    await record(ctx, tx, { workspace, type: 'member.identity_unlinked', actor, data })
  })
}
