import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Secret } from '@grantry/oauth'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { onlyProcess } from '../../../../test/support/only-process.ts'
import { type Db, openDatabase } from '../db/connect.ts'
import { migrate } from '../db/migrate.ts'
import { vaultTables } from '../db/migrations/0000-vault.ts'
import { keyRotation } from '../db/migrations/0019-key-rotation.ts'
import { openVault } from './open-vault.ts'
import { makeRootKey, readOtherRootKeys, readRootKey, whereRootKeyIs } from './root-key-file.ts'

const random = (bytes: number) => randomBytes(bytes)
const clock = { now: () => 1_800_000_000_000 }
const newKey = () => randomBytes(32).toString('base64')

let folder: string
let dataDir: string
let db: Db
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'grantry-test-'))
  dataDir = join(folder, 'data')
  db = await openDatabase('sqlite::memory:')
})
afterEach(async () => {
  await db.destroy()
  rmSync(folder, { recursive: true })
})

const inDataDir = () => ({ dataDir, rootKey: { from: 'data-dir' } as const })
const inFile = (path: string) => ({ dataDir, rootKey: { from: 'file', path } as const })

function keyFile(mode: number, text = newKey()): string {
  const path = join(folder, 'given.key')
  writeFileSync(path, text, { mode })
  return path
}

test('a key of the environment is read, and no file made', async () => {
  const config = { dataDir, rootKey: { from: 'environment', key: new Secret(newKey()) } as const }
  expect((await readRootKey(config, random))?.id).toMatch(/^[0-9a-f]{16}$/)
  const short = { dataDir, rootKey: { from: 'environment', key: new Secret('c2hvcnQ=') } as const }
  await expect(readRootKey(short, random)).rejects.toMatchObject({ code: 'root_key_invalid' })
  expect(existsSync(dataDir)).toBe(false)
})

test('a key file is read when only its owner can', async () => {
  const key = newKey()
  const id = (await readRootKey(inFile(keyFile(0o600, `${key}\n`)), random))?.id
  expect(id).toBe(
    (await readRootKey({ dataDir, rootKey: { from: 'environment', key: new Secret(key) } }, random))?.id,
  )
})

test('others beside it are read the same way, and each must be there', async () => {
  const key = newKey()
  const path = keyFile(0o600, key)
  const given = [{ from: 'environment', key: new Secret(key) } as const, { from: 'file', path } as const]
  const [one, other] = await readOtherRootKeys({ otherRootKeys: given }, random)
  expect(one?.id).toBe(other?.id)
  const missing = { otherRootKeys: [{ from: 'file', path: `${path}.gone` } as const] }
  await expect(readOtherRootKeys(missing, random)).rejects.toMatchObject({
    code: 'root_key_missing',
    message: /GRANTRY_OTHER_ENCRYPTION_KEY_FILES/,
  })
})

test.each([0o640, 0o604, 0o622, 0o601])(
  'a key file of mode %o is refused with the command that helps',
  async (mode) => {
    const path = keyFile(0o600)
    chmodSync(path, mode)
    const refused = readRootKey(inFile(path), random)
    await expect(refused).rejects.toMatchObject({
      code: 'root_key_exposed',
      message: expect.stringContaining(`chmod 600 ${path}`),
    })
  },
)

test('the operator is told where the key is, and never what it is', () => {
  const key = newKey()
  const where = [
    { from: 'data-dir' as const },
    { from: 'file' as const, path: '/run/root.key' },
    { from: 'kms' as const, keyId: 'alias/grantry' },
    { from: 'environment' as const, key: new Secret(key) },
  ].map((rootKey) => whereRootKeyIs({ dataDir, rootKey }))
  expect(where).toEqual([
    join(dataDir, 'root.key'),
    '/run/root.key',
    'AWS KMS (alias/grantry)',
    'GRANTRY_ENCRYPTION_KEY',
  ])
})

test('a key file that is not there, or is a folder, is refused', async () => {
  const code = { code: 'root_key_missing' }
  await expect(readRootKey(inFile(join(folder, 'none')), random)).rejects.toMatchObject(code)
  const nowhere = join(keyFile(0o600), 'below-a-file')
  await expect(readRootKey(inFile(nowhere), random)).rejects.toMatchObject(code)
})

test('a new installation makes one key file, which only its owner can read', async () => {
  expect(await readRootKey(inDataDir(), random)).toBeNull()
  expect(existsSync(dataDir)).toBe(false)
  const all = await Promise.all(Array.from({ length: 8 }, () => makeRootKey(db, inDataDir(), random)))
  expect(new Set(all.map(({ id }) => id)).size).toBe(1)
  expect((await readRootKey(inDataDir(), random))?.id).toBe(all[0]!.id)
  expect(readdirSync(dataDir)).toEqual(['root.key'])
  expect((statSync(join(dataDir, 'root.key')).mode & 0o777).toString(8)).toBe('600')
  expect(Buffer.from(readFileSync(join(dataDir, 'root.key'), 'utf8'), 'base64')).toHaveLength(32)
})

test('a key that another process made meanwhile is taken, not replaced', async () => {
  mkdirSync(dataDir)
  const first = newKey()
  const rootKey = await makeRootKey(db, inDataDir(), (bytes) => {
    writeFileSync(join(dataDir, 'root.key'), first, { mode: 0o600 })
    return random(bytes)
  })
  expect(readFileSync(join(dataDir, 'root.key'), 'utf8')).toBe(first)
  expect((await readRootKey(inDataDir(), random))?.id).toBe(rootKey.id)
  expect(readdirSync(dataDir)).toEqual(['root.key'])
})

test('no new key is made beside a database that was sealed with one', async () => {
  await migrate(db, [vaultTables, keyRotation], clock.now)
  const rootKey = await makeRootKey(db, inDataDir(), random)
  await openVault({ db, rootKey, random, clock, invalidation: onlyProcess })
  expect((await makeRootKey(db, inDataDir(), random)).id).toBe(rootKey.id)

  rmSync(join(dataDir, 'root.key'))
  const refused = makeRootKey(db, inDataDir(), random)
  await expect(refused).rejects.toMatchObject({ code: 'root_key_missing', message: /root\.key is gone/ })
  expect(readdirSync(dataDir)).toEqual([])
})

test('nor beside one whose key check is gone too', async () => {
  await migrate(db, [vaultTables, keyRotation], clock.now)
  const rootKey = await makeRootKey(db, inDataDir(), random)
  const vault = await openVault({ db, rootKey, random, clock, invalidation: onlyProcess })
  await (await vault.prepareDataKey(crypto.randomUUID())).insert(db)
  await db.deleteFrom('vault_check').execute()
  rmSync(join(dataDir, 'root.key'))
  await expect(makeRootKey(db, inDataDir(), random)).rejects.toMatchObject({ code: 'root_key_missing' })
})
