import { createHmac, timingSafeEqual } from 'node:crypto'
import { hashCredential } from '../vault/credential.ts'

/**
 * The core hands out ids that are the credentials themselves; only their hashes are stored. Where it finds a record by
 * something else (a user code, a session's uid) and means to save it again, it gets a handle instead of the id: the
 * hash, signed, so that whoever has read the database still cannot make one.
 */
export function createRecordIds(key: string) {
  const sign = (hash: string) => createHmac('sha256', key).update(hash).digest('base64url')
  return {
    hashOf(id: string): string {
      const [mark, hash = '', signature = ''] = id.split('~')
      if (mark !== '' || hash === '') return hashCredential(id)
      const expected = Buffer.from(sign(hash))
      const given = Buffer.from(signature)
      // Not one of ours: then it is an id like any other, of nothing.
      return given.length === expected.length && timingSafeEqual(given, expected) ? hash : hashCredential(id)
    },
    handleOf: (hash: string) => `~${hash}~${sign(hash)}`,
  }
}

export type RecordIds = ReturnType<typeof createRecordIds>
