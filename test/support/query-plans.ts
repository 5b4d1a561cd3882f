import { CompiledQuery, type KyselyPlugin, type RootOperationNode } from 'kysely'
import { type Db, dialectOf } from '../../packages/server/src/db/connect.ts'

/** Notes the queries that go through it. */
export function recorder(db: Db, queries: CompiledQuery[]): KyselyPlugin {
  return {
    transformQuery({ node, queryId }) {
      queries.push(db.getExecutor().compileQuery(node as RootOperationNode, queryId))
      return node
    },
    transformResult: async ({ result }) => result,
  }
}

/** The plan for these values, and on PostgreSQL also the one that it would use for whatever values. */
export async function explain(db: Db, { sql: text, parameters }: CompiledQuery): Promise<string> {
  const run = async (prefix: string, values: readonly unknown[]) =>
    JSON.stringify((await db.executeQuery(CompiledQuery.raw(`${prefix} ${text}`, [...values]))).rows)
  if (dialectOf(db) === 'sqlite') return run('explain query plan', parameters)
  return `${await run('explain', parameters)} ${await run('explain (generic_plan)', [])}`
}
