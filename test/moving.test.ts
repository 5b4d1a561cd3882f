import { mkdtemp, readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Encrypter, generateIdentity, identityToRecipient } from 'age-encryption'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CliOptions, runCli } from './support/cli.ts'
import { createShell } from './support/cli-process.ts'
import { createTestDatabase, type TestDatabase } from './support/databases.ts'
import { startTestGrantry, type TestGrantry } from './support/grantry.ts'
import {
  addPlainIntegration,
  importTokens,
  mintTokens,
  readToken,
  showConnection,
} from './support/importing.ts'
import { goodPassword, openBrowser } from './support/members.ts'
import { noTerminal, openTerminal } from './support/terminal.ts'

/** From SQLite to PostgreSQL, and on from there. */
let databases: TestDatabase[]
let home: TestGrantry
let away: TestGrantry
let folder: string
let identity: string
let recipient: string

beforeAll(async () => {
  databases = await Promise.all(
    (['sqlite', 'postgres'] as const).map((dialect) => createTestDatabase(dialect)),
  )
  const options = {
    env: { GRANTRY_BOOTSTRAP_OWNER: `owner@example.com:${goodPassword}` },
    world: { background: false },
  }
  home = await startTestGrantry({ ...options, databaseUrl: databases[0]!.url })
  const env = { ...options.env, GRANTRY_EGRESS_ALLOW: new URL(home.sandbox!.url).host }
  away = await startTestGrantry({ ...options, env, databaseUrl: databases[1]!.url, sandbox: false })
  folder = await mkdtemp(join(tmpdir(), 'grantry-moving-'))
  identity = join(folder, 'key.txt')
  const secret = await generateIdentity()
  await writeFile(identity, `# created: today\n# public key\n${secret}\n`)
  recipient = await identityToRecipient(secret)
})
afterAll(async () => {
  await home?.close()
  await away?.close()
  await Promise.all((databases ?? []).map((database) => database.drop()))
})

const keys = new Map<TestGrantry, string>()
/** As an owner would, who is signed in. */
async function exportKey(grantry: TestGrantry): Promise<string> {
  const known = keys.get(grantry)
  if (known) return known
  const browser = openBrowser(grantry)
  await browser.post('/sign-in', { email: 'owner@example.com', password: goodPassword })
  const expires_at = new Date(grantry.clock.now() + 3_600_000).toISOString()
  const made = await browser.api('POST', '/api-keys', {
    name: 'leave',
    scopes: ['connections:export'],
    expires_at,
  })
  keys.set(grantry, made.body.data.secret)
  return made.body.data.secret
}
const cli = (grantry: TestGrantry, args: string[], key = grantry.apiKey, options: CliOptions = {}) =>
  runCli(args, { ...options, cwd: folder, env: { GRANTRY_URL: grantry.url, GRANTRY_API_KEY: key } })
const take = async (grantry: TestGrantry, args: string[]) =>
  cli(grantry, ['export', ...args], await exportKey(grantry))

test('everything comes along: tokens work there, and refreshing works there', async () => {
  const there = await addPlainIntegration({ call: away.call, sandbox: home.sandbox })
  const here = await addPlainIntegration(home)
  const policy = { allow: [{ methods: ['GET'], paths: ['/*'] }] }
  const rich = await importTokens(home, here.id, await mintTokens(home), {
    expiresIn: 1800,
    end_user: { id: 'ada', email: 'ada@example.com', display_name: 'Ada' },
    metadata: { team: 'blue' },
    scopes: ['read'],
  })
  await home.call('PATCH', `/api/v1/connections/${rich.id}`, { proxy_policy: policy })
  const { refresh_token } = await mintTokens(home, 'grace@example.com')
  await importTokens(home, here.id, { refresh_token }, { end_user: { id: 'grace' } })

  const taken = await take(home, ['--recipient', recipient, '--output', 'all.age'])
  expect(taken.code, taken.stderr).toBe(0)
  expect((await stat(join(folder, 'all.age'))).mode & 0o777).toBe(0o600)
  expect((await readFile(join(folder, 'all.age'))).toString('latin1')).not.toContain('sandboxcanary')

  const brought = await cli(away, ['import', '--from', 'json', 'all.age', '--identity', identity, '--json'])
  expect(brought.code, brought.stderr).toBe(0)
  expect(brought.json).toMatchObject({ created: 2, failed: 0 })
  const { body } = await away.call('GET', `/api/v1/connections?integration=${there.id}`)
  const [ada, grace] = ['ada', 'grace'].map(
    (id) => body.data.find(({ end_user }: { end_user: { id: string } }) => end_user.id === id).id as string,
  )
  const shown = await showConnection(home, rich.id)
  for (const name of ['end_user', 'account', 'scopes_requested', 'scopes_granted', 'metadata', 'expires_at'])
    expect((await showConnection(away, ada!))[name]).toEqual(shown[name])
  expect((await showConnection(away, ada!)).proxy_policy).toEqual(policy)
  const { control } = home.sandbox!
  const works = async (id: string) => {
    const { access_token } = (await readToken(away, id)).body.data
    return control.token(access_token)?.live === true
  }
  expect(await works(ada!)).toBe(true)
  expect(await works(grace!)).toBe(true)
  for (const id of [ada, grace]) {
    const refreshed = await away.call('POST', `/api/v1/connections/${id}/refresh`)
    expect(refreshed.status, refreshed.text).toBe(200)
    expect(await works(id!)).toBe(true)
  }

  // And on from there: what PostgreSQL has goes out as what SQLite had went out.
  const onward = await take(away, ['--recipient', recipient, '--output', 'onward.age'])
  expect(onward.code, onward.stderr).toBe(0)
  const back = ['import', '--from', 'json', 'onward.age', '--identity', identity, '--dry-run', '--json']
  expect((await cli(home, [...back, '--integration', here.id])).json).toMatchObject({ checked: 2, failed: 0 })
})

test('with a passphrase, which stays with whoever exports', async () => {
  await addPlainIntegration(home, { client_id: 'an-app-of-its-own' }).then(({ id }) =>
    importTokens(home, id, { access_token: 'an-access-token' }, { expiresIn: 3600 }),
  )
  await writeFile(join(folder, 'passphrase'), 'correct horse battery staple\n')
  const { body } = await home.call('GET', '/api/v1/integrations')
  const { id } = body.data.find(({ client_id }: { client_id: string }) => client_id === 'an-app-of-its-own')
  const args = ['--passphrase-file', 'passphrase', '--output', 'phrase.age', '--integration', id]
  const taken = await take(home, args)
  expect(taken.code, taken.stderr).toBe(0)
  expect((await readFile(join(folder, 'phrase.age'))).toString('latin1')).toMatch(
    /^age-encryption.org\/v1\n-> scrypt/,
  )
  const bring = [
    'import',
    '--from',
    'json',
    'phrase.age',
    '--dry-run',
    '--json',
    '--passphrase-file',
    'passphrase',
  ]
  const right = await cli(home, bring)
  expect(right.json, right.stderr).toMatchObject({ checked: 1 })

  const other = new Encrypter()
  other.setPassphrase('correct horse battery stable')
  other.setScryptWorkFactor(10)
  await writeFile(join(folder, 'phrase.age'), await other.encrypt('{}'))
  const wrong = await cli(home, bring)
  expect([wrong.code, wrong.stderr]).toEqual([
    1,
    expect.stringContaining('does not open with this passphrase'),
  ])
  expect(home.logs()).not.toContain('horse')
})

test('what was changed, cut off or sealed to somebody else does not come in', async () => {
  const { id } = await addPlainIntegration(home)
  const items = Array.from({ length: 200 }, (_, n) => ({
    key: `big-${n}`,
    integration: id,
    tokens: { access_token: `${n}`.padEnd(1000, 'x'), expires_at: '2099-01-01T00:00:00Z' },
  }))
  await home.call('POST', '/api/v1/connections/import', { items })
  const taken = await take(home, ['--recipient', recipient, '--output', 'big.age', '--integration', id])
  expect(taken.code, taken.stderr).toBe(0)
  const sealed = await readFile(join(folder, 'big.age'))
  expect(sealed.length).toBeGreaterThan(3 * 65_536)
  const bring = async (name: string, bytes: Uint8Array, key = identity) => {
    await writeFile(join(folder, name), bytes)
    const target = (await addPlainIntegration({ call: away.call, sandbox: home.sandbox })).id
    const map = ['--integration', target, '--identity', key]
    const { code, stderr } = await cli(away, ['import', '--from', 'json', name, ...map])
    const { body } = await away.call('GET', `/api/v1/connections?integration=${target}&limit=200`)
    return { code, stderr, stored: body.data.length as number }
  }
  const flipped = Buffer.from(sealed)
  flipped[150_000]! ^= 1
  const changed = await bring('flipped.age', flipped)
  expect([changed.code, changed.stderr]).toEqual([1, expect.stringContaining('was changed or cut off')])
  // What came before the changed byte is whole, and running it again with the right file brings the rest.
  expect(changed.stored).toBeLessThan(200)
  for (const length of [sealed.length - 1, 200_000, 65_536 * 2, 300]) {
    const cut = await bring(`cut-${length}.age`, sealed.subarray(0, length))
    expect([cut.code, cut.stderr]).toEqual([1, expect.stringContaining('was changed or cut off')])
    expect(cut.stored).toBeLessThan(200)
  }
  const header = await bring('header.age', sealed.subarray(0, 60))
  expect([header.code, header.stored]).toEqual([1, 0])
  const other = join(folder, 'other.txt')
  await writeFile(other, await generateIdentity())
  const foreign = await bring('foreign.age', sealed, other)
  expect([foreign.code, foreign.stderr]).toEqual([
    1,
    expect.stringContaining('does not open with this identity'),
  ])
  expect((await bring('whole.age', sealed)).stored).toBe(200)
})

test.skipIf(noTerminal)('in a terminal a passphrase is asked for twice and never shown', async () => {
  const shell = await createShell()
  const env = { ...shell.env, GRANTRY_URL: home.url, GRANTRY_API_KEY: await exportKey(home) }
  const open = () => openTerminal(['grantry', 'export', '--output', 'asked.age'], { env, cwd: shell.home })
  const typo = open()
  await typo.shows('Passphrase')
  typo.type('a passphrase typed\r')
  await typo.shows('again')
  typo.type('a passphrase mistyped\r')
  expect(await typo.ended).toMatchObject({ code: 2, echo: true })
  const right = open()
  await right.shows('Passphrase')
  right.type('a passphrase typed\r')
  await right.shows('again')
  right.type('a passphrase typed\r')
  await right.shows('Sealed in asked.age')
  expect(await right.ended).toMatchObject({ code: 0, echo: true })
  expect(typo.raw() + right.raw()).not.toContain('passphrase typed')
  expect((await readFile(join(shell.home, 'asked.age'))).toString('latin1')).toContain('-> scrypt')
})

test('an export that the server does not finish leaves no file', async () => {
  const run = (text: string) => sql.raw(text).execute(home.ctx.db)
  await run(
    "create trigger full_disk before insert on events when new.type = 'connections.exported' begin select raise(abort, 'full'); end",
  )
  try {
    const cut = await take(home, ['--recipient', recipient, '--output', 'cut.age'])
    expect([cut.code, cut.stderr]).toEqual([1, expect.stringContaining('The export was cut off')])
  } finally {
    await run('drop trigger full_disk')
  }
  for (const name of ['cut.age', 'cut.age.part']) await expect(stat(join(folder, name))).rejects.toThrow()
})

test('who may not: the first key, with what to do; nobody is asked for a passphrase in a script; no file is overwritten', async () => {
  const refused = await cli(home, ['export', '--recipient', recipient, '--output', 'no.age'])
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('owner')])
  await expect(stat(join(folder, 'no.age'))).rejects.toThrow()
  await expect(stat(join(folder, 'no.age.part'))).rejects.toThrow()
  const asked = await take(home, ['--output', 'no.age'])
  expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining('--passphrase-file')])
  await writeFile(join(folder, 'short'), 'short')
  expect((await take(home, ['--passphrase-file', 'short', '--output', 'no.age'])).code).toBe(2)
  const there = await take(home, ['--recipient', recipient, '--output', 'key.txt'])
  expect([there.code, there.stderr]).toEqual([2, expect.stringContaining('there already')])
  const nobody = await take(home, ['--recipient', 'age1nobody', '--output', 'no.age'])
  expect([nobody.code, nobody.stderr]).toEqual([1, expect.stringContaining('age recipient')])
})
