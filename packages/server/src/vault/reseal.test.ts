import { randomBytes } from 'node:crypto'
import { Secret } from '@grantry/oauth'
import { sql } from 'kysely'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { onlyProcess } from '../../../../test/support/only-process.ts'
import type { Db } from '../db/connect.ts'
import { insertSealedRows, readSealed, type SealedRow, writeSealed } from '../keyring/sealed-rows.fixture.ts'
import { sealedColumns } from '../sealed-columns.ts'
import { deployment } from '../vault/deployment.ts'
import { openVault } from './open-vault.ts'
import { type ResealOptions, resealWorkspace } from './reseal.ts'
import { localRootKey } from './root-key.ts'
import { countOtherForms, countSealedBy } from './sealed-values.ts'
import type { Vault } from './vault.ts'

const random = (bytes: number) => randomBytes(bytes)
const clock = { now: () => Date.now(), sleep: async () => {} }

eachDatabase('sealing anew', (open) => {
  let db: Db
  let vault: Vault
  let workspace: string
  let rows: SealedRow[]
  /** How many of them are the workspace's; the others are the deployment's. */
  let own: number

  const newestKey = async (of: string) => Buffer.from((await vault.form(of, { brief: false })).subarray(1))
  const keyIdOf = async (of: string) =>
    (await newestKey(of)).toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  const walk = (more: Partial<ResealOptions> = {}, over = vault) =>
    resealWorkspace(
      { db, vault: over, clock },
      { columns: sealedColumns, workspace, signal: new AbortController().signal, ...more },
    )
  const left = (of = workspace) => countOtherForms({ db, vault }, sealedColumns, of)
  const readAll = async () =>
    Promise.all(rows.map(async (row) => (await vault.open(row.place, await readSealed(db, row))).expose()))

  beforeAll(async () => {
    db = await open()
    const rootKey = localRootKey(new Secret(randomBytes(32).toString('base64')), 'the test’s key', random)
    const ctx = { db, rootKey, random, clock, invalidation: { ...onlyProcess, isComplete: () => false } }
    vault = await openVault(ctx)
    await (await vault.prepareDataKey(deployment)).insert(db)
  })
  beforeEach(async () => {
    workspace = crypto.randomUUID()
    for (const table of ['signing_keys', 'audit_keys']) await sql`delete from ${sql.table(table)}`.execute(db)
    await (await vault.prepareDataKey(workspace)).insert(db)
    rows = await insertSealedRows({ db, vault, dialect: open.dialect }, workspace)
    own = rows.filter(({ place }) => place.workspace === workspace).length
  })
  const rotate = async (of = workspace) => (await vault.prepareDataKey(of)).insert(db)

  test('reaches every sealed column, and each value stays what it was', async () => {
    const oldKey = await keyIdOf(workspace)
    expect(await countSealedBy(db, sealedColumns, { workspace, keyId: oldKey })).toBe(own)
    expect(await left()).toBe(0)
    await rotate()
    await rotate(deployment)
    expect(await left()).toBe(own)
    expect(await walk({ atOnce: 1 })).toEqual({ resealed: own, passed: 0, refused: 0 })
    expect(await walk({ workspace: deployment })).toEqual({
      resealed: rows.length - own,
      passed: 0,
      refused: 0,
    })
    expect(await left()).toBe(0)
    expect(await countSealedBy(db, sealedColumns, { workspace, keyId: oldKey })).toBe(0)
    expect(await readAll()).toEqual(rows.map(({ secret }) => secret.expose()))
    expect(await walk()).toEqual({ resealed: 0, passed: 0, refused: 0 })
  })

  test('leaves what was changed while it was being sealed', async () => {
    await rotate()
    const one = rows.find(({ column }) => column.column === 'refresh_token')!
    const changed = await vault.seal(one.place, new Secret('newer'))
    const meddling: Vault = {
      ...vault,
      async reseal(place, sealed, column) {
        const anew = await vault.reseal(place, sealed, column)
        if (place.column === 'refresh_token') await writeSealed(db, one, changed)
        return anew
      },
    }
    expect(await walk({}, meddling)).toMatchObject({ passed: 1 })
    expect((await vault.open(one.place, await readSealed(db, one))).expose()).toBe('newer')
  })

  test('goes on where it was cut off', async () => {
    await rotate()
    const stop = new AbortController()
    let batches = 0
    await walk({
      atOnce: 1,
      signal: stop.signal,
      onBatch: async () => {
        if (++batches === 3) stop.abort()
        return true
      },
    })
    const rest = await left()
    expect(rest).toBe(own - 3)
    expect(await walk({ atOnce: 2, onBatch: async () => false })).toMatchObject({ resealed: 1 })
    expect(await walk()).toMatchObject({ resealed: rest - 1 })
    expect(await readAll()).toEqual(rows.map(({ secret }) => secret.expose()))
  })

  test('two at once do each other no harm', async () => {
    await rotate()
    const [one, other] = await Promise.all([walk({ atOnce: 1 }), walk({ atOnce: 3 })])
    expect(one.resealed + other.resealed).toBe(own)
    expect(await readAll()).toEqual(rows.map(({ secret }) => secret.expose()))
  })

  test('keeps what does not open, and reaches its neighbours', async () => {
    await rotate()
    const one = rows.find(({ column }) => column.column === 'access_token')!
    const broken = await readSealed(db, one)
    broken[30]! ^= 1
    await writeSealed(db, one, broken)
    expect(await walk()).toEqual({ resealed: own - 1, passed: 0, refused: 1 })
    expect(await readSealed(db, one)).toEqual(broken)
    expect(await left()).toBe(1)
  })
})
