import { type QuotaName, quotaNames } from '@grantry/api'
import type { Context } from '../context.ts'
import { loadWorkspace } from '../workspaces/store.ts'
import { type CountConnections, livingOf } from './count-connections.ts'

type Needs = Pick<Context, 'calls' | 'db'> & { countConnections: CountConnections }

/** What the plan of a workspace allows, and how much of it there is. */
export async function readUsage(ctx: Needs, workspace: string) {
  const { plan, planExpiresAt, quotas } = await loadWorkspace(ctx, workspace)
  const used: Record<QuotaName, number | null> = {
    connections: livingOf(
      (await ctx.countConnections(workspace, await readIntegrationIds(ctx, workspace))).total,
    ),
    mcp_servers: await countMcpServers(ctx, workspace),
    calls_per_minute: quotas.calls_per_minute === undefined ? null : ctx.calls.used(workspace),
  }
  return {
    plan,
    plan_expires_at: planExpiresAt === null ? null : new Date(planExpiresAt).toISOString(),
    quotas: quotaNames.map((name) => ({ name, limit: quotas[name] ?? null, used: used[name] })),
  }
}

async function countMcpServers({ db }: Needs, workspace: string): Promise<number> {
  const row = await db
    .selectFrom('mcp_servers')
    .select(({ fn }) => fn.countAll<number | string>().as('servers'))
    .where('workspace_id', '=', workspace)
    .executeTakeFirstOrThrow()
  return Number(row.servers)
}

async function readIntegrationIds({ db }: Needs, workspace: string): Promise<string[]> {
  const rows = await db
    .selectFrom('integrations')
    .select('id')
    .where('workspace_id', '=', workspace)
    .execute()
  return rows.map(({ id }) => id)
}
