import { formatUuid, parseUuid } from '../db/new-id.ts'

/**
 * What the database back end stores: format byte ‖ data key id (16) ‖ nonce (12) ‖ ciphertext ‖ tag (16).
 * Each back end and each layout has its own format byte, so that rows of several can stand side by side. All of them begin
 * with that byte and the data key's id, so that the database itself can tell which values are not as they would be sealed
 * now, and how many a key still seals.
 */
const FORMAT = 1
export const FORM_BYTES = 17

export function writeRecord(keyId: string, encrypted: Uint8Array): Buffer {
  return Buffer.concat([recordForm(keyId), encrypted])
}

/** How every record of this back end and this data key begins. */
export function recordForm(keyId: string): Buffer {
  return Buffer.concat([Uint8Array.of(FORMAT), parseUuid(keyId)])
}

/** Null for anything that is not such a record. */
export function readRecord(record: Uint8Array): { keyId: string; encrypted: Uint8Array } | null {
  if (record[0] !== FORMAT || record.length < FORM_BYTES) return null
  return { keyId: formatUuid(record.subarray(1, FORM_BYTES)), encrypted: record.subarray(FORM_BYTES) }
}
