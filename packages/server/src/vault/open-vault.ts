import { Secret } from '@grantry/oauth'
import type { VaultUse } from '../metrics/vault-use.ts'
import { decrypt, encrypt, NONCE_BYTES } from './aes-gcm.ts'
import { contextBytes } from './context-bytes.ts'
import {
  type DataKey,
  type DataKeysContext,
  emptyDataKeys,
  insertDataKey,
  readOpeningKey,
  readSealingKey,
} from './data-keys.ts'
import { VaultError } from './errors.ts'
import { createKeyCache, type Heard } from './key-cache.ts'
import { tieRootKey } from './key-check.ts'
import { readRecord, writeRecord } from './sealed-record.ts'
import type { Place, Vault } from './vault.ts'

/** Unwrapping a data key again can take a call to the service that holds the root key. */
const KEY_LIFETIME_MS = 60_000
const KEYS_KEPT = 10_000

/**
 * The vault whose values rest in our own database, under a data key per workspace. The tables must be there.
 * @throws {VaultError} wrong_root_key, before anything is changed
 */
export async function openVault(
  ctx: DataKeysContext & { invalidation: Heard; use?: VaultUse },
): Promise<Vault> {
  await tieRootKey(ctx.db, ctx.rootKey, () => ctx.clock.now())
  const keys = createKeyCache<DataKey>(ctx, { lifetime: KEY_LIFETIME_MS, size: KEYS_KEPT, use: ctx.use })
  const sealingKey = (workspace: string) => keys.get(`${workspace}/`, () => readSealingKey(ctx, workspace))
  const openingKey = (workspace: string, id: string) =>
    keys.get(`${workspace}/${id}`, () => readOpeningKey(ctx, workspace, id))

  return {
    seal: async (place, secret) => sealWith(ctx, await sealingKey(place.workspace), place, secret),
    async sealer(workspace) {
      const key = await sealingKey(workspace)
      return async (place, secret) => {
        if (place.workspace !== workspace) throw new TypeError('The value belongs to another workspace')
        return sealWith(ctx, key, place, secret)
      }
    },
    async open(place, sealed) {
      const record = readRecord(sealed)
      if (!record) throw tampered(place)
      const { id, key } = await openingKey(place.workspace, record.keyId)
      const plain = decrypt(key, record.encrypted, placeContext(place, id))
      if (!plain) throw tampered(place)
      const secret = new Secret(plain.toString())
      plain.fill(0)
      return secret
    },
    // The record is the value: it goes with its row.
    forget: async () => {},
    createDataKey: (tx, workspace) => insertDataKey(ctx, tx, workspace),
    async destroyDataKey(tx, workspace) {
      await emptyDataKeys(ctx, tx, workspace)
      keys.forget(`${workspace}/`)
    },
  }
}

function sealWith(
  { random }: Pick<DataKeysContext, 'random'>,
  { id, key }: DataKey,
  place: Place,
  secret: Secret,
): Uint8Array {
  const text = secret.expose()
  // UTF-8 would change it silently.
  if (!text.isWellFormed()) throw new TypeError('A secret with lone surrogates cannot be sealed')
  return writeRecord(id, encrypt(key, random(NONCE_BYTES), Buffer.from(text), placeContext(place, id)))
}

function placeContext({ workspace, table, row, column, version }: Place, keyId: string): Buffer {
  return contextBytes('grantry sealed value 1', keyId, workspace, table, row, column, String(version))
}

function tampered({ table, row, column }: Place): VaultError {
  return new VaultError(
    'vault_tampered',
    `What is stored in ${table}.${column} of ${row} is not what was sealed for it`,
  )
}
