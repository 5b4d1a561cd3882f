import { writeCsv } from '../../audit/csv.ts'
import type { Context } from '../../context.ts'
import type { FileFormat } from '../../http/dated-file.ts'
import { presentReported, type ReportFilter, readReport } from './report.ts'

const rowsAtOnce = 200

/** A report as pieces of a file. */
export async function* exportReport(
  ctx: Pick<Context, 'catalogue' | 'db'>,
  filter: ReportFilter,
  format: FileFormat,
): AsyncGenerator<string> {
  if (format === 'csv') yield writeCsv(columns)
  for (let after: string | null = null; ; ) {
    const found = await readReport(ctx, filter, { limit: rowsAtOnce, after })
    const rows = found.slice(0, rowsAtOnce)
    if (rows.length > 0) yield rows.map((row) => lines[format](presentReported(ctx, row))).join('')
    if (found.length <= rowsAtOnce) return
    after = rows.at(-1)!.id
  }
}

type Reported = ReturnType<typeof presentReported>

const columns = [
  'connection_id',
  'workspace_id',
  'integration_id',
  'integration_label',
  'client_id',
  'provider',
  'app_id',
  'end_user_id',
  'account_id',
  'account_label',
  'account_email',
  'outcome',
  'attempts',
  'answered_at',
  'status',
  'error',
  'description',
  'needs_manual_work',
  'todo',
  'todo_url',
] as const

const lines: Record<FileFormat, (one: Reported) => string> = {
  jsonl: (one) => `${JSON.stringify(one)}\n`,
  csv: ({ account, answer, ...one }) => {
    const cells: Record<(typeof columns)[number], string | number | boolean | null> = {
      ...one,
      account_id: account.id,
      account_label: account.label,
      account_email: account.email,
      answered_at: answer?.at ?? null,
      status: answer?.status ?? null,
      error: answer?.error ?? null,
      description: answer?.description ?? null,
    }
    return writeCsv(columns.map((name) => (cells[name] === null ? null : String(cells[name]))))
  },
}
