import type { Secret } from '@grantry/oauth'
import type { Db } from '../db/connect.ts'
import type { KeyCursor, NewDataKey } from './data-keys.ts'
import type { Appointment } from './key-check.ts'

/** Where a sealed value belongs. It opens there only: not in another row, nor as another version. */
export type Place = {
  workspace: string
  table: string
  row: string
  column: string
  version: number
}

/**
 * Where client secrets and tokens rest. What `seal` returns goes into the row; later the row may hold a pointer to where the
 * value is, so opening can take a network call, and so can a data key that is not at hand. All throw {@link VaultError}.
 */
export type Vault = {
  seal(place: Place, secret: Secret): Promise<Uint8Array>
  /** What will seal values of this workspace also when the database cannot be asked; for the next minute, not for keeping. */
  sealer(workspace: string): Promise<Vault['seal']>
  open(place: Place, sealed: Uint8Array): Promise<Secret>
  /**
   * How what is sealed for this workspace now begins: back end, layout and data key ({@link FORM_BYTES}). A value that begins
   * otherwise is to be sealed anew. `brief`: of a column whose values stay in the database.
   */
  form(workspace: string, { brief }: { brief: boolean }): Promise<Uint8Array>
  /**
   * The same secret, sealed anew for the same place, and opened again to see that it is. It does not leave the vault. The
   * value before still opens.
   */
  reseal(place: Place, sealed: Uint8Array, column: { brief: boolean }): Promise<Uint8Array>
  /**
   * Part of the transaction that puts what `reseal` gave into its row. False where that took so long that it was given up:
   * then the row must stay as it is.
   */
  place(tx: Db, place: Place, sealed: Uint8Array): Promise<boolean>
  /**
   * A data key to be inserted by the transaction that makes the workspace, or that rotates its key. Before that transaction,
   * never in it: the root key's service may take its time, and SQLite has one writer. A new id, unless one is given.
   */
  prepareDataKey(workspace: string, id?: string): Promise<NewDataKey>
  /**
   * Part of a transaction of `invalidation.change`, so that every process seals with the new key within a second; null where
   * there is none to follow, or (`only` that key) another has followed it already. Values that rest under the former stay readable, and
   * are to be sealed anew.
   */
  rotateDataKey(
    tx: Db,
    key: { workspace: string; only?: string | undefined; next: NewDataKey },
  ): Promise<{ id: string; former: string } | null>
  /**
   * Destroys the bytes of a former key, in a transaction of `invalidation.change`: nothing that it sealed opens again. Whoever
   * asks has seen that there is nothing. False where there is no such key.
   */
  retireDataKey(tx: Db, key: { workspace: string; id: string }): Promise<boolean>
  /**
   * Part of the transaction that ends the workspace (`invalidation.change`, so that other processes give up the key
   * within a second): what it sealed can never be opened again.
   * @returns how many keys there were to destroy
   */
  destroyDataKey(tx: Db, workspace: string): Promise<number>
  /** What wraps the data keys. */
  rootKeys: RootKeys
}

export type RootKeys = {
  /** Of the key by which this process wraps. */
  id: string
  /** Of all that it can unwrap by, that one first. */
  known: readonly string[]
  /** Makes this process's key the one that is to wrap every data key. Before the transaction, as with a data key. */
  prepareAppointment(): Promise<Appointment>
  /** Which is to wrap them. */
  appointed(): Promise<string | null>
  /** Wraps by it the next data keys that another known key wraps, `limit` at most; answers where to go on, null at the end. */
  rewrap(options: { after: KeyCursor | null; limit: number }): Promise<KeyCursor | null>
}
