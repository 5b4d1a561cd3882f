import { system } from '../audit/event.ts'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { newId } from '../db/new-id.ts'
import { transaction } from '../db/transaction.ts'
import { firstWorkspace } from '../workspaces/bootstrap.ts'
import { createOwnerLink } from './invite.ts'
import { insertMember } from './join.ts'
import { hasOwner, lockOwners } from './store.ts'

type Needs = Pick<Context, 'clock' | 'config' | 'db' | 'passwords' | 'random'>

/** Makes the operator's owner of the first workspace, where it has nobody yet; else does nothing. */
export async function bootstrapOwner(ctx: Needs): Promise<void> {
  const given = ctx.config.bootstrapOwner
  if (!given || !(await isWithoutOwner(ctx))) return
  const password_hash = await ctx.passwords.hash(given.password.expose())
  await transaction(ctx.db, async (tx) => {
    // Of several processes that start at once, the others find it done.
    await lockOwners(tx, firstWorkspace)
    if (await hasOwner(tx, firstWorkspace)) return
    const row = {
      workspace_id: firstWorkspace,
      id: newId(ctx),
      email: given.email,
      name: null,
      role: 'owner',
      password_hash,
      created_at: ctx.clock.now(),
      last_signed_in_at: null,
    } as const
    await insertMember(tx, row)
    await record(ctx, tx, {
      workspace: firstWorkspace,
      type: 'member.joined',
      actor: system,
      data: { member: row.id, role: row.role },
    })
  })
}

/** A fresh sign-up link for the owner of the first workspace, as long as it has none; older links end. */
export async function firstOwnerLink(ctx: Needs): Promise<string | null> {
  return (await isWithoutOwner(ctx))
    ? createOwnerLink(ctx, { workspace: firstWorkspace, actor: system })
    : null
}

async function isWithoutOwner({ db }: Needs): Promise<boolean> {
  const workspace = await db
    .selectFrom('workspaces')
    .select('id')
    .where('id', '=', firstWorkspace)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  return workspace !== undefined && !(await hasOwner(db, firstWorkspace))
}
