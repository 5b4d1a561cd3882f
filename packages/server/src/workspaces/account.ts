import { encodeId } from '@grantry/api'
import type { Context } from '../context.ts'
import type { Principal } from '../http/principal.ts'
import { assignVariant } from './assign-variant.ts'
import { featuresOf } from './features.ts'
import { loadWorkspace, type Quotas, type Workspace } from './store.ts'

/** Who has signed in to the console; members are above this slice, so whoever mounts it brings the way to read one. */
export type ReadMember = (workspace: string, id: string) => Promise<MemberFacts | null>

export type MemberFacts = {
  id: string
  email: string
  name: string | null
  role: string
  created_at: number
}

export type Account = {
  workspace: Workspace
  /** The member's; null for whoever is none. */
  role: string | null
  user: {
    kind: 'member' | 'end_user'
    /** UUID of the member; the customer's id of the end user. */
    id: string
    email: string | null
    name: string | null
    registeredAt: number | null
  } | null
  subscription: 'active' | 'expired' | 'none'
  features: string[]
  experiments: { key: string; variant: string }[]
  quotas: Quotas
}

/**
 * Who a credential is, and what its workspace's plan gives: the end user whom it is narrowed to, else the member on
 * whose behalf it acts (for an API key, whoever made it), else nobody.
 */
export async function readAccount(
  ctx: Pick<Context, 'clock' | 'db'>,
  principal: Principal,
  readMember: ReadMember,
): Promise<Account> {
  const workspace = await loadWorkspace(ctx, principal.workspace)
  const member =
    principal.member !== null && principal.endUser === null
      ? await readMember(principal.workspace, principal.member)
      : null
  return {
    workspace,
    role: member?.role ?? null,
    user: principal.endUser === null ? member && toUser(member) : await readEndUser(ctx, principal),
    subscription: subscriptionOf(workspace, ctx.clock.now()),
    features: featuresOf(workspace),
    experiments: workspace.experiments.map((experiment) => ({
      key: experiment.key,
      variant: assignVariant(workspace.id, experiment),
    })),
    quotas: workspace.quotas,
  }
}

const toUser = ({ id, email, name, created_at }: MemberFacts) =>
  ({ kind: 'member', id, email, name, registeredAt: created_at }) as const

/** An end user is known by their connections: what the newest says of them, since the first. */
async function readEndUser(ctx: Pick<Context, 'db'>, { workspace, endUser, app }: Principal) {
  const theirs = ctx.db
    .selectFrom('connections')
    .select(['end_user_email', 'end_user_name', 'created_at'])
    .where('workspace_id', '=', workspace)
    .where('end_user_id', '=', endUser)
    .$if(app !== null, (query) => query.where('app_id', '=', app))
    .limit(1)
  const newest = await theirs.orderBy('id', 'desc').executeTakeFirst()
  const first = await theirs.orderBy('id').executeTakeFirst()
  return {
    kind: 'end_user' as const,
    id: endUser!,
    email: newest?.end_user_email ?? null,
    name: newest?.end_user_name ?? null,
    registeredAt: first?.created_at ?? null,
  }
}

function subscriptionOf({ plan, planExpiresAt }: Workspace, now: number): Account['subscription'] {
  if (plan === null) return 'none'
  return planExpiresAt !== null && planExpiresAt <= now ? 'expired' : 'active'
}

const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())

/** The account as `/api/v1` shows it. */
export function presentAccount(account: Account, principal: Principal) {
  const { workspace, user } = account
  return {
    credential: { kind: principal.kind, id: credentialId(principal), scopes: [...principal.scopes] },
    user: user && {
      ...presentUser(account, user),
      id: user.kind === 'member' ? encodeId('mem', user.id) : user.id,
    },
    workspace: { id: encodeId('ws', workspace.id), name: workspace.name, role: account.role },
    plan: workspace.plan,
    plan_expires_at: iso(workspace.planExpiresAt),
    quotas: account.quotas,
    features: account.features,
    experiments: account.experiments,
  }
}

export function presentUser(
  { subscription }: Pick<Account, 'subscription'>,
  { id, email, name, registeredAt }: NonNullable<Account['user']>,
) {
  return { id, email, name, registered_at: iso(registeredAt), subscription_status: subscription }
}

function credentialId({ kind, id, client }: Principal): string | null {
  if (client !== null) return client
  return kind === 'api_key' && id !== null ? encodeId('key', id) : null
}
