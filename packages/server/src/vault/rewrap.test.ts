import { randomBytes } from 'node:crypto'
import { Secret } from '@grantry/oauth'
import { beforeEach, expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { onlyProcess } from '../../../../test/support/only-process.ts'
import type { Db } from '../db/connect.ts'
import { vaultTables } from '../db/migrations/0000-vault.ts'
import { keyRotation } from '../db/migrations/0019-key-rotation.ts'
import { transaction } from '../db/transaction.ts'
import type { KeyCursor } from './data-keys.ts'
import { openVault } from './open-vault.ts'
import { localRootKey, type RootKey } from './root-key.ts'
import type { Vault } from './vault.ts'

const random = (bytes: number) => randomBytes(bytes)
const clock = { now: () => 1_800_000_000_000 }
const newRootKey = () =>
  localRootKey(new Secret(randomBytes(32).toString('base64')), 'the test’s key', random)

eachDatabase(
  'a root key that follows another',
  (open) => {
    let db: Db
    let former: RootKey
    let next: RootKey
    let places: { workspace: string; table: string; row: string; column: string; version: number }[]
    let sealed: Uint8Array[]

    /** A process that is started with these keys. */
    const start = (rootKey: RootKey, ...otherRootKeys: RootKey[]) =>
      openVault({ db, rootKey, otherRootKeys, random, clock, invalidation: onlyProcess })
    const appoint = async (vault: Vault, again = false) => {
      const prepared = await vault.rootKeys.prepareAppointment()
      return transaction(db, (tx) => prepared(tx, { again }))
    }
    const rewrapAll = async ({ rootKeys }: Vault) => {
      let after: KeyCursor | null = null
      do after = await rootKeys.rewrap({ after, limit: 2 })
      while (after)
    }
    const wrappedBy = async () => {
      const rows = await db.selectFrom('data_keys').select('root_key_id').distinct().execute()
      return rows.map(({ root_key_id }) => root_key_id)
    }
    const content = async () => [
      await db.selectFrom('vault_check').selectAll().execute(),
      await db.selectFrom('data_keys').selectAll().execute(),
    ]
    const expectAll = async (vault: Vault) => {
      for (const [index, place] of places.entries())
        expect((await vault.open(place, sealed[index]!)).expose()).toBe(place.workspace)
    }

    beforeEach(async () => {
      db = await open()
      await db.deleteFrom('data_keys').execute()
      await db.deleteFrom('vault_check').execute()
      former = newRootKey()
      next = newRootKey()
      const vault = await start(former)
      const fields = { table: 't', row: 'r', column: 'c', version: 1 }
      places = Array.from({ length: 5 }, () => ({ ...fields, workspace: crypto.randomUUID() }))
      for (const { workspace } of places) await (await vault.prepareDataKey(workspace)).insert(db)
      sealed = await Promise.all(places.map((place) => vault.seal(place, new Secret(place.workspace))))
    })

    test('is refused alone while the former wraps anything, and nothing is changed', async () => {
      const before = await content()
      await expect(start(next)).rejects.toMatchObject({ code: 'wrong_root_key', message: /GRANTRY_OTHER_/ })
      await expect(start(next, newRootKey())).rejects.toMatchObject({ code: 'wrong_root_key' })
      expect(await content()).toEqual(before)
      const vault = await start(next, former)
      expect(await appoint(vault)).toBe(former.id)
      await expect(start(next)).rejects.toMatchObject({
        message: `5 data keys are still wrapped by the root key ${former.id}, which is not given. Give it in GRANTRY_OTHER_ENCRYPTION_KEYS until all are re-wrapped (grantry vault status). Nothing was changed`,
      })
    })

    test('wraps everything, and then the former is not needed any more', async () => {
      const vault = await start(next, former)
      await expectAll(vault)
      await appoint(vault)
      expect(await vault.rootKeys.appointed()).toBe(next.id)
      await rewrapAll(vault)
      expect(await wrappedBy()).toEqual([next.id])
      await expectAll(await start(next))
      await expect(start(former)).rejects.toMatchObject({ code: 'wrong_root_key' })
    })

    test('is not taken back by processes that are still to be restarted, only at the operator’s word', async () => {
      // The new one was made known to all of them first.
      const old = await start(former, next)
      const vault = await start(next, former)
      expect(await appoint(vault)).toBe(former.id)
      await rewrapAll(vault)
      await expectAll(old)
      const restarted = await start(former, next)
      expect(await appoint(restarted)).toBeNull()
      expect(await restarted.rootKeys.appointed()).toBe(next.id)
      await expectAll(restarted)
      expect(await appoint(restarted, true)).toBe(next.id)
      await rewrapAll(restarted)
      expect(await wrappedBy()).toEqual([former.id])
      await expectAll(await start(former))
    })

    test('leaves a data key that was changed, and wraps its neighbours', async () => {
      const vault = await start(next, former)
      const key = () =>
        db.selectFrom('data_keys').selectAll().where('workspace_id', '=', places[2]!.workspace)
      const row = await key().executeTakeFirstOrThrow()
      const wrapped = Uint8Array.from(row.wrapped)
      wrapped[20]! ^= 1
      await db.updateTable('data_keys').set({ wrapped }).where('id', '=', row.id).execute()
      await rewrapAll(vault)
      const left = await db
        .selectFrom('data_keys')
        .select('id')
        .where('root_key_id', '=', former.id)
        .execute()
      expect(left).toEqual([{ id: row.id }])
      expect(Uint8Array.from((await key().executeTakeFirstOrThrow()).wrapped)).toEqual(wrapped)
    })

    test('a new root key that does not give back what it wraps replaces nothing', async () => {
      const before = (await content())[1]
      const broken = { ...next, wrap: async () => randomBytes(60) }
      const vault = await start({ ...broken, unwrap: async () => randomBytes(32) }, former)
      await expect(rewrapAll(vault)).rejects.toMatchObject({ code: 'wrong_root_key' })
      expect((await content())[1]).toEqual(before)
    })
  },
  { migrations: [vaultTables, keyRotation] },
)
