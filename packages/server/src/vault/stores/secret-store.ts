import type { Place } from '../vault.ts'

/** Where sealed values can rest outside of our database. */
export const backEnds = ['aws-secrets-manager', 'openbao'] as const
export type BackEnd = (typeof backEnds)[number]

/**
 * Milliseconds that a value stays after it was found that no row points at it: so long a database backup in which one does
 * can be brought back. AWS keeps what is deleted for a week itself, and has it paid for until then; at OpenBao it is gone.
 */
export const keepMs: Readonly<Record<BackEnd, number>> = {
  'aws-secrets-manager': 3_600_000,
  openbao: 7 * 24 * 3_600_000,
}

/** One value outside: never changed, found by its id; where it belongs is told so that people can make sense of it. */
export type Item = { id: string; place: Omit<Place, 'version'> }

/**
 * A back end. It is given what would otherwise rest in the row, sealed already, so that it alone gives nothing away. Calls
 * end by themselves within seconds. All throw {@link VaultError}: vault_unavailable, vault_refused, vault_misconfigured.
 */
export type SecretStore = {
  /** Once resolved it is there for good. The same item may be put again. */
  put(item: Item, record: Uint8Array): Promise<void>
  /** Null for one that is not there. */
  get(item: Item): Promise<Uint8Array | null>
  /** One that is not there is gone. */
  remove(item: Item): Promise<void>
  /** Whether it answers and lets us, without a trace. */
  check(): Promise<void>
  /** Keeps our right to use it from running out; to be done every few minutes. */
  renew(): Promise<void>
  close(): Promise<void>
}

/** `PREFIX/WORKSPACE/TABLE.COLUMN/ITEM`: policies can be narrowed to a prefix, and lists read by people. */
export function nameOf(prefix: string, { id, place: { workspace, table, column } }: Item): string {
  return `${prefix}/${workspace}/${table}.${column}/${id}`
}

/** What `check` looks for; nothing is ever there. */
export const nowhere: Item = {
  id: 'check',
  place: { workspace: 'check', table: 'check', column: 'check', row: 'check' },
}
