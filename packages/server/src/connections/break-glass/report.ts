import { type BreakGlassOutcome, encodeId, manualOutcomes } from '@grantry/api'
import type { Context } from '../../context.ts'
import type { BreakGlassConnectionRow, ConnectionRow } from '../../db/schema.ts'
import type { Page } from '../../http/cursor.ts'
import { advise } from './advise.ts'

type Row = BreakGlassConnectionRow &
  Pick<
    ConnectionRow,
    | 'account_email'
    | 'account_id'
    | 'account_label'
    | 'app_id'
    | 'end_user_id'
    | 'id'
    | 'integration_id'
    | 'provider'
  > & { integration_label: string | null; client_id: string | null }

export type ReportFilter = {
  id: string
  /** null: in all of them. */
  workspace: string | null
  outcome?: BreakGlassOutcome | undefined
  /** Only what needs manual work, or only what does not. */
  manual?: boolean | undefined
}

/** What became of each connection, newest connection first; `limit + 1` rows. */
export async function readReport(
  { db }: Pick<Context, 'db'>,
  { id, workspace, outcome, manual }: ReportFilter,
  page: Page,
): Promise<Row[]> {
  let query = db
    .selectFrom('break_glass_connections as one')
    .innerJoin('connections as connection', (join) =>
      join
        .onRef('connection.workspace_id', '=', 'one.workspace_id')
        .onRef('connection.id', '=', 'one.connection_id'),
    )
    .leftJoin('integrations as integration', (join) =>
      join
        .onRef('integration.workspace_id', '=', 'connection.workspace_id')
        .onRef('integration.id', '=', 'connection.integration_id'),
    )
    .selectAll('one')
    .select([
      'connection.id',
      'connection.integration_id',
      'integration.label as integration_label',
      'integration.client_id',
      'connection.provider',
      'connection.app_id',
      'connection.end_user_id',
      'connection.account_id',
      'connection.account_label',
      'connection.account_email',
    ])
    .where('one.break_glass_id', '=', id)
  if (workspace !== null) query = query.where('one.workspace_id', '=', workspace)
  if (outcome !== undefined) query = query.where('one.outcome', '=', outcome)
  if (manual !== undefined) query = query.where('one.outcome', manual ? 'in' : 'not in', manualOutcomes)
  if (page.after !== null) query = query.where('one.connection_id', '<', page.after)
  return query
    .orderBy('one.connection_id', 'desc')
    .limit(page.limit + 1)
    .execute()
}

/** As the API shows it: never a token. */
export function presentReported({ catalogue }: Pick<Context, 'catalogue'>, row: Row) {
  const entry = row.provider === null ? undefined : catalogue.get(row.provider)
  const isManual = (manualOutcomes as readonly string[]).includes(row.outcome)
  const { todo, url } = advise(row, {
    name: entry?.display_name ?? row.integration_label ?? 'the provider',
    grantsUrl: entry?.grants_url ?? null,
  })
  return {
    connection_id: encodeId('con', row.connection_id),
    workspace_id: encodeId('ws', row.workspace_id),
    integration_id: encodeId('int', row.integration_id),
    integration_label: row.integration_label,
    client_id: row.client_id,
    provider: row.provider,
    app_id: row.app_id && encodeId('app', row.app_id),
    end_user_id: row.end_user_id,
    account: { id: row.account_id, label: row.account_label, email: row.account_email },
    outcome: row.outcome,
    attempts: row.attempts,
    answer:
      row.answered_at === null
        ? null
        : {
            at: new Date(row.answered_at).toISOString(),
            status: row.status,
            error: row.error,
            description: row.description,
          },
    needs_manual_work: isManual,
    todo,
    todo_url: url,
  }
}
