import { describe, expect, test } from 'vitest'
import { ConfigError, readConfig } from './config.ts'

const key = Buffer.alloc(32, 'k3y-').toString('base64')

function faultsOf(env: Record<string, string>): string[] {
  try {
    readConfig(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
}

test('an empty environment is a laptop: loopback, SQLite, a key file, no operator, no sandbox', () => {
  const config = readConfig({})
  expect(config).toMatchObject({
    host: '127.0.0.1',
    port: 7001,
    publicUrl: 'http://localhost:7001',
    rootKey: { from: 'data-dir' },
    otherRootKeys: [],
    operatorKey: null,
    bootstrapApiKey: null,
    trustedProxies: [],
    egressAllow: '',
    sandbox: { enabled: false },
  })
  expect(config.databaseUrl.expose()).toMatch(/^sqlite:.*\/data\/grantry\.db$/)
  expect(Object.isFrozen(config)).toBe(true)
})

test('secrets are opaque: nothing prints them', () => {
  const config = readConfig({
    GRANTRY_ENCRYPTION_KEY: key,
    GRANTRY_OPERATOR_KEY: 'canary-operator-key-0000000',
    GRANTRY_BOOTSTRAP_API_KEY: 'canary-bootstrap-key-000000',
    GRANTRY_DATABASE_URL: 'postgres://u:canary-password@db/x',
  })
  expect(`${JSON.stringify(config)}${String(config.databaseUrl)}`).not.toMatch(/canary|azN5/)
  expect(config.operatorKey?.expose()).toBe('canary-operator-key-0000000')
})

test('other root keys may come as keys and as files', () => {
  const { otherRootKeys } = readConfig({
    GRANTRY_OTHER_ENCRYPTION_KEYS: `${key}, ${key.toUpperCase()}`,
    GRANTRY_OTHER_ENCRYPTION_KEY_FILES: '/run/one.key,/run/two.key',
  })
  expect(otherRootKeys).toMatchObject([
    { from: 'environment' },
    { from: 'environment' },
    { from: 'file', path: '/run/one.key' },
    { from: 'file', path: '/run/two.key' },
  ])
  expect(JSON.stringify(otherRootKeys)).not.toContain(key)
})

test('the first owner: the e-mail address in lower case, the password with whatever is in it, opaque', () => {
  const { bootstrapOwner } = readConfig({ GRANTRY_BOOTSTRAP_OWNER: 'Ada@Example.com:three words: in a row' })
  expect(bootstrapOwner?.email).toBe('ada@example.com')
  expect(bootstrapOwner?.password.expose()).toBe('three words: in a row')
  expect(JSON.stringify(bootstrapOwner)).not.toContain('three')
  for (const bad of [
    'ada@example.com',
    'ada:long enough a password',
    'ada@example.com:short',
    'three words in a row',
  ])
    expect(faultsOf({ GRANTRY_BOOTSTRAP_OWNER: bad })).toEqual([
      expect.stringMatching(/^GRANTRY_BOOTSTRAP_OWNER must be EMAIL:PASSWORD/),
    ])
})

test('every fault is told at once, each by its variable', () => {
  const faults = faultsOf({
    GRANTRY_PORT: '70000',
    GRANTRY_PUBLIC_URL: 'https://connect.example.com/path',
    GRANTRY_DATABASE_URL: 'mysql://x',
    GRANTRY_ENCRYPTION_KEY: key,
    GRANTRY_ENCRYPTION_KEY_FILE: '/k',
    GRANTRY_OPERATOR_KEY: 'short',
    GRANTRY_EGRESS_ALLOW: 'http://10.0.0.1',
    GRANTRY_TRUSTED_PROXIES: '10.0.0.0/33',
    GRANTRY_SANDBOX: 'yes',
    GRANTRY_VAULT: 'paper',
    GRANTRY_WORKERS: '4',
    GRANTRY_LISTEN_URL: 'postgres://u:p@db/x',
    GRANTRY_STOP_DELAY: 'soon',
    GRANTRY_LOG_LEVEL: 'loud',
  })
  expect(faults.map((fault) => fault.split(' ')[0]).sort()).toEqual([
    'GRANTRY_DATABASE_URL',
    'GRANTRY_EGRESS_ALLOW',
    'GRANTRY_ENCRYPTION_KEY',
    'GRANTRY_LISTEN_URL',
    'GRANTRY_LOG_LEVEL',
    'GRANTRY_OPERATOR_KEY',
    'GRANTRY_PORT',
    'GRANTRY_PUBLIC_URL',
    'GRANTRY_SANDBOX',
    'GRANTRY_STOP_DELAY',
    'GRANTRY_TRUSTED_PROXIES',
    'GRANTRY_VAULT',
    'GRANTRY_WORKERS',
  ])
})

describe('the public URL', () => {
  test.each([
    'http://localhost:7001',
    'http://127.0.0.1:7001',
    'http://127.1.2.3',
    'http://[::1]:7001',
    'https://connect.example.com',
    'https://connect.example.com/',
  ])('%s may be', (url) => {
    expect(faultsOf({ GRANTRY_PUBLIC_URL: url })).toEqual([])
  })

  test.each([
    'http://connect.example.com',
    'http://192.168.1.10:7001',
    'http://0.0.0.0:7001',
    'http://localhost.example.com',
    'http://127.0.0.1.example.com',
    'http://[::ffff:10.0.0.1]',
    'http://example.com#localhost',
    'http://localhost@example.com',
    'https://connect.example.com/path',
    'https://connect.example.com?x',
    'ftp://connect.example.com',
    'connect.example.com',
  ])('%s may not', (url) => {
    expect(faultsOf({ GRANTRY_PUBLIC_URL: url })).toEqual([
      expect.stringMatching(/^GRANTRY_PUBLIC_URL must be/),
    ])
  })
})

test('the sandbox is refused wherever anyone but this machine could reach it', () => {
  expect(faultsOf({ GRANTRY_SANDBOX: '1' })).toEqual([])
  expect(faultsOf({ GRANTRY_SANDBOX: '1', GRANTRY_PUBLIC_URL: 'https://connect.example.com' })).toEqual([
    expect.stringMatching(/^GRANTRY_SANDBOX /),
  ])
})

test('PostgreSQL needs the key that all processes share', () => {
  const url = { GRANTRY_DATABASE_URL: 'postgres://u:p@db/x' }
  expect(faultsOf(url)).toEqual([
    expect.stringMatching(/^GRANTRY_ENCRYPTION_KEY must be set with PostgreSQL/),
  ])
  expect(faultsOf({ ...url, GRANTRY_ENCRYPTION_KEY: key })).toEqual([])
  expect(faultsOf({ ...url, GRANTRY_ENCRYPTION_KEY_FILE: '/run/secrets/key' })).toEqual([])
})

test('several workers share a PostgreSQL, never a SQLite file', () => {
  const postgres = { GRANTRY_DATABASE_URL: 'postgres://u:p@db/x', GRANTRY_ENCRYPTION_KEY: key }
  expect(readConfig({}).workers).toBe(1)
  expect(readConfig({ ...postgres, GRANTRY_WORKERS: '4' }).workers).toBe(4)
  expect(faultsOf({ GRANTRY_WORKERS: '1' })).toEqual([])
  expect(faultsOf({ GRANTRY_WORKERS: '2' })).toEqual([
    expect.stringMatching(/^GRANTRY_WORKERS .*on PostgreSQL only/),
  ])
  for (const bad of ['0', '-1', '1.5', '257', 'all'])
    expect(faultsOf({ ...postgres, GRANTRY_WORKERS: bad }), bad).toHaveLength(1)
})

test('PostgreSQL is listened to where it is, unless a pooler stands between', () => {
  const postgres = { GRANTRY_DATABASE_URL: 'postgres://u:p@pooler/x', GRANTRY_ENCRYPTION_KEY: key }
  expect(readConfig({}).listenUrl).toBeNull()
  expect(readConfig(postgres).listenUrl?.expose()).toBe('postgres://u:p@pooler/x')
  const direct = { ...postgres, GRANTRY_LISTEN_URL: 'postgres://u:canary@db/x' }
  expect(readConfig(direct).listenUrl?.expose()).toBe('postgres://u:canary@db/x')
  expect(JSON.stringify(readConfig(direct))).not.toContain('canary')
  expect(faultsOf({ ...postgres, GRANTRY_LISTEN_URL: 'db.internal' })).toEqual([
    expect.stringMatching(/^GRANTRY_LISTEN_URL must be postgres:/),
  ])
})

test('the delay before the port is closed is in seconds', () => {
  expect(readConfig({}).stopDelayMs).toBe(0)
  expect(readConfig({ GRANTRY_STOP_DELAY: '5' }).stopDelayMs).toBe(5000)
  for (const bad of ['-1', '0.5', '5s', '1000'])
    expect(faultsOf({ GRANTRY_STOP_DELAY: bad }), bad).toHaveLength(1)
})

test('a variable that is nearly one of ours is named, and so is one that no version has; empty ones are absent', () => {
  expect(faultsOf({ GRANTRY_ENCRYPTON_KEY: 'x' })).toEqual([
    'GRANTRY_ENCRYPTON_KEY is not a setting of Grantry; did you mean GRANTRY_ENCRYPTION_KEY?',
  ])
  expect(faultsOf({ GRANTRY_PROT: '1' })).toEqual([expect.stringContaining('did you mean GRANTRY_PORT?')])
  expect(faultsOf({ GRANTRY_SOMETHING_ELSE: 'x' })).toEqual([
    expect.stringContaining('GRANTRY_SOMETHING_ELSE is not'),
  ])
  expect(faultsOf({ GRANTRY_SOMETHING_ELSE: '', GRANTRY_PORT: ' ', GRANTY_PORT: 'not ours' })).toEqual([])
})

test('what tells clients whom to call may stand beside it', () => {
  const ofClients = {
    GRANTRY_URL: 'https://x.example',
    GRANTRY_API_KEY: 'x',
    GRANTRY_PROFILE: 'x',
    GRANTRY_END_USER: 'u',
  }
  expect(faultsOf(ofClients)).toEqual([])
})

test('keys that could be guessed, or that no header could carry, are refused without being repeated', () => {
  for (const bad of ['canary', 'canary with spaces that is long', `canary-${'é'.repeat(30)}`]) {
    const faults = faultsOf({ GRANTRY_OPERATOR_KEY: bad, GRANTRY_BOOTSTRAP_API_KEY: bad })
    expect(faults).toHaveLength(2)
    expect(faults.join()).not.toContain('canary')
  }
})

test('trusted proxies are addresses and ranges, nothing that would trust everyone by a slip', () => {
  expect(faultsOf({ GRANTRY_TRUSTED_PROXIES: '10.0.0.1, 10.1.0.0/16,fd00::/8' })).toEqual([])
  for (const bad of ['*', 'true', 'proxy.example.com', '10.0.0.0/33', '10.0.0.0/', '10.0.0.1/x', 'loopback'])
    expect(faultsOf({ GRANTRY_TRUSTED_PROXIES: bad }), bad).toHaveLength(1)
})

test('clients may register themselves, unless that is closed', () => {
  expect(readConfig({}).registration).toBe('open')
  for (const registration of ['off', 'open', 'token'])
    expect(readConfig({ GRANTRY_REGISTRATION: registration }).registration).toBe(registration)
  expect(faultsOf({ GRANTRY_REGISTRATION: 'on' })).toEqual([expect.stringMatching(/^GRANTRY_REGISTRATION /)])
})

test('events are kept for ever, or for so many days that no webhook message outlives its event', () => {
  expect(readConfig({}).auditRetentionMs).toBe(null)
  expect(readConfig({ GRANTRY_AUDIT_RETENTION_DAYS: '31' }).auditRetentionMs).toBe(31 * 24 * 3_600_000)
  for (const days of ['0', '30', '1.5', 'ever', '36501'])
    expect(faultsOf({ GRANTRY_AUDIT_RETENTION_DAYS: days }), days).toEqual([
      expect.stringMatching(/^GRANTRY_AUDIT_RETENTION_DAYS /),
    ])
})

test('a collector of logs by the names that OpenTelemetry gives', () => {
  const logs = (env: Record<string, string>) => readConfig(env).telemetry.logs
  expect(logs({})).toBe(null)
  const common = { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otel.example.com/' }
  expect(logs(common)?.url).toBe('https://otel.example.com/v1/logs')
  expect(logs({ ...common, OTEL_LOGS_EXPORTER: 'none' })).toBe(null)
  const own = logs({
    ...common,
    OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://logs.example.com/in',
    OTEL_EXPORTER_OTLP_HEADERS: 'api-key=one,x=a%20b',
    OTEL_EXPORTER_OTLP_LOGS_HEADERS: 'Api-Key=two',
  })
  expect(own?.url).toBe('http://logs.example.com/in')
  const headers = Object.entries(own!.headers).map(([name, value]) => [name, value.expose()])
  expect(Object.fromEntries(headers)).toEqual({ 'api-key': 'two', x: 'a b' })
  expect(JSON.stringify(own)).not.toContain('two')
  expect(faultsOf({ OTEL_EXPORTER_OTLP_ENDPOINT: 'otel:4318' })).toHaveLength(1)
  expect(faultsOf({ ...common, OTEL_EXPORTER_OTLP_HEADERS: 'a secret' })).toEqual([
    expect.not.stringMatching('secret'),
  ])
})
