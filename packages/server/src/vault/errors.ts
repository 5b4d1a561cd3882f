/**
 * - `root_key_invalid`: the root key given is not 32 random bytes in base64.
 * - `root_key_missing`: there is none, and the database was sealed with one.
 * - `root_key_exposed`: others may read its file.
 * - `wrong_root_key`: it is not the one that this database was sealed with.
 * - `vault_tampered`: what was stored is not what was sealed, or not for this place.
 * - `vault_key_missing`: this workspace has no such data key.
 * - `vault_key_destroyed`: the workspace's data key was destroyed, and with it what it sealed.
 * - `vault_unavailable`: a back end or the service with the root key does not answer, or not now: worth another try.
 * - `vault_refused`: it answers, and does not let us: its operator has to say so.
 * - `vault_item_missing`: the back end does not have what a row points at.
 * - `vault_misconfigured`: a value is in a back end that this configuration does not name, or it cannot be used as it is.
 */
export type VaultErrorCode =
  | 'root_key_invalid'
  | 'root_key_missing'
  | 'root_key_exposed'
  | 'wrong_root_key'
  | 'vault_tampered'
  | 'vault_key_missing'
  | 'vault_key_destroyed'
  | 'vault_unavailable'
  | 'vault_refused'
  | 'vault_item_missing'
  | 'vault_misconfigured'

/** What does not open: a column's value, or a data key itself. */
export type Unreadable = { workspace: string; table: string; row: string; column: string }

/** The vault could not seal or open; the message never holds what was sealed, nor a key. */
export class VaultError extends Error {
  override readonly name = 'VaultError'
  readonly code: VaultErrorCode
  /** Where it is about something that rests. */
  readonly at: Unreadable | undefined

  constructor(code: VaultErrorCode, message: string, options: ErrorOptions & { at?: Unreadable } = {}) {
    super(message, options)
    this.code = code
    this.at = options.at
  }
}

/** Whether a back end is out of reach just now, so that what was known before may be gone by for a while. */
export function isOutage(error: unknown): boolean {
  return error instanceof VaultError && error.code === 'vault_unavailable'
}

/** Whether it says nothing about the value: what holds it, or its key, cannot be asked as things are. */
export function isUnreachable(error: unknown): boolean {
  return (
    error instanceof VaultError &&
    ['vault_unavailable', 'vault_refused', 'vault_misconfigured'].includes(error.code)
  )
}

/** Whether what rests is not what was put there; whatever is done about it, trying again does not help. */
export function isUnreadable(error: unknown): error is VaultError {
  return (
    error instanceof VaultError &&
    ['vault_tampered', 'vault_key_missing', 'vault_key_destroyed', 'vault_item_missing'].includes(error.code)
  )
}
