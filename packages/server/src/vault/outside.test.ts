import { randomBytes } from 'node:crypto'
import { Secret } from '@grantry/oauth'
import { sql } from 'kysely'
import { pino } from 'pino'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { onlyProcess } from '../../../../test/support/only-process.ts'
import type { Db } from '../db/connect.ts'
import { transaction } from '../db/transaction.ts'
import { findUnmoved, moveOut } from '../keyring/move-out.ts'
import { insertSealedRows, readSealed, type SealedRow, writeSealed } from '../keyring/sealed-rows.fixture.ts'
import { sealedColumns } from '../sealed-columns.ts'
import { deployment } from './deployment.ts'
import { VaultError, type VaultErrorCode } from './errors.ts'
import { createMoves, type Moves } from './moves.ts'
import { openVault } from './open-vault.ts'
import { resealWorkspace } from './reseal.ts'
import { localRootKey } from './root-key.ts'
import { readPointer } from './sealed-record.ts'
import { countOtherForms, countSealedBy } from './sealed-values.ts'
import type { Stores } from './stores/open-stores.ts'
import { type BackEnd, keepMs, nameOf } from './stores/secret-store.ts'
import { type ItemSweep, sweepItems } from './sweep-items.ts'
import type { Vault } from './vault.ts'

const random = (bytes: number) => randomBytes(bytes)
const start = 1_800_000_000_000
const kept = sealedColumns.filter(({ brief }) => !brief)

const damaged = (record: Uint8Array) => record.map((byte, at) => (at === record.length - 1 ? byte ^ 1 : byte))

eachDatabase('values outside', (open) => {
  let db: Db
  let time: number
  let vault: Vault
  let moves: Moves
  let workspace: string
  let rows: SealedRow[]
  let stores: Stores
  let fault: VaultErrorCode | null
  /** What is in both back ends, by name. */
  const held = new Map<string, Uint8Array>()
  const gets: string[] = []

  const clock = { now: () => time, sleep: async () => {} }
  const log = pino({ level: 'silent' })
  const rootKey = localRootKey(new Secret(randomBytes(32).toString('base64')), 'the test’s key', random)

  const act = async <Result>(work: () => Result) => {
    if (fault) throw new VaultError(fault, 'as the test says')
    return work()
  }
  const storesFor = (wanted: BackEnd | null): Stores => ({
    wanted,
    open: async (kind) => ({
      put: (item, record) => act(() => void held.set(nameOf(kind, item), record)),
      get: (item) =>
        act(() => {
          gets.push(item.id)
          return held.get(nameOf(kind, item)) ?? null
        }),
      remove: (item) => act(() => void held.delete(nameOf(kind, item))),
      check: () => act(() => {}),
      renew: async () => {},
      close: async () => {},
    }),
    renew: async () => {},
    close: async () => {},
  })
  /** A process that has nothing in memory. */
  const newVault = async (wanted: BackEnd | null = stores.wanted) => {
    stores = storesFor(wanted)
    moves = createMoves({ clock })
    return openVault({
      db,
      rootKey,
      random,
      clock,
      invalidation: onlyProcess,
      stores,
      onSealed: moves.add,
    })
  }
  const readAll = async (by = vault) =>
    Promise.all(rows.map(async (row) => (await by.open(row.place, await readSealed(db, row))).expose()))
  const secrets = () => rows.map(({ secret }) => secret.expose())
  const move = () => moveOut({ clock, db, moves, stores, vault })
  const items = () => db.selectFrom('vault_items').selectAll().orderBy('id').execute()
  const sweeping: ItemSweep = { after: null }
  const sweep = () => sweepItems({ clock, db, log, stores }, sealedColumns, sweeping)
  const rowOf = (table: string, column: string) =>
    rows.find((row) => row.column.table === table && row.column.column === column)!
  const walk = async (of: string) =>
    resealWorkspace(
      { db, vault, clock },
      { columns: sealedColumns, workspace: of, signal: new AbortController().signal },
    )

  beforeAll(async () => {
    db = await open()
  })
  beforeEach(async () => {
    time = start
    fault = null
    held.clear()
    gets.length = 0
    for (const table of ['vault_items', 'signing_keys', 'audit_keys'] as const)
      await db.deleteFrom(table).execute()
    vault = await newVault('openbao')
    workspace = crypto.randomUUID()
    for (const of of [workspace, deployment]) {
      await sql`delete from data_keys where workspace_id = ${of}`.execute(db)
      await (await vault.prepareDataKey(of)).insert(db)
    }
    rows = await insertSealedRows({ db, vault, dialect: open.dialect }, workspace)
  })

  test('what was sealed moves out of its row, and opens there as it did here', async () => {
    expect(held.size).toBe(0)
    await move()
    // One of two columns whose places are alike is found by the walk.
    await walk(workspace)
    expect(held.size).toBe(kept.length)
    expect(moves.size).toBe(0)
    for (const row of rows) {
      const sealed = await readSealed(db, row)
      expect(readPointer(sealed) === null).toBe(row.column.brief)
    }
    expect(await readAll()).toEqual(secrets())
    expect(await readAll(await newVault())).toEqual(secrets())
    // Where they rest, a data key that seals them is in use.
    const own = rows.filter(({ place }) => place.workspace === workspace)
    const { keyId } = readPointer(await readSealed(db, own.find(({ column }) => !column.brief)!))!
    expect(await countSealedBy(db, sealedColumns, { workspace, keyId })).toBe(own.length)
    const dump = Buffer.concat([...held.values()]).toString('latin1')
    for (const secret of secrets()) expect(dump).not.toContain(secret)
  })

  test('a value outside opens for its own place only, and only as it was put there', async () => {
    await move()
    const [one, other] = [rowOf('token_requests', 'access_token'), rowOf('token_requests', 'refresh_token')]
    const sealed = await readSealed(db, one)
    await expect(vault.open(other.place, sealed)).rejects.toMatchObject({ code: 'vault_tampered' })
    for (let index = 0; index < sealed.length; index++) {
      const changed = Uint8Array.from(sealed)
      changed[index]! ^= 1 << (index % 8)
      await expect((await newVault()).open(one.place, changed)).rejects.toMatchObject({
        code: expect.stringMatching(/^vault_(tampered|item_missing)$/),
      })
    }
    for (const [name, record] of held) held.set(name, damaged(record))
    await expect((await newVault()).open(one.place, sealed)).rejects.toMatchObject({ code: 'vault_tampered' })
    held.clear()
    await expect((await newVault()).open(one.place, sealed)).rejects.toMatchObject({
      code: 'vault_item_missing',
    })
  })

  test('waits in its row while the back end is away, and until the row is there', async () => {
    fault = 'vault_unavailable'
    await expect(move()).rejects.toMatchObject({ code: 'vault_unavailable' })
    expect(await readAll()).toEqual(secrets())
    fault = null
    const one = rowOf('revocations', 'token')
    await db.deleteFrom('revocations').execute()
    time += 5000
    await move()
    expect(moves.size).toBe(1)
    const { row } = one
    await sql`insert into revocations (${sql.join(Object.keys(row).map((name) => sql.ref(name)))})
      values (${sql.join(Object.values(row))})`.execute(db)
    time += 2000
    await move()
    expect(moves.size).toBe(0)
    expect(readPointer(await readSealed(db, one))).not.toBeNull()
    // A transaction that was given up.
    moves.add({ ...one.place, row: crypto.randomUUID() })
    for (let tries = 0; tries < 6; tries++) {
      await move()
      time += 60_000
    }
    expect(moves.size).toBe(0)
  })

  test('waits for as long as the back end is away, whatever else is tried before it', async () => {
    fault = 'vault_unavailable'
    for (let tries = 0; tries < 8; tries++) {
      await expect(move()).rejects.toMatchObject({ code: 'vault_unavailable' })
      time += 60_000
    }
    fault = null
    await move()
    for (const column of ['access_token', 'refresh_token'])
      expect(readPointer(await readSealed(db, rowOf('token_requests', column))), column).not.toBeNull()
  })

  test('what the back end gives back otherwise than it was put there is not moved', async () => {
    const usual = stores.open
    stores.open = async (kind) => {
      const store = await usual(kind)
      return { ...store, put: (item, record) => store.put(item, damaged(record)) }
    }
    await move().catch(() => {})
    await walk(workspace)
    for (const row of rows) expect(readPointer(await readSealed(db, row))).toBeNull()
    expect(await readAll()).toEqual(secrets())
    stores.open = usual
  })

  test('what was changed while it was being moved is left', async () => {
    const one = rowOf('integrations', 'client_secret')
    const newer = Uint8Array.from(await vault.seal(one.place, new Secret('newer')))
    const usual = stores.open
    stores.open = async (kind) => {
      const store = await usual(kind)
      return {
        ...store,
        async put(item, record) {
          await store.put(item, record)
          if (item.place.table !== 'integrations') return
          await writeSealed(db, one, newer)
          moves.add(one.place)
        },
      }
    }
    await move()
    expect(await readSealed(db, one)).toEqual(newer)
    stores.open = usual
    expect(moves.size).toBe(1)
    time += 60_000
    await move()
    expect((await vault.open(one.place, await readSealed(db, one))).expose()).toBe('newer')
    expect(readPointer(await readSealed(db, one))).not.toBeNull()
    await sweep()
    expect((await items()).filter(({ orphaned_at }) => orphaned_at !== null)).toMatchObject([
      { table_name: 'integrations' },
    ])
  })

  test('while the back end is away, what was read before is used for ten more minutes', async () => {
    await move()
    const one = rowOf('token_requests', 'access_token')
    const sealed = await readSealed(db, one)
    const read = async () => (await vault.open(one.place, sealed)).expose()
    vault = await newVault()
    await read()
    await read()
    expect(gets.length).toBe(kept.length)
    fault = 'vault_unavailable'
    time += 60_000
    expect(await read()).toBe(one.secret.expose())
    time += 10 * 60_000 - 1
    expect(await read()).toBe(one.secret.expose())
    time += 1
    await expect(read()).rejects.toMatchObject({ code: 'vault_unavailable' })
    fault = null
    expect(await read()).toBe(one.secret.expose())
  })

  test('a back end that refuses ends what was read before within a minute', async () => {
    await move()
    const one = rowOf('token_requests', 'access_token')
    const sealed = await readSealed(db, one)
    await vault.open(one.place, sealed)
    fault = 'vault_refused'
    time += 60_000
    await expect(vault.open(one.place, sealed)).rejects.toMatchObject({ code: 'vault_refused' })
    fault = 'vault_unavailable'
    await expect(vault.open(one.place, sealed)).rejects.toMatchObject({ code: 'vault_unavailable' })
  })

  test('everything moves from one back end to another, under another key, and home again', async () => {
    const own = rows.filter(({ column, place }) => !column.brief && place.workspace === workspace).length
    for (const [wanted, count] of [
      ['aws-secrets-manager', kept.length],
      ['openbao', kept.length],
      [null, 0],
    ] as const) {
      vault = await newVault(wanted)
      expect(await countOtherForms({ db, vault }, sealedColumns, workspace)).toBe(own)
      for (const of of [workspace, deployment]) expect((await walk(of)).refused).toBe(0)
      expect(await countOtherForms({ db, vault }, sealedColumns, workspace)).toBe(0)
      expect(await readAll(await newVault())).toEqual(secrets())
      for (let step = 0; step < 2; step++) {
        await sweep()
        time += keepMs.openbao
      }
      await sweep()
      expect([...held.keys()].filter((name) => name.startsWith(wanted ?? 'none')).length).toBe(count)
      expect(held.size).toBe(count)
      expect(await readAll(await newVault())).toEqual(secrets())
    }
    expect(await items()).toEqual([])
  })

  test('what no row points at is removed after its time, and nothing else', async () => {
    await walk(workspace)
    await walk(deployment)
    const all = kept.length
    time += keepMs.openbao * 2
    await sweep()
    expect((await items()).filter(({ orphaned_at }) => orphaned_at !== null)).toEqual([])
    // Another row, another value, and a value that went to the next column of its row.
    await db.deleteFrom('revocations').where('workspace_id', '=', workspace).execute()
    await db
      .updateTable('token_requests')
      .set({ access_token: null })
      .where('workspace_id', '=', workspace)
      .execute()
    const { secret } = await db
      .selectFrom('webhook_endpoints')
      .select('secret')
      .where('workspace_id', '=', workspace)
      .executeTakeFirstOrThrow()
    await db
      .updateTable('webhook_endpoints')
      .set({ old_secret: secret, secret: Uint8Array.of(1) })
      .where('workspace_id', '=', workspace)
      .execute()
    await sweep()
    const orphans = (await items()).filter(({ orphaned_at }) => orphaned_at !== null)
    expect(orphans.map(({ table_name, column_name }) => `${table_name}.${column_name}`).sort()).toEqual([
      'revocations.token',
      'token_requests.access_token',
      'webhook_endpoints.secret',
    ])
    time += keepMs.openbao - 1
    await sweep()
    expect(held.size).toBe(all)
    time += 1
    await sweep()
    expect(held.size).toBe(all - 3)
    expect((await items()).length).toBe(all - 3)
  })

  test('what is of a column that this version does not know of stays, for one that does', async () => {
    const item = {
      workspace_id: workspace,
      id: crypto.randomUUID(),
      back_end: 'openbao' as const,
      row_id: crypto.randomUUID(),
      created_at: time,
      placed_at: time,
      orphaned_at: null,
    }
    await db
      .insertInto('vault_items')
      .values([
        { ...item, table_name: 'token_requests', column_name: 'of_tomorrow' },
        { ...item, id: crypto.randomUUID(), table_name: 'of_tomorrow', column_name: 'sealed' },
      ])
      .execute()
    await sweep()
    expect((await items()).map(({ orphaned_at }) => orphaned_at)).toEqual([null, null])
  })

  test('values that were too many to be kept in mind are walked to, when the database takes it', async () => {
    const one = rowOf('integrations', 'client_secret')
    const full = createMoves({ clock }, 0)
    full.add(one.place)
    const away = {
      selectFrom() {
        throw new Error('away')
      },
    } as never
    const asked = db.selectFrom('reseals').select('workspace_id').where('workspace_id', '=', workspace)
    await expect(moveOut({ clock, db: away, moves: full, stores, vault })).rejects.toThrow('away')
    await moveOut({ clock, db, moves: full, stores, vault })
    expect(await asked.execute()).toHaveLength(1)
    await db.deleteFrom('reseals').execute()
  })

  test('what is to be removed is shared by those who sweep, all of it, however much it is', async () => {
    const many = Array.from({ length: 250 }, () => crypto.randomUUID())
    await db
      .insertInto('vault_items')
      .values(
        many.map((id) => ({
          workspace_id: workspace,
          id,
          back_end: 'openbao' as const,
          table_name: 'integrations',
          row_id: id,
          column_name: 'client_secret',
          created_at: time,
          placed_at: time,
          orphaned_at: time - keepMs.openbao,
        })),
      )
      .execute()
    const removed: string[] = []
    const usual = stores.open
    stores.open = async (kind) => ({
      ...(await usual(kind)),
      remove: async ({ id }) => void removed.push(id),
    })
    await Promise.all([sweep(), sweep()])
    expect(removed.toSorted()).toEqual(many.toSorted())
    expect(await items()).toEqual([])
  })

  test('what one could not remove is removed later', async () => {
    await move()
    await db.deleteFrom('revocations').where('workspace_id', '=', workspace).execute()
    await sweep()
    time += keepMs.openbao
    const all = held.size
    fault = 'vault_unavailable'
    await sweep()
    fault = null
    time += 120_000
    await sweep()
    expect(held.size).toBe(all - 1)
  })

  test.runIf(open.dialect === 'postgres')('a row that somebody is changing is moved after that', async () => {
    const one = rowOf('integrations', 'client_secret')
    const lockedMove = (ms: number) =>
      transaction(db, async (tx) => {
        await sql`select 1 from integrations where workspace_id = ${workspace} for update`.execute(tx)
        time += ms
        await move()
      })
    await lockedMove(0)
    expect(moves.size).toBe(1)
    for (const ms of [500, 2000, 10_000, 60_000]) await lockedMove(ms)
    expect(moves.size).toBe(0)
    expect(readPointer(await readSealed(db, one))).toBeNull()
    const asked = db.selectFrom('reseals').selectAll().where('workspace_id', '=', workspace)
    expect(await asked.execute()).toHaveLength(1)
    await db.deleteFrom('reseals').execute()
  })

  test('the first values of a workspace that were not moved before a kill are looked for at the next start', async () => {
    const insert = (id: string, created_at: number) =>
      sql`insert into workspaces
        (id, name, allowed_origins, return_urls, allow_direct_links, quotas, created_at)
        values (${id}, 'one', '[]', '[]', 0, '{}', ${created_at})`.execute(db)
    const before = crypto.randomUUID()
    const since = crypto.randomUUID()
    await insert(before, start - 1)
    await insert(since, start + 1)
    await move()
    await findUnmoved({ clock, db, stores })
    const asked = await db.selectFrom('reseals').select('workspace_id').execute()
    const ids = asked.map(({ workspace_id }) => workspace_id)
    expect([workspace, before, since].map((id) => ids.includes(id))).toEqual([true, false, true])
    await db.deleteFrom('reseals').execute()
    await db.deleteFrom('workspaces').where('id', 'in', [before, since]).execute()
  })

  test('what is never put into its row is given up after an hour, and cannot be put there then', async () => {
    const one = rowOf('integrations', 'client_secret')
    const sealed = await readSealed(db, one)
    const late = await vault.reseal(one.place, sealed, one.column)
    const inTime = await vault.reseal(one.place, sealed, one.column)
    time += 3_600_000
    await sweep()
    expect(await transaction(db, (tx) => vault.place(tx, one.place, inTime))).toBe(true)
    time += 1
    await sweep()
    expect(await transaction(db, (tx) => vault.place(tx, one.place, late))).toBe(false)
    expect(held.size).toBe(2)
  })
})
