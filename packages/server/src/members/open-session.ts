import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import { newId } from '../db/new-id.ts'
import { networkOf } from '../http/network.ts'
import { mintCredential } from '../vault/credential.ts'
import { nameBrowser } from './name-browser.ts'
import { sessionRules } from './session-rules.ts'

/** The browser that a person signs in with. */
export type Browser = {
  address: string
  userAgent: string | null
  /** Session of the same browser, which the new one replaces. */
  replaced: { workspace: string; session: string } | null
  requestId: string
}

/** Whose session it will be. */
export type NewSession = { workspace: string; identityProvider?: string; authenticatedAt?: number } & (
  | { kind: 'member'; member: string }
  | { kind: 'end_user'; endUser: string; email: string | null; name: string | null }
)

/**
 * Opens a session under an id of its own: whatever the browser brought before is not used on (session fixation).
 * @returns the cookie's value, told only here, and how long it lasts
 */
export async function openSession(
  ctx: Pick<Context, 'clock' | 'random'>,
  tx: Db,
  whose: NewSession,
  browser: Browser,
): Promise<{ id: string; secret: string; maxAge: number }> {
  const now = ctx.clock.now()
  const id = newId(ctx)
  const { text, hash } = mintCredential('gss', whose.workspace, id, ctx.random)
  const { longestMs } = sessionRules[whose.kind]
  if (browser.replaced)
    await tx
      .deleteFrom('sessions')
      .where('workspace_id', '=', browser.replaced.workspace)
      .where('id', '=', browser.replaced.session)
      .execute()
  const network = networkOf(browser.address)
  const person =
    whose.kind === 'member'
      ? { member_id: whose.member, end_user_id: null, email: null, name: null }
      : { member_id: null, end_user_id: whose.endUser, email: whose.email, name: whose.name }
  await tx
    .insertInto('sessions')
    .values({
      workspace_id: whose.workspace,
      id,
      hash,
      kind: whose.kind,
      ...person,
      identity_provider_id: whose.identityProvider ?? null,
      network,
      browser: nameBrowser(browser.userAgent),
      created_at: now,
      authenticated_at: Math.min(now, whose.authenticatedAt ?? now),
      last_seen_at: now,
      expires_at: now + longestMs,
    })
    .execute()
  if (whose.kind === 'member') await noteSignIn(tx, whose, network, now)
  return { id, secret: text, maxAge: longestMs / 1000 }
}

async function noteSignIn(
  tx: Db,
  { workspace, member }: { workspace: string; member: string },
  network: string,
  now: number,
): Promise<void> {
  await tx
    .updateTable('members')
    .set({ last_signed_in_at: now })
    .where('workspace_id', '=', workspace)
    .where('id', '=', member)
    .execute()
  await tx
    .insertInto('known_networks')
    .values({ workspace_id: workspace, member_id: member, network, last_at: now })
    .onConflict((conflict) =>
      conflict.columns(['workspace_id', 'member_id', 'network']).doUpdateSet({ last_at: now }),
    )
    .execute()
}
