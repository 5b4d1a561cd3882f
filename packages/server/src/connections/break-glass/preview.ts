import { encodeId } from '@grantry/api'
import type { Context } from '../../context.ts'
import type { IntegrationRow } from '../../db/schema.ts'
import { profileOf } from '../../integrations/store.ts'
import { type Choice, chooseFrom, readChoice } from './choose.ts'
import { type Criteria, goesByLog } from './criteria.ts'

const mostGroups = 200
const sampled = 10

/** What a break-glass revocation would end in these workspaces; nothing is changed. */
export async function previewBreakGlass(
  ctx: Pick<Context, 'catalogue' | 'db'>,
  workspaces: readonly string[],
  criteria: Criteria,
) {
  const groups: Awaited<ReturnType<typeof groupsOf>> = []
  const sample: Awaited<ReturnType<typeof sampleOf>> = []
  for (const workspace of workspaces) {
    const choice = await readChoice(ctx, workspace, criteria)
    groups.push(...(await groupsOf(ctx, workspace, choice)))
    if (sample.length < sampled) sample.push(...(await sampleOf(ctx, workspace, choice)))
  }
  groups.sort((a, b) => b.connections - a.connections)
  return {
    connections: groups.reduce((sum, { connections }) => sum + connections, 0),
    groups: groups.slice(0, mostGroups),
    sample: sample.slice(0, sampled),
    log_since: goesByLog(criteria) ? await logSince(ctx, workspaces) : null,
  }
}

async function groupsOf(ctx: Pick<Context, 'catalogue' | 'db'>, workspace: string, choice: Choice) {
  const rows = await chooseFrom(ctx.db, workspace, choice)
    .select((row) => ['connection.integration_id', row.fn.countAll<number | string>().as('connections')])
    .groupBy('connection.integration_id')
    .execute()
  if (rows.length === 0) return []
  const integrations = await ctx.db
    .selectFrom('integrations')
    .selectAll()
    .where('workspace_id', '=', workspace)
    .where(
      'id',
      'in',
      rows.map(({ integration_id }) => integration_id),
    )
    .execute()
  const known = new Map(integrations.map((row) => [row.id, row]))
  return rows.map(({ integration_id, connections }) => {
    const row = known.get(integration_id)
    return {
      workspace_id: encodeId('ws', workspace),
      integration_id: encodeId('int', integration_id),
      label: row?.label ?? null,
      provider: row?.provider ?? null,
      connections: Number(connections),
      revocable: row !== undefined && canRevoke(ctx, row),
    }
  })
}

/** Whether the provider has a way to revoke; not where the catalogue no longer has it. */
export function canRevoke({ catalogue }: Pick<Context, 'catalogue'>, row: IntegrationRow): boolean {
  if (row.provider !== null && !catalogue.has(row.provider)) return false
  return profileOf(catalogue, row).revocation !== undefined
}

async function sampleOf({ db }: Pick<Context, 'db'>, workspace: string, choice: Choice) {
  const rows = await chooseFrom(db, workspace, choice)
    .select([
      'connection.id',
      'connection.provider',
      'connection.account_label',
      'connection.account_email',
      'connection.account_id',
      'connection.end_user_id',
    ])
    .orderBy('connection.id', 'desc')
    .limit(sampled)
    .execute()
  return rows.map((row) => ({
    id: encodeId('con', row.id),
    provider: row.provider,
    account: row.account_label ?? row.account_email ?? row.account_id,
    end_user_id: row.end_user_id,
  }))
}

/** Since when all of them have a log: what was read before that is in none. */
async function logSince({ db }: Pick<Context, 'db'>, workspaces: readonly string[]): Promise<string | null> {
  let since: number | null = null
  for (const workspace of workspaces) {
    const first = await db
      .selectFrom('events')
      .select('at')
      .where('workspace_id', '=', workspace)
      .orderBy('id')
      .limit(1)
      .executeTakeFirst()
    if (first && (since === null || first.at > since)) since = first.at
  }
  return since === null ? null : new Date(since).toISOString()
}
