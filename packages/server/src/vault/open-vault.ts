import { Secret } from '@grantry/oauth'
import type { VaultMetrics } from '../metrics/vault.ts'
import { decrypt, encrypt, NONCE_BYTES } from './aes-gcm.ts'
import { contextBytes } from './context-bytes.ts'
import {
  type DataKey,
  type DataKeysContext,
  emptyDataKeys,
  prepareDataKey,
  readOpeningKey,
  readSealingKey,
  retireDataKey,
  rewrapDataKeys,
  rotateDataKey,
} from './data-keys.ts'
import { isUnreadable, VaultError, type VaultErrorCode } from './errors.ts'
import { createKeyCache, type Heard } from './key-cache.ts'
import { appointedRootKey, prepareAppointment, tieRootKey } from './key-check.ts'
import { createOutside } from './outside.ts'
import { createSealCount } from './seal-count.ts'
import { formOf, readPointer, readRecord, writeRecord } from './sealed-record.ts'
import { noStores, type Stores } from './stores/open-stores.ts'
import type { Place, Vault } from './vault.ts'

/** Unwrapping a data key again can take a call to the service that holds the root key. */
const KEY_LIFETIME_MS = 60_000
const KEYS_KEPT = 10_000
/** How much longer what is known is used while a back end or the root key's service is out of reach. */
export const GRACE_MS = 10 * 60_000

type Needs = DataKeysContext & {
  invalidation: Heard
  /** Back ends outside of the database; none by default. */
  stores?: Stores
  /** Told of each value that was sealed into its row and is to rest outside: it can be moved when its row is there. */
  onSealed?: (place: Place) => void
  /** Told how the keys are used. */
  use?: VaultMetrics
}

/**
 * The vault whose values are sealed under a data key per workspace. They go into their rows, sealed; where a back end outside
 * is configured, they are moved there from their rows ({@link Vault.reseal}), so that nothing waits for it that must not
 * be lost, and no transaction for a network. The tables must be there.
 * @throws {VaultError} wrong_root_key, before anything is changed; what the root key's service throws
 */
export async function openVault(ctx: Needs): Promise<Vault> {
  const { rootKey, otherRootKeys = [], stores = noStores, onSealed = () => {} } = ctx
  await tieRootKey(ctx.db, rootKey, () => ctx.clock.now(), otherRootKeys)
  const keys = createKeyCache<DataKey>(ctx, {
    lifetime: KEY_LIFETIME_MS,
    size: KEYS_KEPT,
    grace: GRACE_MS,
    use: ctx.use,
  })
  const outside = createOutside({ ...ctx, stores }, GRACE_MS)
  const sealingKey = (workspace: string) => keys.get(`${workspace}/`, () => readSealingKey(ctx, workspace))
  const openingKey = (workspace: string, id: string) =>
    keys.get(`${workspace}/${id}`, () => readOpeningKey(ctx, workspace, id))

  const count = createSealCount(ctx)
  const sealWith = ({ id, key }: DataKey, place: Place, secret: Secret): Uint8Array => {
    count({ workspace: place.workspace, id })
    const plain = Buffer.from(readText(secret))
    return writeRecord(id, encrypt(key, ctx.random(NONCE_BYTES), plain, placeContext(place, id)))
  }
  const sealHere = async (place: Place, secret: Secret) =>
    sealWith(await sealingKey(place.workspace), place, secret)
  const open: Vault['open'] = async (place, sealed) => {
    const refuse = (code: VaultErrorCode, cause?: unknown) => {
      const { workspace, table, row, column } = place
      const at = { workspace, table, row, column }
      ctx.onUnreadable?.(at, code)
      return new VaultError(
        code,
        `What is stored in ${table}.${column} of ${row} is not what was sealed for it`,
        {
          at,
          cause,
        },
      )
    }
    const refuseUnreadable = (error: unknown) => {
      // Of a data key that does not unwrap, the vault has told already.
      if (!isUnreadable(error) || error.at) throw error
      throw refuse(error.code, error)
    }
    const pointer = readPointer(sealed)
    const resting = pointer ? await outside.get(place, pointer).catch(refuseUnreadable) : sealed
    const record = readRecord(resting)
    if (!record || (pointer && pointer.keyId !== record.keyId)) throw refuse('vault_tampered')
    const { id, key } = await openingKey(place.workspace, record.keyId).catch(refuseUnreadable)
    const plain = decrypt(key, record.encrypted, placeContext(place, id))
    if (!plain) throw refuse('vault_tampered')
    const secret = new Secret(plain.toString())
    plain.fill(0)
    return secret
  }

  const remember = (place: Place) => {
    if (stores.wanted) onSealed(place)
  }

  return {
    async seal(place, secret) {
      const sealed = await sealHere(place, secret)
      remember(place)
      return sealed
    },
    open,
    async sealer(workspace) {
      const key = await sealingKey(workspace)
      return async (place, secret) => {
        if (place.workspace !== workspace) throw new TypeError('The value belongs to another workspace')
        const sealed = sealWith(key, place, secret)
        remember(place)
        return sealed
      }
    },
    form: async (workspace, { brief }) =>
      formOf((!brief && stores.wanted) || 'database', (await sealingKey(workspace)).id),
    async reseal(place, sealed, { brief }) {
      const secret = await open(place, sealed)
      const record = await sealHere(place, secret)
      const anew = !brief && stores.wanted ? await outside.put(stores.wanted, place, record) : record
      if ((await open(place, anew)).expose() !== secret.expose())
        throw new VaultError('vault_tampered', 'A value that was sealed anew does not open as it did')
      return anew
    },
    place: outside.place,
    prepareDataKey: (workspace, id) => prepareDataKey(ctx, workspace, id),
    rotateDataKey: (tx, key) => rotateDataKey(ctx, tx, key),
    retireDataKey: (tx, key) => retireDataKey(ctx, tx, key),
    async destroyDataKey(tx, workspace) {
      const destroyed = await emptyDataKeys(ctx, tx, workspace)
      keys.forget(`${workspace}/`)
      return destroyed
    },
    rootKeys: {
      id: rootKey.id,
      known: [rootKey, ...otherRootKeys].map(({ id }) => id),
      prepareAppointment: () => prepareAppointment(ctx, rootKey),
      appointed: () => appointedRootKey(ctx.db),
      rewrap: (options) => rewrapDataKeys(ctx, options),
    },
  }
}

function readText(secret: Secret): string {
  const text = secret.expose()
  // UTF-8 would change it silently.
  if (!text.isWellFormed()) throw new TypeError('A secret with lone surrogates cannot be sealed')
  return text
}

function placeContext({ workspace, table, row, column, version }: Place, keyId: string): Buffer {
  return contextBytes('grantry sealed value 1', keyId, workspace, table, row, column, String(version))
}
