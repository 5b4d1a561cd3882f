import { encodeId } from '@grantry/api'
import { system } from '../audit/event.ts'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { transaction } from '../db/transaction.ts'
import { sealedColumns } from '../sealed-columns.ts'
import type { Unreadable, VaultErrorCode } from '../vault/errors.ts'

type Needs = Pick<Context, 'clock' | 'db' | 'log' | 'metrics' | 'random'>

/** One thing is told of once in this time; of one workspace, `ofOneWorkspace` things. */
const quietMs = 3_600_000
const ofOneWorkspace = 20
const mostKept = 10_000

/**
 * Tells of what rests and is not what was sealed: each time as a metric; in the log and in the workspace's audit log once an
 * hour, for whoever reads a connection again and again. What came from outside and does not open is somebody's try, and
 * not told of.
 */
export function createTamperReport(ctx: Needs): (what: Unreadable, code: VaultErrorCode) => void {
  const resting = new Set([
    'data_keys.wrapped',
    ...sealedColumns.map(({ table, column }) => `${table}.${column}`),
  ])
  const told = new Map<string, { from: number; times: number }>()

  /** Whether this may be told of once more. */
  function isNews(name: string, times: number): boolean {
    const now = ctx.clock.now()
    const before = told.get(name)
    if (!before || now - before.from >= quietMs || now < before.from) {
      if (told.size >= mostKept) told.clear()
      told.set(name, { from: now, times: 1 })
      return true
    }
    before.times += 1
    return before.times <= times
  }

  return (what, code) => {
    const column = `${what.table}.${what.column}`
    if (!resting.has(column)) return
    ctx.metrics.vault.refused(code)
    // A key that was destroyed on purpose has an event of its own.
    if (code === 'vault_key_destroyed') return
    if (!isNews(`${what.workspace}/${column}/${what.row}`, 1) || !isNews(what.workspace, ofOneWorkspace))
      return
    ctx.log.error({ ...what, code }, 'a stored secret is not what was sealed: it is not used')
    void writeDown(ctx, what, code).catch((error: unknown) =>
      ctx.log.error({ err: error }, 'the audit log could not be told of a changed secret'),
    )
  }
}

async function writeDown(ctx: Needs, what: Unreadable, code: VaultErrorCode): Promise<void> {
  const connection = what.table === 'token_requests' ? await connectionOf(ctx, what) : null
  await transaction(ctx.db, (tx) =>
    record(ctx, tx, {
      workspace: what.workspace,
      type: 'vault.tampered',
      actor: system,
      connection,
      integration: what.table === 'integrations' ? what.row : null,
      data: {
        column: `${what.table}.${what.column}`,
        row: what.table === 'data_keys' ? encodeId('dk', what.row) : what.row,
        reason: code,
      },
    }),
  )
}

async function connectionOf(
  { db }: Pick<Context, 'db'>,
  { workspace, row }: Unreadable,
): Promise<string | null> {
  const found = await db
    .selectFrom('token_requests')
    .select('connection_id')
    .where('workspace_id', '=', workspace)
    .where('id', '=', row)
    .executeTakeFirst()
  return found?.connection_id ?? null
}
