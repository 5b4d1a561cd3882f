import { formatUuid, parseUuid } from '../db/new-id.ts'
import type { BackEnd } from './stores/secret-store.ts'

/**
 * What a row holds. In the database back end the value itself: format byte ‖ data key id (16) ‖ nonce (12) ‖ ciphertext ‖
 * tag (16); in one outside, where the same record is: format byte ‖ data key id (16) ‖ item id (16).
 * Each back end and each layout has its own format byte, so that rows of several can stand side by side. All of them begin
 * with that byte and the data key's id, so that the database itself can tell which values are not as they would be sealed
 * now, and how many a key still seals.
 */
const RECORD = 1
const POINTERS: Readonly<Record<BackEnd, number>> = { 'aws-secrets-manager': 2, openbao: 3 }
export const FORM_BYTES = 17
const POINTER_BYTES = FORM_BYTES + 16

export function writeRecord(keyId: string, encrypted: Uint8Array): Buffer {
  return Buffer.concat([formOf('database', keyId), encrypted])
}

/** How everything of this back end and this data key begins. */
export function formOf(backEnd: BackEnd | 'database', keyId: string): Buffer {
  const format = backEnd === 'database' ? RECORD : POINTERS[backEnd]
  return Buffer.concat([Uint8Array.of(format), parseUuid(keyId)])
}

/** Null for anything that is not such a record. */
export function readRecord(record: Uint8Array): { keyId: string; encrypted: Uint8Array } | null {
  if (record[0] !== RECORD || record.length < FORM_BYTES) return null
  return { keyId: formatUuid(record.subarray(1, FORM_BYTES)), encrypted: record.subarray(FORM_BYTES) }
}

/** Where a value is that rests outside: which back end, by what id, and sealed by which data key. */
export type Pointer = { backEnd: BackEnd; keyId: string; item: string }

export function writePointer({ backEnd, keyId, item }: Pointer): Buffer {
  return Buffer.concat([formOf(backEnd, keyId), parseUuid(item)])
}

/** Null for anything that is not a pointer. */
export function readPointer(sealed: Uint8Array): Pointer | null {
  const backEnd = (Object.keys(POINTERS) as BackEnd[]).find((name) => POINTERS[name] === sealed[0])
  if (backEnd === undefined || sealed.length !== POINTER_BYTES) return null
  return {
    backEnd,
    keyId: formatUuid(sealed.subarray(1, FORM_BYTES)),
    item: formatUuid(sealed.subarray(FORM_BYTES)),
  }
}
