import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import type { CompiledQuery, QueryResult } from 'kysely'

/** Distinct SQL texts are few (values are parameters), but lists in `in (…)` make one text per length. */
const STATEMENTS_KEPT = 500

type Statement = { prepared: StatementSync; answersRows: boolean }

export type RunStatement = <Row>(query: CompiledQuery) => QueryResult<Row>

/** Runs queries on one SQLite connection; preparing costs more than running, so the last used statements are kept. */
export function createStatementRunner(database: DatabaseSync): RunStatement {
  const kept = new Map<string, Statement>()

  function statement(sql: string): Statement {
    const found = kept.get(sql)
    if (found) {
      kept.delete(sql)
      kept.set(sql, found)
      return found
    }
    const prepared = database.prepare(sql)
    const made = { prepared, answersRows: prepared.columns().length > 0 }
    kept.set(sql, made)
    if (kept.size > STATEMENTS_KEPT) kept.delete(kept.keys().next().value!)
    return made
  }

  return <Row>(query: CompiledQuery): QueryResult<Row> => {
    const { prepared, answersRows } = statement(query.sql)
    const parameters = query.parameters as SQLInputValue[]
    if (answersRows) return { rows: prepared.all(...parameters) as Row[] }
    const { changes, lastInsertRowid } = prepared.run(...parameters)
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }
  }
}
