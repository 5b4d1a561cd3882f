import { randomBytes } from 'node:crypto'
import { Secret } from '@grantry/oauth'
import fc from 'fast-check'
import { sql } from 'kysely'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { onlyProcess } from '../../../../test/support/only-process.ts'
import type { Db } from '../db/connect.ts'
import { vaultTables } from '../db/migrations/0000-vault.ts'
import { transaction } from '../db/transaction.ts'
import { deployment, prepareDeploymentKey } from './deployment.ts'
import { openVault } from './open-vault.ts'
import { localRootKey, type RootKey } from './root-key.ts'
import type { Place, Vault } from './vault.ts'

const random = (bytes: number) => randomBytes(bytes)
const newRootKey = () =>
  localRootKey(new Secret(randomBytes(32).toString('base64')), 'the test’s key', random)
const uuid = () => crypto.randomUUID()

eachDatabase('the database vault', (open) => {
  const rootKey = newRootKey()
  const time = { now: 1_800_000_000_000 }
  let ctx: Parameters<typeof openVault>[0]
  let db: Db
  let vault: Vault
  let place: Place

  const anotherProcess = async () => openVault({ ...ctx, db: await open() })

  beforeAll(async () => {
    db = await open()
    ctx = { db, rootKey, random, clock: { now: () => time.now }, invalidation: onlyProcess }
    vault = await openVault(ctx)
  })
  beforeEach(async () => {
    place = { workspace: uuid(), table: 'connections', row: uuid(), column: 'access_token', version: 1 }
    await (await vault.prepareDataKey(place.workspace)).insert(db)
  })

  const sealed = (text = 'ya29.token') => vault.seal(place, new Secret(text))
  const opened = async (record: Uint8Array, at = place, by = vault) => (await by.open(at, record)).expose()

  test('opens any text it sealed, in this process and in another', async () => {
    const other = await anotherProcess()
    const text = fc.string({ unit: 'binary', maxLength: 5_000 })
    await fc.assert(
      fc.asyncProperty(text, async (token) => {
        const record = await sealed(token)
        expect(await opened(record)).toBe(token)
        expect(await opened(record, place, other)).toBe(token)
      }),
      { numRuns: 50 },
    )
  })

  test('shows nothing of the text, and never seals it twice alike', async () => {
    const records = await Promise.all(Array.from({ length: 20 }, () => sealed('canary-3141592653')))
    for (const record of records) expect(Buffer.from(record).includes('canary')).toBe(false)
    expect(new Set(records.map((record) => Buffer.from(record).toString('hex'))).size).toBe(20)
  })

  test('will not seal what UTF-8 would change', async () => {
    await expect(sealed('broken \ud800')).rejects.toThrow(TypeError)
  })

  test('refuses a record with any byte changed, cut off or added', async () => {
    const record = await sealed()
    for (let index = 0; index < record.length; index++) {
      const changed = Uint8Array.from(record)
      changed[index]! ^= 1 << (index % 8)
      // The bytes of the key's id name another key then, which this workspace does not have.
      const code = index >= 1 && index < 17 ? 'vault_key_missing' : 'vault_tampered'
      await expect(vault.open(place, changed)).rejects.toMatchObject({ code })
      await expect(vault.open(place, record.subarray(0, index))).rejects.toMatchObject({
        code: 'vault_tampered',
      })
    }
    await expect(vault.open(place, Buffer.concat([record, record]))).rejects.toMatchObject({
      code: 'vault_tampered',
    })
  })

  test('refuses a record in any other place', async () => {
    const record = await sealed()
    const others = fc.record({
      table: fc.constantFrom('connections', 'integrations', 'connectionsaccess_token'),
      row: fc.constantFrom(place.row, uuid(), '', `${place.row}12:access_token`),
      column: fc.constantFrom('access_token', 'refresh_token', ''),
      version: fc.constantFrom(1, 0, 2, 11, -1),
    })
    await fc.assert(
      fc.asyncProperty(others, async (fields) => {
        const other = { ...place, ...fields }
        fc.pre(JSON.stringify(other) !== JSON.stringify(place))
        await expect(vault.open(other, record)).rejects.toMatchObject({ code: 'vault_tampered' })
      }),
    )
  })

  test('refuses a record in another workspace, also one given the same data key', async () => {
    const record = await sealed()
    const workspace = uuid()
    await (await vault.prepareDataKey(workspace)).insert(db)
    const moved = { ...place, workspace }
    await expect(vault.open(moved, record)).rejects.toMatchObject({ code: 'vault_key_missing' })
    const [key] = await db
      .selectFrom('data_keys')
      .selectAll()
      .where('workspace_id', '=', place.workspace)
      .execute()
    await db
      .insertInto('data_keys')
      .values({ ...key!, workspace_id: workspace })
      .execute()
    await expect(vault.open(moved, record)).rejects.toMatchObject({ code: 'vault_tampered' })
  })

  test('does not seal for a workspace without a key, nor for one whose creation failed', async () => {
    const nowhere = { ...place, workspace: uuid() }
    await expect(vault.seal(nowhere, new Secret('x'))).rejects.toMatchObject({ code: 'vault_key_missing' })
    const failed = transaction(db, async (tx) => {
      await (await vault.prepareDataKey(nowhere.workspace)).insert(tx)
      throw new Error('no workspace after all')
    })
    await expect(failed).rejects.toThrow('after all')
    await expect(vault.seal(nowhere, new Secret('x'))).rejects.toMatchObject({ code: 'vault_key_missing' })
    await (await vault.prepareDataKey(nowhere.workspace)).insert(db)
    expect(await opened(await vault.seal(nowhere, new Secret('x')), nowhere)).toBe('x')
  })

  test('opens nothing of a workspace whose data key was destroyed, and within a minute in no other process', async () => {
    const other = await anotherProcess()
    const record = await sealed()
    expect(await opened(record, place, other)).toBe('ya29.token')
    await transaction(db, (tx) => vault.destroyDataKey(tx, place.workspace))
    const destroyed = { code: 'vault_key_destroyed' }
    await expect(vault.open(place, record)).rejects.toMatchObject(destroyed)
    await expect(sealed()).rejects.toMatchObject(destroyed)
    time.now += 60_000
    await expect(other.open(place, record)).rejects.toMatchObject(destroyed)
    await expect(other.seal(place, new Secret('x'))).rejects.toMatchObject(destroyed)
  })

  describe.runIf(open.dialect === 'postgres')('while another transaction is open', () => {
    let another: Db
    beforeAll(async () => {
      another = await open()
    })
    const somebodyWaits = async () =>
      (
        await sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(
          db,
        )
      ).rows.length > 0

    test('that makes the deployment’s data key, nobody makes a second', async () => {
      let second: Promise<void>
      await transaction(db, async (tx) => {
        await prepareDeploymentKey({ db: tx, vault })
        second = prepareDeploymentKey({ db: another, vault })
        await expect.poll(somebodyWaits).toBe(true)
      })
      await second!
      const keys = db.selectFrom('data_keys').select('id').where('workspace_id', '=', deployment)
      expect(await keys.execute()).toHaveLength(1)
    })

    test('that has a key followed by another, both are destroyed', async () => {
      const { workspace } = place
      const next = await vault.prepareDataKey(workspace)
      let destroyed: Promise<number>
      await transaction(db, async (tx) => {
        await vault.rotateDataKey(tx, { workspace, next })
        destroyed = transaction(another, (other) => vault.destroyDataKey(other, workspace))
        await expect.poll(somebodyWaits).toBe(true)
      })
      expect(await destroyed!).toBe(2)
      await expect(sealed()).rejects.toMatchObject({ code: 'vault_key_destroyed' })
    })
  })

  test('refuses a data key that was swapped in the database', async () => {
    const record = await sealed()
    const workspace = uuid()
    await (await vault.prepareDataKey(workspace)).insert(db)
    const { wrapped } = await db
      .selectFrom('data_keys')
      .select('wrapped')
      .where('workspace_id', '=', workspace)
      .executeTakeFirstOrThrow()
    await db.updateTable('data_keys').set({ wrapped }).where('workspace_id', '=', place.workspace).execute()
    const other = await anotherProcess()
    await expect(other.open(place, record)).rejects.toMatchObject({ code: 'vault_tampered' })
    await expect(other.seal(place, new Secret('x'))).rejects.toMatchObject({ code: 'vault_tampered' })
  })

  test('binds a value to its workspace also where the root key binds nothing', async () => {
    const keys = { workspace_id: uuid(), id: uuid(), wrapped: randomBytes(32), root_key_id: rootKey.id }
    const open = { superseded_at: null, rotate_at: null, retired_at: null }
    const row = { ...keys, ...open, created_at: time.now, seals: 0 }
    const workspace = uuid()
    await db
      .insertInto('data_keys')
      .values([row, { ...row, workspace_id: workspace }])
      .execute()
    const loose: RootKey = {
      ...rootKey,
      // The key check is still the true one's.
      unwrap: async (bytes, purpose) =>
        bytes.length === 32 ? Uint8Array.from(bytes) : rootKey.unwrap(bytes, purpose),
    }
    const trusting = await openVault({ ...ctx, rootKey: loose })
    const mine = { ...place, workspace: row.workspace_id }
    const record = await trusting.seal(mine, new Secret('x'))
    expect(await opened(record, mine, trusting)).toBe('x')
    await expect(trusting.open({ ...mine, workspace }, record)).rejects.toMatchObject({
      code: 'vault_tampered',
    })
  })

  test('seals with the newest data key and opens with the one before', async () => {
    const old = await sealed('old')
    const next = await vault.prepareDataKey(place.workspace)
    await transaction(db, (tx) => vault.rotateDataKey(tx, { ...place, next }))
    const other = await anotherProcess()
    const fresh = await other.seal(place, new Secret('fresh'))
    expect(Buffer.from(fresh).subarray(1, 17)).not.toEqual(Buffer.from(old).subarray(1, 17))
    expect([await opened(old), await opened(fresh)]).toEqual(['old', 'fresh'])
  })

  test('a wrong root key is refused and changes nothing', async () => {
    const content = async () => [
      await db.selectFrom('vault_check').selectAll().execute(),
      await db.selectFrom('data_keys').selectAll().execute(),
    ]
    const before = await content()
    const failed = openVault({ ...ctx, rootKey: newRootKey() })
    await expect(failed).rejects.toMatchObject({
      code: 'wrong_root_key',
      message: /GRANTRY_ENCRYPTION_KEY/,
    })
    expect(await content()).toEqual(before)
  })

  test('a database whose key check is gone is not tied to another key', async () => {
    const [check] = await db.selectFrom('vault_check').selectAll().execute()
    await db.deleteFrom('vault_check').execute()
    await expect(openVault({ ...ctx, rootKey: newRootKey() })).rejects.toMatchObject({
      code: 'vault_tampered',
    })
    await db.insertInto('vault_check').values(check!).execute()
    await openVault(ctx)
  })
})

describe('first starts at once', () => {
  eachDatabase(
    'of a vault',
    (open) => {
      test('tie the database to one root key', async () => {
        const clock = { now: () => 1_800_000_000_000 }
        const keys = Array.from({ length: 6 }, newRootKey)
        const starts = await Promise.allSettled(
          keys.map(async (rootKey) =>
            openVault({ db: await open(), rootKey, random, clock, invalidation: onlyProcess }),
          ),
        )
        const winners = keys.filter((_key, index) => starts[index]!.status === 'fulfilled')
        expect(winners).toHaveLength(1)
        for (const start of starts)
          if (start.status === 'rejected') expect(start.reason).toMatchObject({ code: 'wrong_root_key' })
        await openVault({ db: await open(), rootKey: winners[0]!, random, clock, invalidation: onlyProcess })
      })
    },
    { migrations: [vaultTables] },
  )
})
