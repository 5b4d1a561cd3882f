import type { Compilable, CompiledQuery } from 'kysely'
import { type Db, dialectOf } from './connect.ts'
import type { Database } from './schema.ts'

/** Stands for a value while the query is built. */
class Placeholder {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

/** Builds the query with placeholders where its values will stand. */
export type Build<Parameters, Row, Tables> = (db: Db<Tables>, values: Parameters) => Compilable<Row>

type Values = Record<string, string | number | Uint8Array | null>

/**
 * A query that is built once and run often: building and compiling cost more than running on SQLite.
 * A value may stand wherever one is compared or set, but cannot shape the query (no lists, no `is null`).
 *
 * @example
 * const keyByHash = preparedQuery((db, { hash }: { hash: string }) =>
 *   db.selectFrom('api_key_secrets').selectAll().where('hash', '=', hash))
 * const [row] = await keyByHash(ctx.db, { hash })
 */
export function preparedQuery<Parameters extends Values, Row, Tables = Database>(
  build: Build<Parameters, Row, Tables>,
): (db: Db<Tables>, values: Parameters) => Promise<Row[]> {
  const compiled: { sqlite?: CompiledQuery<Row>; postgres?: CompiledQuery<Row> } = {}
  return async (db, values) => {
    const dialect = dialectOf(db)
    compiled[dialect] ??= compile(db, build)
    const query = compiled[dialect]
    const parameters = query.parameters.map((parameter) =>
      parameter instanceof Placeholder ? values[parameter.name] : parameter,
    )
    return (await db.executeQuery<Row>({ ...query, parameters })).rows
  }
}

function compile<Parameters extends Values, Row, Tables>(
  db: Db<Tables>,
  build: Build<Parameters, Row, Tables>,
): CompiledQuery<Row> {
  const placeholders = new Proxy({}, { get: (_target, name) => new Placeholder(String(name)) })
  return build(db, placeholders as Parameters).compile()
}
