import { randomBytes } from 'node:crypto'
import { Secret } from '@grantry/oauth'
import type { Transaction } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../../test/support/databases.ts'
import { onlyProcess } from '../../../../test/support/only-process.ts'
import { system } from '../audit/event.ts'
import { type Db, openDatabase } from '../db/connect.ts'
import type { Database } from '../db/schema.ts'
import { transaction } from '../db/transaction.ts'
import { deployment, prepareDeploymentKey } from '../vault/deployment.ts'
import { openVault } from '../vault/open-vault.ts'
import { localRootKey, type RootKey } from '../vault/root-key.ts'
import { bootstrapWorkspace, firstWorkspace } from '../workspaces/bootstrap.ts'
import { createWorkspace } from '../workspaces/create.ts'
import { appointRootKey } from './rewrap.ts'
import { rotateDataKey } from './rotate.ts'

const random = (bytes: number) => randomBytes(bytes)
const clock = { now: () => Date.now(), sleep: async () => {} }

let database: TestDatabase
let db: Db
let rootKey: RootKey
/** While it is set, whatever is to be wrapped waits, as for a service that does not answer. */
let held: { reached: () => void; released: Promise<void> } | null = null

function slowRootKey(): RootKey {
  const key = localRootKey(new Secret(randomBytes(32).toString('base64')), 'the test’s key', random)
  return {
    ...key,
    async wrap(plain, purpose) {
      held?.reached()
      await held?.released
      return key.wrap(plain, purpose)
    },
  }
}

async function start(by: RootKey, ...otherRootKeys: RootKey[]) {
  const invalidation = {
    ...onlyProcess,
    change: (_: string, work: (tx: Transaction<Database>) => Promise<unknown>) => transaction(db, work),
    close: async () => {},
  }
  const vault = await openVault({ db, rootKey: by, otherRootKeys, random, clock, invalidation })
  return { db, vault, random, clock, invalidation, config: { bootstrapApiKey: null } } as never
}

beforeAll(async () => {
  database = await createTestDatabase('sqlite', 'migrated')
  db = await openDatabase(database.url)
  rootKey = slowRootKey()
})
afterAll(async () => {
  await db?.destroy()
  await database?.drop()
})

const keysOf = async (workspace: string) =>
  (await db.selectFrom('data_keys').select('id').where('workspace_id', '=', workspace).execute()).length

// In this order: each needs what the one before made.
test.each<[string, () => Promise<() => Promise<unknown>>]>([
  [
    'the first start',
    async () => {
      const ctx = await start(rootKey)
      return () => bootstrapWorkspace(ctx)
    },
  ],
  [
    'the deployment’s own data key',
    async () => {
      const ctx = await start(rootKey)
      return () => prepareDeploymentKey(ctx)
    },
  ],
  [
    'another workspace',
    async () => {
      const ctx = await start(rootKey)
      return () => createWorkspace(ctx, { name: 'another', actor: system })
    },
  ],
  [
    'a data key that follows',
    async () => {
      const ctx = await start(rootKey)
      return () => rotateDataKey(ctx, firstWorkspace, { actor: system, reason: 'requested' })
    },
  ],
  [
    'a root key that follows',
    async () => {
      const ctx = await start(slowRootKey(), rootKey)
      return () => appointRootKey(ctx, { again: false, actor: system })
    },
  ],
])('while %s waits for the root key’s service, others write', async (_, prepare) => {
  const begin = await prepare()
  const rows = async () => [
    await db.selectFrom('data_keys').select('id').execute(),
    await db.selectFrom('vault_check').select('id').execute(),
  ]
  const before = (await rows()).flat().length
  const { promise: reached, resolve: reach } = Promise.withResolvers<void>()
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  held = { reached: reach, released }
  const work = begin()
  await reached
  await db.updateTable('workspaces').set({ color: 'teal' }).execute()
  expect((await rows()).flat()).toHaveLength(before)
  release()
  held = null
  await work
  expect((await rows()).flat()).toHaveLength(before + 1)
})

test('each has what it needs, once', async () => {
  expect([await keysOf(deployment), await keysOf(firstWorkspace)]).toEqual([1, 2])
})
