import { encodeId } from '@grantry/api'
import type { CallFigures } from '../audit/call-figures.ts'
import type { Context } from '../context.ts'
import { type CountConnections, livingOf } from './count-connections.ts'

type Needs = Pick<Context, 'catalogue' | 'clock' | 'db'> & {
  callFigures: Pick<CallFigures, 'since'>
  countConnections: CountConnections
}

const dayMs = 86_400_000
const none = { pending: 0, active: 0, needs_reauth: 0, revoked: 0 }

/** How a workspace stands: its connections by status and integration, what ends within `days`, and what today's use is. */
export async function readOverview(ctx: Needs, workspace: string, days: number) {
  const now = ctx.clock.now()
  const before = now + days * dayMs
  const integrations = await readIntegrations(ctx, workspace)
  const counts = await ctx.countConnections(
    workspace,
    integrations.map(({ id }) => id),
  )
  const ending = await countEnding(ctx, workspace, before)
  const today = Math.floor(now / dayMs) * dayMs
  const calls = await ctx.callFigures.since(workspace, today)
  const known = new Map(integrations.map((each) => [each.id, each]))
  const ids = new Set([...known.keys(), ...counts.integrations.keys()])
  const living = livingOf(counts.total)
  return {
    as_of: iso(counts.at),
    has_integrations: integrations.length > 0,
    has_connections: living + counts.total.revoked > 0,
    integrations: integrations.length,
    connections: { ...counts.total, living },
    by_integration: [...ids]
      .map((id) => ({ id, found: known.get(id), counts: counts.integrations.get(id) ?? none }))
      // Of one that is gone there is nothing to see but that it was.
      .filter(({ found, counts }) => found || livingOf(counts) > 0)
      .sort((a, b) => livingOf(b.counts) - livingOf(a.counts) || (a.id < b.id ? 1 : -1))
      .map(({ id, found, counts }) => ({
        integration_id: encodeId('int', id),
        label: found?.label ?? null,
        provider: found?.provider ?? null,
        provider_name: (found?.provider && ctx.catalogue.get(found.provider)?.display_name) || null,
        ...counts,
      })),
    needs_reauth: { total: counts.total.needs_reauth, reasons: counts.reasons },
    ending: {
      days,
      before: iso(before),
      connections: ending.connections,
      first_ends_at: ending.first === null ? null : iso(ending.first),
    },
    today: { since: iso(today), token_reads: calls['token.read'], proxy_calls: calls['proxy.called'] },
  }
}

const iso = (ms: number) => new Date(ms).toISOString()

function readIntegrations({ db }: Needs, workspace: string) {
  return db
    .selectFrom('integrations')
    .select(['id', 'label', 'provider'])
    .where('workspace_id', '=', workspace)
    .where('trial', '=', 0)
    .execute()
}

async function countEnding({ db }: Needs, workspace: string, before: number) {
  const row = await db
    .selectFrom('connections')
    .select(({ fn }) => [
      fn.countAll<number | string>().as('connections'),
      fn.min<number | string | null>('ends_at').as('first'),
    ])
    .where('workspace_id', '=', workspace)
    .where('ends_at', '<', before)
    .executeTakeFirstOrThrow()
  return { connections: Number(row.connections), first: row.first === null ? null : Number(row.first) }
}
