import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createHome, runCli } from '../../../../test/support/cli.ts'
import { readConfig } from '../../../server/src/config.ts'
import { readEnvFile } from '../env-file.ts'

const init = async (args: string[], before?: string) => {
  const home = await createHome()
  const path = join(home, '.env')
  if (before !== undefined) await writeFile(path, before)
  const { code, stdout, stderr } = await runCli(['init', '--file', '.env', ...args], { home })
  const text = await readFile(path, 'utf8').catch(() => null)
  return {
    code,
    stdout,
    stderr,
    home,
    path,
    text,
    settings: readEnvFile(text ?? '') as Record<string, string>,
  }
}
const all = ['--data-dir', 'my data', '--public-url', 'https://c.example', '--provider', 'gmail']
const postgres = "postgres://g:p'a#s@db.example/g"

test('what it writes is what the server reads, in a file of this user only', async () => {
  const { code, path, home, settings, stderr, stdout } = await init([...all, '--database', 'sqlite'])
  expect(code).toBe(0)
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect(readConfig(settings)).toMatchObject({
    dataDir: join(home, 'my data'),
    publicUrl: 'https://c.example',
    sandbox: { enabled: false },
  })
  expect(stderr).toContain('https://c.example/api/v1/credentials/auth/callback/gmail')
  expect(stdout).toContain('grantry account oauth configure gmail')
})

test('PostgreSQL gets a root key, which is not shown, and neither is its password', async () => {
  const { settings, stdout, stderr } = await init([...all, '--database', postgres])
  expect(settings.GRANTRY_DATABASE_URL).toBe(postgres)
  expect(Buffer.from(settings.GRANTRY_ENCRYPTION_KEY!, 'base64')).toHaveLength(32)
  readConfig(settings)
  expect(stdout + stderr).not.toContain(settings.GRANTRY_ENCRYPTION_KEY)
  expect(stdout + stderr).not.toContain("p'a#s")
  expect(stderr).toContain('Warning: ')
})

test('a file that is there is changed only by force, and keeps its key, its comments and what was not asked', async () => {
  const before = `# mine\nGRANTRY_ENCRYPTION_KEY=a2V5\nexport GRANTRY_PUBLIC_URL=https://old.example\nGRANTRY_LOG_LEVEL=debug\nGRANTRY_PUBLIC_URL=https://older.example\n`
  const args = [...all, '--database', postgres]
  const refused = await init(args, before)
  expect([refused.code, refused.text, refused.stderr]).toEqual([
    2,
    before,
    expect.stringContaining('--force'),
  ])
  const forced = await init([...args, '--force'], before)
  expect(forced.code).toBe(0)
  expect(forced.text).toMatch(
    /^# mine\nGRANTRY_ENCRYPTION_KEY=a2V5\nGRANTRY_PUBLIC_URL=https:\/\/c.example\nGRANTRY_LOG_LEVEL=debug\nGRANTRY_DATA_DIR=/,
  )
  const back = await init([...all, '--database', 'sqlite', '--force'], forced.text!)
  expect(back.settings.GRANTRY_DATABASE_URL).toBe(`sqlite:${join(back.home, 'my data/grantry.db')}`)
})

test.each([
  [['--public-url', 'http://c.example'], 'It must be https'],
  [['--public-url', 'https://c.example/path'], 'without a path'],
  [['--database', 'mysql://x'], 'Or sqlite.'],
  [
    ['--data-dir', 'x', '--public-url', 'https://c.example', '--database', 'sqlite', '--provider', 'gmial'],
    'no provider "gmial"',
  ],
  [['--data-dir', 'x'], 'give --public-url'],
])('%j is refused, and nothing is written', async (args, why) => {
  expect(await init(args)).toMatchObject({ code: 2, text: null, stderr: expect.stringContaining(why) })
})
