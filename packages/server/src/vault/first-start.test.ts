import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../../test/support/databases.ts'
import { openDatabase } from '../db/connect.ts'

const run = promisify(execFile)
const here = fileURLToPath(new URL('..', import.meta.url))

/** What a process does when it starts, up to its first workspace. */
const start = `
  import { randomBytes } from 'node:crypto'
  import { Secret } from '@grantry/oauth'
  import { openDatabase } from '${here}db/connect.ts'
  import { migrate } from '${here}db/migrate.ts'
  import { vaultTables } from '${here}db/migrations/0000-vault.ts'
  import { keyRotation } from '${here}db/migrations/0019-key-rotation.ts'
  import { transaction } from '${here}db/transaction.ts'
  import { openVault } from '${here}vault/open-vault.ts'
  import { localRootKey } from '${here}vault/root-key.ts'
  const db = await openDatabase(process.env.DATABASE)
  const applied = await migrate(db, [vaultTables, keyRotation], Date.now)
  const rootKey = localRootKey(new Secret(process.env.KEY), 'KEY', randomBytes)
  const vault = await openVault({ db, rootKey, random: randomBytes, clock: { now: Date.now }, invalidation: { isComplete: () => true, onChange() {} } })
  const place = { workspace: crypto.randomUUID(), table: 't', row: 'r', column: 'c', version: 1 }
  for (let round = 0; round < 20; round++) {
    place.workspace = crypto.randomUUID()
    await (await vault.prepareDataKey(place.workspace)).insert(db)
    const sealed = await vault.seal(place, new Secret('token'))
    if ((await vault.open(place, sealed)).expose() !== 'token') throw new Error('not what was sealed')
  }
  await db.destroy()
  console.log(JSON.stringify(applied))
`

describe.each(['sqlite', 'postgres'] as const)(
  'processes that start at once on an empty database (%s)',
  (dialect) => {
    let database: TestDatabase
    beforeAll(async () => {
      database = await createTestDatabase(dialect)
    })
    afterAll(() => database?.drop())

    test('share the migrations and one root key, and all can seal and write', async () => {
      const environment = { ...process.env, DATABASE: database.url, KEY: randomBytes(32).toString('base64') }
      const starts = Array.from({ length: 3 }, () =>
        run(process.execPath, ['--input-type=module', '-e', start], { cwd: here, env: environment }),
      )
      const applied = (await Promise.all(starts)).flatMap(({ stdout }) => JSON.parse(stdout) as string[])
      expect(applied.sort()).toEqual(['0000-vault', '0019-key-rotation'])
      await using db = await openDatabase(database.url)
      expect(await db.selectFrom('vault_check').select('id').execute()).toHaveLength(1)
      expect(await db.selectFrom('data_keys').select('id').execute()).toHaveLength(60)
    })
  },
)
