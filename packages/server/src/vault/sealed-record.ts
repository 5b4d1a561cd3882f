import { formatUuid, parseUuid } from '../db/new-id.ts'

/**
 * What the database back end stores: format byte ‖ data key id (16) ‖ nonce (12) ‖ ciphertext ‖ tag (16).
 * Each back end and each layout has its own format byte, so that rows of several can stand side by side.
 */
const FORMAT = 1
const HEADER_BYTES = 17

export function writeRecord(keyId: string, encrypted: Uint8Array): Buffer {
  return Buffer.concat([Uint8Array.of(FORMAT), parseUuid(keyId), encrypted])
}

/** Null for anything that is not such a record. */
export function readRecord(record: Uint8Array): { keyId: string; encrypted: Uint8Array } | null {
  if (record[0] !== FORMAT || record.length < HEADER_BYTES) return null
  return { keyId: formatUuid(record.subarray(1, HEADER_BYTES)), encrypted: record.subarray(HEADER_BYTES) }
}
