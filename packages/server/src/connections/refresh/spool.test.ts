import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSpool } from './spool.ts'
import type { Kept } from './store.ts'

let data: string
let folder: string
let logged: string[]
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'grantry-spool-'))
  folder = join(data, 'spool')
  logged = []
})
afterEach(() => rm(data, { recursive: true, force: true }))

/** The spool as a process has it that starts now. */
const start = (where = folder) =>
  createSpool({ log: pino({ base: null }, { write: (line: string) => void logged.push(line) }) }, where)
const ids = (list: Kept[]) => list.map(({ id }) => id).sort()

const keptPair = (id: string, fields: Partial<Kept['tokens']> = {}): Kept => ({
  workspace_id: '019aa0f4-6800-7000-8000-0000000000aa',
  id,
  tokens: {
    received_at: 1_795_000_000_000,
    access_token: Uint8Array.of(0, 1, 254, 255),
    refresh_token: Uint8Array.from({ length: 400 }, (_, n) => n % 256),
    refresh_token_hash: 'hash',
    token_type: 'Bearer',
    scopes: '["read"]',
    expires_at: 1_795_003_600_000,
    lifetime: 3_600_000,
    refresh_lifetime: null,
    ...fields,
  },
})

test('what was put is there for a process that starts later, byte for byte', async () => {
  const full = keptPair('one')
  const bare = keptPair('two', { refresh_token: null, scopes: null, expires_at: null, lifetime: null })
  const spool = start()
  await spool.put(full)
  await spool.put(bare)
  for (const reader of [spool, start()]) {
    const list = await reader.list()
    expect(list.sort((a, b) => a.id.localeCompare(b.id))).toEqual([full, bare])
  }
})

test('what was removed is gone, from memory and from the disk; to remove it again is no error', async () => {
  const spool = start()
  await spool.put(keptPair('one'))
  await spool.put(keptPair('two'))
  await spool.remove({ id: 'one' })
  await spool.remove({ id: 'one' })
  expect(ids(await spool.list())).toEqual(['two'])
  expect(ids(await start().list())).toEqual(['two'])
})

test('for the owner alone', async () => {
  await start().put(keptPair('one'))
  expect((await stat(folder)).mode & 0o777).toBe(0o700)
  expect((await stat(join(folder, 'one.json'))).mode & 0o777).toBe(0o600)
})

test('nothing is made until there is something to keep', async () => {
  expect(await start().list()).toEqual([])
  expect(await readdir(data)).toEqual([])
})

test('a process that died while it wrote left a part of a file: it is none', async () => {
  await start().put(keptPair('one'))
  const half = (await readFile(join(folder, 'one.json'), 'utf8')).slice(0, 50)
  await writeFile(join(folder, 'two.json.part'), half)
  expect(ids(await start().list())).toEqual(['one'])
  expect(logged).toEqual([])
})

test.each([
  ['breaks off', '{"version":1,"workspace_id":"w"'],
  ['is of a later version', '{"version":2}'],
  ['holds no tokens', '{"version":1,"workspace_id":"w","id":"broken"}'],
  ['is of another attempt than its name says', JSON.stringify({ ...keptPair('other'), version: 1 })],
  ['cannot be read at all', null],
])('a file that %s is left alone and told of once; the others are replayed', async (_, text) => {
  await start().put(keptPair('one'))
  const broken = join(folder, 'broken.json')
  if (text === null) await mkdir(broken)
  else await writeFile(broken, text)
  const spool = start()
  for (let look = 0; look < 3; look++) expect(ids(await spool.list())).toEqual(['one'])
  expect(logged.filter((line) => line.includes('broken.json'))).toHaveLength(1)
  expect(await readdir(folder)).toContain('broken.json')
})

test('of several processes on one folder the first replays a file; the others do not stumble over it', async () => {
  await start().put(keptPair('one'))
  const [first, second] = [start(), start()]
  expect(ids(await second.list())).toEqual(['one'])
  await first.list()
  await first.remove({ id: 'one' })
  expect(await second.list()).toEqual([])
  await second.put(keptPair('two'))
  expect(ids(await second.list())).toEqual(['two'])
  expect(logged).toEqual([])
})

test('a disk that takes nothing: the pair stays in memory, which is told of', async () => {
  // A file where the folder should be: for root, too, it cannot be written.
  await writeFile(folder, '')
  const spool = start()
  await spool.put(keptPair('one'))
  expect(await spool.list()).toEqual([keptPair('one')])
  expect(logged).toHaveLength(1)
  expect(JSON.parse(logged[0]!)).toMatchObject({ level: 50, attempt: 'one' })
  await spool.remove({ id: 'one' })
  expect(await spool.list()).toEqual([])
})
