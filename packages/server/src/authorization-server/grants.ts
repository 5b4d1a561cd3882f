import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { transaction } from '../db/transaction.ts'
import type { Actor } from '../http/principal.ts'

type NewGrant = {
  id: string
  workspace: string
  grantHash: string
  clientId: string
  clientName: string
  subject: string
  scopes: string[]
  resources: string[]
  /** UUIDs; null where nobody was asked: what was chosen before stays. */
  connections: string[] | null
  actor: Actor
  endUser: string | null
}

/** What a person allowed, for them to see and end; asked again, the same grant holds the newer answer. */
export async function saveGrant(
  ctx: Pick<Context, 'clock' | 'db' | 'random'>,
  grant: NewGrant,
): Promise<void> {
  const now = ctx.clock.now()
  const kept = {
    client_name: grant.clientName,
    scopes: JSON.stringify(grant.scopes),
    resources: JSON.stringify(grant.resources),
    ...(grant.connections && { connections: JSON.stringify(grant.connections) }),
    updated_at: now,
  }
  await transaction(ctx.db, async (tx) => {
    await tx
      .insertInto('oauth_grants')
      .values({
        workspace_id: grant.workspace,
        id: grant.id,
        grant_hash: grant.grantHash,
        client_id: grant.clientId,
        subject: grant.subject,
        created_at: now,
        last_used_at: null,
        ended_at: null,
        connections: null,
        ...kept,
      })
      .onConflict((conflict) => conflict.column('grant_hash').doUpdateSet(kept))
      .execute()
    await record(ctx, tx, {
      workspace: grant.workspace,
      type: 'oauth_grant.created',
      actor: grant.actor,
      endUser: grant.endUser,
      data: {
        client_id: grant.clientId,
        client_name: grant.clientName,
        scopes: grant.scopes,
        resources: grant.resources,
        connections: grant.connections?.length ?? null,
      },
    })
  })
}

/** What was chosen when this grant was last given. */
export async function chosenBefore(ctx: Pick<Context, 'db'>, grantHash: string): Promise<string[]> {
  const row = await ctx.db
    .selectFrom('oauth_grants')
    .select('connections')
    .where('grant_hash', '=', grantHash)
    .executeTakeFirst()
  return row?.connections ? (JSON.parse(row.connections) as string[]) : []
}
