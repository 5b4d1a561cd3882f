import type { Database } from '../db/schema.ts'
import type { Place } from './vault.ts'

type Table = keyof Database

/**
 * A column that holds what the vault sealed, and what each row's value was sealed for: what walks over all of them (another
 * data key, another back end, a check) needs no more.
 */
export type SealedColumn = {
  table: Table
  column: string
  /** The primary key. */
  key: readonly string[]
  /** What else `place` reads of a row. */
  reads: readonly string[]
  place(row: Record<string, unknown>): Place
  /** Its values are over in minutes, so they stay in the database whatever back end keeps the others. */
  brief: boolean
}

/** A {@link SealedColumn} whose names are checked against the schema. */
export function sealedColumn<
  T extends Table,
  Key extends keyof Database[T] & string,
  Reads extends keyof Database[T] & string = never,
>(
  table: T,
  column: keyof Database[T] & string,
  place: (row: Pick<Database[T], Key | Reads>) => Place,
  { key, reads = [], brief = false }: { key: readonly Key[]; reads?: readonly Reads[]; brief?: boolean },
): SealedColumn {
  return { table, column, key, reads, place: place as SealedColumn['place'], brief }
}
