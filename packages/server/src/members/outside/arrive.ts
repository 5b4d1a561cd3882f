import { record } from '../../audit/record.ts'
import type { Context } from '../../context.ts'
import { transaction } from '../../db/transaction.ts'
import { isEmail, normalEmail } from '../email.ts'
import { join, signInNew } from '../join.ts'
import { type Browser, openSession } from '../open-session.ts'
import type { SignedIn } from '../read-session.ts'
import { loadMember } from '../store.ts'
import { findLinkedMember, linkIdentity } from './identities.ts'
import type { Received } from './receive.ts'

type Needs = Pick<Context, 'clock' | 'db' | 'random'>
type Identified = Extract<Received, { outcome: 'identified' }>

/** What came of somebody whom a provider has identified. */
export type Arrived =
  | { outcome: 'signed_in'; secret: string; maxAge: number; next: string }
  /** The account is now a way for the member to sign in; their session goes on. */
  | { outcome: 'linked'; next: string }
  /** No member has linked this account. That an e-mail address is the same says nothing (it may be anyone's there). */
  | { outcome: 'unknown' }
  | { outcome: 'ended' }
  /** The owner's sign-up link knows no address, and the provider told none. */
  | { outcome: 'no_email' }

/**
 * Signs in whom a provider has identified: an end user by their `sub`; a member by the link that they have made, or make now
 * with an invitation or from a session of theirs.
 * @param signedIn who is signed in in this browser already
 * @throws ApiError conflict
 */
export async function arrive(
  ctx: Needs,
  { provider, attempt, claims }: Identified,
  browser: Browser,
  signedIn: SignedIn | null,
): Promise<Arrived> {
  const { workspace_id: workspace, id: identityProvider } = provider
  const { next } = attempt
  const authenticatedAt = claims.authenticated_at ?? ctx.clock.now()
  const how = { by: 'identity_provider', identityProvider, authenticatedAt }

  if (provider.audience === 'end_users')
    return transaction(ctx.db, async (tx): Promise<Arrived> => {
      const { subject: endUser, email, name } = claims
      const whose = {
        workspace,
        kind: 'end_user',
        endUser,
        email,
        name,
        identityProvider,
        authenticatedAt,
      } as const
      const session = await openSession(ctx, tx, whose, browser)
      await record(ctx, tx, {
        workspace,
        type: 'end_user.signed_in',
        actor: { kind: 'nobody', id: null, requestId: browser.requestId },
        endUser,
        data: { session: session.id, identity_provider: identityProvider },
      })
      return { outcome: 'signed_in', ...session, next }
    })

  if (attempt.link_session_id !== null) {
    if (signedIn?.kind !== 'member' || signedIn.session !== attempt.link_session_id)
      return { outcome: 'ended' }
    const { member } = signedIn
    const actor = { kind: 'member', id: member, requestId: browser.requestId }
    await transaction(ctx.db, (tx) =>
      linkIdentity(ctx, tx, { provider, subject: claims.subject, member, actor }),
    )
    return { outcome: 'linked', next }
  }

  if (attempt.invitation_id !== null && attempt.invitation_hash !== null) {
    const invitation = await ctx.db
      .selectFrom('invitations')
      .selectAll()
      .where('workspace_id', '=', workspace)
      .where('id', '=', attempt.invitation_id)
      .where('token_hash', '=', attempt.invitation_hash)
      .executeTakeFirst()
    if (!invitation) return { outcome: 'ended' }
    const email = invitation.email ?? normalEmail(claims.email ?? '')
    if (!isEmail(email)) return { outcome: 'no_email' }
    const person = { email, name: claims.name?.slice(0, 120) ?? null, password_hash: null }
    return transaction(ctx.db, async (tx): Promise<Arrived> => {
      const member = await join(ctx, tx, invitation, person, browser.requestId)
      const actor = { kind: 'member', id: member.id, requestId: browser.requestId }
      await linkIdentity(ctx, tx, { provider, subject: claims.subject, member: member.id, actor })
      return { outcome: 'signed_in', ...(await signInNew(ctx, tx, member, browser, how)), next }
    })
  }

  const linked = await findLinkedMember(ctx, provider, claims.subject)
  if (linked === null) return { outcome: 'unknown' }
  return transaction(ctx.db, async (tx): Promise<Arrived> => {
    const member = await loadMember(tx, workspace, linked)
    return { outcome: 'signed_in', ...(await signInNew(ctx, tx, member, browser, how)), next }
  })
}
