import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import type { MemberRow } from '../db/schema.ts'
import { transaction } from '../db/transaction.ts'
import { networkOf } from '../http/network.ts'
import { normalEmail } from './email.ts'
import { type Browser, openSession } from './open-session.ts'
import { type Counted, countTry, touchTries, uncountTry } from './throttle.ts'

type Needs = Pick<Context, 'clock' | 'db' | 'passwords' | 'random'>

export type Credentials = {
  email: string
  password: string
  /** UUID; null where it is not told: then the member of this e-mail address who signed in last is meant. */
  workspace: string | null
}

export type SignIn =
  | { outcome: 'signed_in'; member: string; workspace: string; secret: string; maxAge: number }
  /** Also for an unknown account: nobody learns which it was. */
  | { outcome: 'refused' }
  | { outcome: 'wait'; seconds: number }

/**
 * Signs a member in by e-mail and password. Each try that is made computes argon2id once, whether there is such an
 * account or not; one that has to wait computes nothing.
 * @throws ApiError overloaded
 */
export async function signIn(ctx: Needs, credentials: Credentials, browser: Browser): Promise<SignIn> {
  const email = normalEmail(credentials.email)
  const network = networkOf(browser.address)
  const member = await findMember(ctx, email, credentials.workspace)
  // By what was typed and nothing else: the throttle would otherwise tell which accounts there are.
  const counted: Counted[] = [
    { kind: 'network', of: network },
    { kind: 'here', of: `${network} ${email}` },
    ...((await knows(ctx, member, network)) ? [] : [{ kind: 'account', of: email } as const]),
  ]
  const waitMs = await transaction(ctx.db, (tx) => countTry(ctx, tx, counted))
  if (waitMs > 0) return { outcome: 'wait', seconds: Math.ceil(waitMs / 1000) }

  const stored = member?.password_hash ?? null
  const { right, outdated } = await ctx.passwords.check(credentials.password, stored)
  if (!member || !right) {
    await recordFailure(ctx, member, network, browser.requestId)
    return { outcome: 'refused' }
  }
  const renewed = outdated ? await ctx.passwords.hash(credentials.password) : null
  const { workspace_id: workspace, id } = member
  return transaction(ctx.db, async (tx): Promise<SignIn> => {
    // What was checked must still be the password, and the member still there.
    const still = await tx
      .updateTable('members')
      .set({ password_hash: renewed ?? stored })
      .where('workspace_id', '=', workspace)
      .where('id', '=', id)
      .where('password_hash', '=', stored)
      .executeTakeFirst()
    if (still.numUpdatedRows === 0n) return { outcome: 'refused' }
    await uncountTry(tx, counted)
    const session = await openSession(ctx, tx, { workspace, kind: 'member', member: id }, browser)
    await record(ctx, tx, {
      workspace,
      type: 'member.signed_in',
      actor: { kind: 'member', id, requestId: browser.requestId },
      data: { session: session.id, network, by: 'password' },
    })
    return { outcome: 'signed_in', member: id, workspace, secret: session.secret, maxAge: session.maxAge }
  })
}

/** The one query that may look past a workspace: an e-mail address is all that this person has told so far. */
async function findMember(
  ctx: Needs,
  email: string,
  workspace: string | null,
): Promise<MemberRow | undefined> {
  let rows = ctx.db
    .selectFrom('members as member')
    .innerJoin('workspaces as workspace', 'workspace.id', 'member.workspace_id')
    .selectAll('member')
    .where('member.email', '=', email)
    .where('workspace.deleted_at', 'is', null)
    .orderBy((row) => row.fn.coalesce('member.last_signed_in_at', row.lit(0)), 'desc')
    .orderBy('member.id')
    .limit(1)
  if (workspace) rows = rows.where('member.workspace_id', '=', workspace)
  return rows.executeTakeFirst()
}

/** Where they have signed in before, others' failed tries elsewhere are not held against them. */
async function knows(ctx: Needs, member: MemberRow | undefined, network: string): Promise<boolean> {
  const known = await ctx.db
    .selectFrom('known_networks')
    .select('last_at')
    .where('workspace_id', '=', member?.workspace_id ?? nobody)
    .where('member_id', '=', member?.id ?? nobody)
    .where('network', '=', network)
    .executeTakeFirst()
  return known !== undefined
}

const nobody = '00000000-0000-0000-0000-000000000000'

/** The throttle bounds how often. An unknown account writes as much, so that the time it takes tells nothing either. */
async function recordFailure(
  ctx: Needs,
  member: MemberRow | undefined,
  network: string,
  requestId: string,
): Promise<void> {
  if (!member) return transaction(ctx.db, (tx) => touchTries(tx, { kind: 'network', of: network }))
  await transaction(ctx.db, (tx) =>
    record(ctx, tx, {
      workspace: member.workspace_id,
      type: 'member.sign_in_failed',
      actor: { kind: 'nobody', id: null, requestId },
      data: { member: member.id, network },
    }),
  )
}
