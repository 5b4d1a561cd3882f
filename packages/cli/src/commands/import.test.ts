import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type CliOptions, runCli } from '../../../../test/support/cli.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import {
  addPlainIntegration,
  mintTokens,
  readToken,
  showConnection,
} from '../../../../test/support/importing.ts'

let grantry: TestGrantry
let folder: string
let integration: { id: string; client_id: string }
let files = 0

beforeAll(async () => {
  grantry = await startTestGrantry({ world: { background: false } })
  folder = await mkdtemp(join(tmpdir(), 'grantry-import-'))
})
afterAll(() => grantry?.close())
beforeEach(async () => {
  integration = await addPlainIntegration(grantry)
})

async function bring(from: string, content: string | object, args: string[] = [], options: CliOptions = {}) {
  const file = join(folder, `file-${++files}`)
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
  return cli(['import', '--from', from, file, ...args], options)
}
const cli = (args: string[], options: CliOptions = {}) =>
  runCli(args, {
    ...options,
    env: { GRANTRY_URL: grantry.url, GRANTRY_API_KEY: grantry.apiKey, ...options.env },
  })
const to = (...more: string[]) => ['--integration', integration.id, ...more]
async function connections() {
  const { body } = await grantry.call('GET', `/api/v1/connections?integration=${integration.id}&limit=200`)
  return body.data as { id: string; end_user: { id: string } | null; metadata: Record<string, string> }[]
}
const token = { access_token: 'canary-access-token', expires_at: '2099-01-01T00:00:00Z' }
const csv = (rows: string[]) => ['key,end_user_id,access_token,expires_at', ...rows].join('\n')
const rowOf = (n: number) => `k${n},u${n},canary-access-token-${n},2099-01-01T00:00:00Z`

test('CSV: every column comes along, and again brings nothing twice', async () => {
  const { access_token, refresh_token } = await mintTokens(grantry)
  const content = [
    '\ufeffend_user_id,end_user_email,end_user_name,access_token,refresh_token,expires_at,scope,scopes,account_id,account_email,metadata.team',
    `"Ada, of ""x""",ada@example.com,Ada,${access_token},${refresh_token},4070908800,read,read write,acc-1,a@x.example,blue`,
    '',
    `grace,,,canary-access-token,,2099-01-01T00:00:00+02:00,,,,,`,
    '',
  ].join('\r\n')
  const first = await bring('csv', content, to('--json'))
  expect(first.code, first.stderr).toBe(0)
  expect(first.json).toEqual({ created: 2, exists: 0, checked: 0, failed: 0, dry_run: false, failures: [] })
  const stored = await connections()
  const ada = stored.find(({ end_user }) => end_user!.id !== 'grace')
  expect(await showConnection(grantry, ada!.id)).toMatchObject({
    end_user: { id: 'Ada, of "x"', email: 'ada@example.com', display_name: 'Ada' },
    account: { id: 'acc-1', email: 'a@x.example' },
    scopes_requested: ['read', 'write'],
    scopes_granted: ['read'],
    metadata: { team: 'blue' },
    expires_at: '2099-01-01T00:00:00.000Z',
  })
  expect((await readToken(grantry, ada!.id)).body.data.access_token).toBe(access_token)
  const again = await bring('csv', content, to())
  expect(again.code, again.stderr).toBe(0)
  expect(again.stdout).toContain('2 there already')
  expect((await connections()).length).toBe(2)
})

test('a dry run changes nothing; a line that fails is told, reported and ends with 1; mended, the rest follows', async () => {
  const bad = csv([
    rowOf(1),
    'k2,u2,,',
    `k3,u3,x,tomorrow`,
    `k4,u4,${'x'.repeat(300)},2099-01-01T00:00:00Z,more`,
  ])
  const tried = await bring('csv', bad, to('--dry-run', '--json'))
  expect(tried.code).toBe(1)
  expect(JSON.parse(tried.stdout)).toMatchObject({ checked: 1, failed: 3, dry_run: true })
  expect(await connections()).toEqual([])

  const report = join(folder, `report-${files}`)
  const done = await bring('csv', bad, to('--report', report))
  expect(done.code).toBe(1)
  expect(done.stderr).toContain('line 3 (k2): tokens give an access token, a refresh token, or both')
  expect(done.stderr).toContain('line 4: expires_at must be a time')
  expect(done.stderr).toContain('line 5: has more or fewer fields than the header')
  expect(done.stderr).toContain('3 of 4 lines failed; 1 imported, 3 failed.')
  const lines = (await readFile(report, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines.sort((a, b) => a.line - b.line).map(({ line, result }) => [line, result])).toEqual([
    [2, 'created'],
    [3, 'failed'],
    [4, 'failed'],
    [5, 'failed'],
  ])
  const mended = await bring('csv', csv([rowOf(1), rowOf(2)]), to('--json'))
  expect(mended.json).toMatchObject({ created: 1, exists: 1, failed: 0 })
  for (const { stdout, stderr } of [tried, done, mended]) expect(stdout + stderr).not.toContain('canary')
  expect(await readFile(report, 'utf8')).not.toContain('canary')
})

test.each([
  ['a column that is none', 'csv', 'key,acess_token\na,b', 'is none', 1],
  ['a header that was forgotten', 'csv', 'canary-access-token-1,u1\nb,c', 'column 1 is none', 1],
  [
    'columns that were mixed up',
    'csv',
    `integration,access_token\n${'canary'.repeat(9)},x`,
    'of 54 characters',
    1,
  ],
  ['a quote that is not closed', 'csv', 'key,access_token\na,"canary', 'no CSV', 1],
  ['text that is no JSON', 'json', 'canary', 'is no JSON object', 1],
  [
    'an array that ends in the middle',
    'json',
    '[{"key":"a","tokens":{"access_token":"canary',
    'ends in the middle',
    1,
  ],
  [
    'an object that is larger than any',
    'json',
    `{"key":"${'canary'.repeat(200_000)}"}`,
    'larger than any',
    1,
  ],
])('%s: said, without quoting it, and nothing is imported', async (_name, from, content, words, code) => {
  const answer = await bring(from, content, words.startsWith('of 54') ? [] : to())
  expect([answer.code, answer.stderr]).toEqual([code, expect.stringContaining(words)])
  expect(answer.stderr).not.toContain('canary')
  expect(await connections()).toEqual([])
})

test('JSON: lines, an array, and a list as an API answers it; what is broken in one line fails alone', async () => {
  const one = (key: string) => ({ key, end_user: { id: key }, tokens: token })
  const lines = `${JSON.stringify(one('a{[\\"'))}\n\n{"key": nonsense}\n${JSON.stringify(one('b'), null, 2)}`
  const asLines = await bring('json', lines, to('--json'))
  expect(JSON.parse(asLines.stdout)).toMatchObject({ created: 2, failed: 1 })
  expect(asLines.json.failures[0]).toMatchObject({ line: 3, error: { message: 'is not valid JSON' } })
  expect((await bring('json', [one('c'), one('d')], to('--json'))).json).toMatchObject({ created: 2 })
  const list = { data: [one('e')], next_cursor: null, more: [{}, '}'] }
  expect((await bring('json', list, to('--json'))).json).toMatchObject({ created: 1, failed: 0 })
  const unknown = await bring('json', { ...one('f'), secret: 'canary' }, to())
  expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('secret is no field')])
})

test('Nango: OAuth 2 connections with their end users and configuration', async () => {
  const { access_token, refresh_token } = await mintTokens(grantry)
  const connection = (id: string, more: object) => ({
    id: 1,
    connection_id: id,
    provider_config_key: 'acme-crm',
    provider: 'acme',
    created_at: '2026-01-01T00:00:00.000Z',
    metadata: null,
    connection_config: {},
    tags: {},
    end_user: null,
    ...more,
  })
  const credentials = {
    type: 'OAUTH2',
    access_token,
    refresh_token,
    expires_at: '2099-01-01T00:00:00.000Z',
    raw: { access_token, refresh_token, scope: 'read write', token_type: 'bearer' },
  }
  const file = {
    connections: [
      connection('c1', {
        credentials,
        end_user: { id: 'u-17', email: 'ada@example.com', display_name: 'Ada', organization: null, tags: {} },
        connection_config: { subdomain: 'acme', region: { zone: 1 } },
        metadata: { plan: 'pro', long: 'x'.repeat(600) },
      }),
      connection('c2', {
        credentials: { type: 'OAUTH2', access_token: 'a' },
        tags: { end_user_id: 'u-18' },
      }),
      connection('c3', { credentials: { type: 'OAUTH2', access_token: 'a' } }),
      connection('c4', { credentials: { type: 'API_KEY', apiKey: 'canary' } }),
      connection('c5', {}),
    ],
  }
  const report = join(folder, `report-${files}`)
  const map = ['--map', `acme-crm=${integration.id}`, '--report', report]
  const answer = await bring('nango', file, map)
  expect(answer.code).toBe(1)
  expect(answer.stderr).toContain('credentials.type is not OAUTH2')
  expect(answer.stderr).toContain('credentials are missing')
  expect(answer.stderr).not.toContain('canary')
  const stored = await connections()
  expect(stored.map(({ end_user }) => end_user!.id).sort()).toEqual(['c3', 'u-17', 'u-18'])
  const ada = stored.find(({ end_user }) => end_user!.id === 'u-17')!
  expect(ada.metadata).toEqual({ plan: 'pro', subdomain: 'acme', region: '{"zone":1}' })
  expect(await showConnection(grantry, ada.id)).toMatchObject({ scopes_granted: ['read', 'write'] })
  expect((await readToken(grantry, ada.id)).body.data.access_token).toBe(access_token)
  expect(await readFile(report, 'utf8')).toContain('metadata.long is too long and stays behind')
  const without = await bring('nango', file)
  expect(without.stderr).toContain('give --map acme-crm=int_')
})

test('which integration: by --map, by the OAuth app; never one of another app; never one that is not there', async () => {
  const other = (await addPlainIntegration(grantry, { client_id: 'another-app' })).id
  const line = (key: string, more: object) => ({ key, tokens: token, ...more })
  const found = await bring('json', line('m1', { integration: 'int_elsewhere', client_id: 'another-app' }), [
    '--json',
  ])
  expect(found.code, found.stderr).toBe(0)
  const { body } = await grantry.call('GET', `/api/v1/connections?integration=${other}`)
  expect(body.data.length).toBe(1)
  const wrong = await bring('json', line('m2', { client_id: 'another-app' }), to())
  expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('client_id is not the one of')])
  const nowhere = await bring('json', line('m3', { integration: 'x' }), [
    '--map',
    'x=int_01jd3xqv5me8tvh6w5kq2a9xyz',
  ])
  expect([nowhere.code, nowhere.stderr]).toEqual([
    1,
    expect.stringContaining('There is no integration int_01jd'),
  ])
  expect((await bring('json', '{}', ['--map', 'nonsense'])).code).toBe(2)
  expect((await bring('xml', '{}')).code).toBe(2)
})

test('from stdin; without the scope it says so; without a server it says so', async () => {
  const stdin = csv([rowOf(1)])
  const piped = await cli(['import', '--from', 'csv', '-', ...to('--json')], { stdin })
  expect(piped.json).toMatchObject({ created: 1 })
  const made = await grantry.call('POST', '/api/v1/api-keys', { name: 'r', scopes: ['integrations:read'] })
  const env = { GRANTRY_API_KEY: made.body.data.secret }
  const refused = await cli(['import', '--from', 'csv', '-', ...to()], { stdin, env })
  expect([refused.code, refused.stderr]).toEqual([
    1,
    expect.stringContaining('use a credential that reaches'),
  ])
})

test('a line that is nested without end fails by itself, and the others come along', async () => {
  const line = (key: string) => ({ key, end_user: { id: key }, tokens: token })
  const deep = JSON.stringify(line('deep')).replace(
    '"tokens"',
    `"proxy_policy":${'['.repeat(30_000)}${']'.repeat(30_000)},"tokens"`,
  )
  const content = [JSON.stringify(line('a')), deep, JSON.stringify(line('b'))].join('\n')
  const brought = await bring('json', content, to('--json'))
  expect(brought.code).toBe(1)
  expect(brought.json).toMatchObject({
    created: 2,
    failed: 1,
    failures: [{ line: 2, error: { message: 'is nested deeper than any connection' } }],
  })
})

test('what a file calls its connections cannot speak to the terminal', async () => {
  const brought = await bring('json', { key: 'k\u001b[2J\u009b1A', end_user: { id: 'u' }, tokens: {} }, to())
  expect(brought.code).toBe(1)
  expect(brought.stderr).toContain('line 1 (k?[2J?1A)')
})
