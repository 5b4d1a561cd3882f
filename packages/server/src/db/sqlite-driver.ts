import { CompiledQuery, type DatabaseConnection, type Driver, type QueryResult } from 'kysely'
import { whenNotBusy } from './sqlite-busy.ts'
import { openSqlite, type SqliteHandles } from './sqlite-file.ts'
import { createStatementRunner, type RunStatement } from './sqlite-statements.ts'
import { createWriterLock, type Release, type WriterLock } from './writer-lock.ts'

const WRITER_WAIT_MS = 30_000
/** For writers of other handles: other processes, and tests that play them. */
const BUSY_WAIT_MS = 10_000

type Session = DatabaseConnection & { transaction: Release | null }

type Lanes = { handles: SqliteHandles; write: RunStatement; read: RunStatement | null; writer: WriterLock }

/**
 * Two lanes: a select outside a transaction runs at once on the read-only connection; everything else waits its turn
 * for the one writer. A transaction may therefore await whatever it likes without stopping the readers.
 */
export function createSqliteDriver(path: string): Driver {
  let lanes: Lanes | undefined
  const run = (session: DatabaseConnection, sql: string) => session.executeQuery(CompiledQuery.raw(sql))

  return {
    async init() {
      lanes = await openLanes(path)
    },
    async acquireConnection() {
      return createSession(lanes!)
    },
    async beginTransaction(connection) {
      const session = connection as Session
      const release = await lanes!.writer.acquire()
      try {
        // Immediate: a transaction that begins by reading and then writes would otherwise fail where it turns.
        await whenNotBusy(BUSY_WAIT_MS, () => lanes!.handles.writer.exec('begin immediate'))
        session.transaction = release
      } catch (error) {
        release()
        throw error
      }
    },
    async commitTransaction(connection) {
      await run(connection, 'commit')
      endTransaction(connection as Session)
    },
    async rollbackTransaction(connection) {
      try {
        // SQLite has rolled back by itself after a full disk or an I/O error.
        if (lanes!.handles.writer.isTransaction) await run(connection, 'rollback')
      } finally {
        endTransaction(connection as Session)
      }
    },
    savepoint: async (connection, name) => void (await run(connection, `savepoint ${quoted(name)}`)),
    rollbackToSavepoint: async (connection, name) =>
      void (await run(connection, `rollback to ${quoted(name)}`)),
    releaseSavepoint: async (connection, name) => void (await run(connection, `release ${quoted(name)}`)),
    async releaseConnection(connection) {
      endTransaction(connection as Session)
    },
    async destroy() {
      if (!lanes) return
      const { reader, writer } = lanes.handles
      if (reader !== writer) reader.close()
      writer.close()
    },
  }
}

async function openLanes(path: string): Promise<Lanes> {
  // Turning WAL on takes the whole file for a moment.
  const handles = await whenNotBusy(BUSY_WAIT_MS, () => openSqlite(path))
  return {
    handles,
    write: createStatementRunner(handles.writer),
    read: handles.reader === handles.writer ? null : createStatementRunner(handles.reader),
    writer: createWriterLock(WRITER_WAIT_MS),
  }
}

function createSession({ read, write, writer }: Lanes): Session {
  return {
    transaction: null,
    async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
      if (this.transaction) return write<Row>(query)
      if (read && onlyReads(query)) return read<Row>(query)
      const release = await writer.acquire()
      try {
        return await whenNotBusy(BUSY_WAIT_MS, () => write<Row>(query))
      } finally {
        release()
      }
    },
    // An open cursor would hold its snapshot, and other selects of the reader would see the past with it.
    streamQuery() {
      throw new Error('Streams are not supported: page by key')
    },
  }
}

function endTransaction(session: Session): void {
  session.transaction?.()
  session.transaction = null
}

/** The reader refuses writes by itself; this only chooses the lane. */
function onlyReads(query: CompiledQuery): boolean {
  return (
    query.query.kind === 'SelectQueryNode' ||
    (query.query.kind === 'RawNode' && /^\s*select\b/i.test(query.sql))
  )
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
