import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { Secret } from '@grantry/oauth'

/** What the environment asks for, checked; nothing else in the server reads the environment. */
export type Config = {
  host: string
  port: number
  /** How browsers and providers reach us: an origin, no slash at the end. */
  publicUrl: string
  dataDir: string
  databaseUrl: Secret
  /** Where PostgreSQL's notifications are listened to; SQLite has none. */
  listenUrl: Secret | null
  rootKey:
    | { from: 'environment'; key: Secret }
    | { from: 'file'; path: string }
    | { from: 'kms'; keyId: string }
    | { from: 'data-dir' }
  /** What may unwrap data keys beside the root key, which wraps them: while one follows another. */
  otherRootKeys: (
    | { from: 'environment'; key: Secret }
    | { from: 'file'; path: string }
    | { from: 'kms'; keyId: string }
  )[]
  /** Where client secrets and tokens rest. */
  vault: 'database' | 'aws-secrets-manager' | 'openbao'
  /** What the names of our values begin with in a back end outside. */
  vaultPrefix: string
  /** How OpenBao is reached; it may be the back end that was used before. */
  openbao: {
    address: string
    token: { from: 'environment'; value: Secret } | { from: 'file'; path: string }
    mount: string
    namespace: string | null
  } | null
  bootstrapApiKey: Secret | null
  /** The first owner, made where the first workspace has none. */
  bootstrapOwner: { email: string; password: Secret } | null
  operatorKey: Secret | null
  providersFile: string | null
  /** Addresses and CIDR ranges whose forwarding headers count. */
  trustedProxies: string[]
  egressAllow: string
  /** Whether OAuth clients may register themselves (RFC 7591): never, whoever asks, or by an initial access token. */
  registration: 'off' | 'open' | 'token'
  /** How long events are kept; null: for ever. */
  auditRetentionMs: number | null
  /** The operator's collector; null where nothing of that kind is sent. */
  telemetry: { logs: OtlpTarget | null; traces: TracesTarget | null; service: string }
  sandbox: { enabled: true; port: number } | { enabled: false }
  /** How long it goes on answering when it is to stop, so that a balancer can see that it is not ready. */
  stopDelayMs: number
  /** Processes that share the port. */
  workers: number
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
}

/** Where OpenTelemetry's protocol is spoken, by HTTP. */
export type OtlpTarget = { url: string; headers: Record<string, Secret> }

/** Where spans go, and which. */
export type TracesTarget = OtlpTarget & {
  service: string
  /** What else is said of this service, by name. */
  attributes: Record<string, string>
  sampler: { kind: 'always_on' } | { kind: 'always_off' } | { kind: 'ratio'; ratio: number }
  /** Whether a trace that a caller names is gone on with; else it is only linked to. */
  continues: boolean
}

/** The environment cannot be used; every fault is in the list. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly faults: string[]

  constructor(faults: string[]) {
    super(
      `Grantry cannot start with this configuration:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    )
    this.faults = faults
  }
}

const known = [
  'GRANTRY_HOST',
  'GRANTRY_PORT',
  'GRANTRY_PUBLIC_URL',
  'GRANTRY_DATA_DIR',
  'GRANTRY_DATABASE_URL',
  'GRANTRY_LISTEN_URL',
  'GRANTRY_ENCRYPTION_KEY',
  'GRANTRY_ENCRYPTION_KEY_FILE',
  'GRANTRY_OTHER_ENCRYPTION_KEYS',
  'GRANTRY_OTHER_ENCRYPTION_KEY_FILES',
  'GRANTRY_KMS_KEY_ID',
  'GRANTRY_OTHER_KMS_KEY_IDS',
  'GRANTRY_VAULT',
  'GRANTRY_VAULT_PREFIX',
  'GRANTRY_OPENBAO_ADDR',
  'GRANTRY_OPENBAO_TOKEN',
  'GRANTRY_OPENBAO_TOKEN_FILE',
  'GRANTRY_OPENBAO_MOUNT',
  'GRANTRY_OPENBAO_NAMESPACE',
  'GRANTRY_BOOTSTRAP_API_KEY',
  'GRANTRY_BOOTSTRAP_OWNER',
  'GRANTRY_OPERATOR_KEY',
  'GRANTRY_PROVIDERS_FILE',
  'GRANTRY_TRUSTED_PROXIES',
  'GRANTRY_EGRESS_ALLOW',
  'GRANTRY_REGISTRATION',
  'GRANTRY_AUDIT_RETENTION_DAYS',
  'GRANTRY_SANDBOX',
  'GRANTRY_WORKERS',
  'GRANTRY_STOP_DELAY',
  'GRANTRY_LOG_LEVEL',
]

/** What tells the command line and the SDKs whom to call: on one machine with the server it is no slip. */
const ofClients = ['GRANTRY_URL', 'GRANTRY_API_KEY', 'GRANTRY_PROFILE', 'GRANTRY_END_USER']

/** Ours or a test's; too short to be guessed at leisure is too short. */
const shortestKey = 24

/** Days. Webhook messages wait for 30 days, and are made of events. */
const shortestRetention = 31

/** Far past the cores of any machine: what is more is a slip. */
const mostWorkers = 256

/**
 * Reads the environment. Pure: no file is opened, nothing is resolved but paths.
 * @throws ConfigError naming every fault at once, never a secret's value
 */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  const faults: string[] = []
  const get = (name: string) => env[name]?.trim() || null
  const listOf = (name: string) => (get(name) ?? '').split(',').flatMap((part) => part.trim() || [])
  const fault = (name: string, what: string) => {
    const said = `${name} ${what}`
    // One variable may be read for two things.
    if (!faults.includes(said)) faults.push(said)
  }

  for (const name of Object.keys(env)) {
    if (!name.startsWith('GRANTRY_') || known.includes(name) || ofClients.includes(name) || !env[name])
      continue
    const near = known.find((candidate) => nearlySame(candidate, name))
    fault(
      name,
      near ? `is not a setting of Grantry; did you mean ${near}?` : 'is not a setting of this version',
    )
  }

  const port = readPort(get('GRANTRY_PORT') ?? '7001')
  if (port === null) fault('GRANTRY_PORT', 'must be a whole number from 0 to 65535')
  const host = get('GRANTRY_HOST') ?? '127.0.0.1'

  const publicUrl = readOrigin(get('GRANTRY_PUBLIC_URL') ?? `http://localhost:${port ?? 7001}`)
  if (!publicUrl)
    fault('GRANTRY_PUBLIC_URL', 'must be an origin such as https://connect.example.com, without a path')
  else if (publicUrl.startsWith('http:') && !isLoopback(publicUrl))
    fault('GRANTRY_PUBLIC_URL', 'must be https: over plain http, codes and tokens could be read on the way')

  const dataDir = resolve(get('GRANTRY_DATA_DIR') ?? './data')
  const databaseUrl = get('GRANTRY_DATABASE_URL') ?? `sqlite:${resolve(dataDir, 'grantry.db')}`
  const postgres = isPostgres(databaseUrl)
  if (!postgres && !/^sqlite:./.test(databaseUrl))
    fault('GRANTRY_DATABASE_URL', 'must be sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE')

  const listenUrl = get('GRANTRY_LISTEN_URL')
  if (listenUrl && !postgres)
    fault('GRANTRY_LISTEN_URL', 'is for PostgreSQL behind a pooler, and GRANTRY_DATABASE_URL names none')
  else if (listenUrl && !isPostgres(listenUrl))
    fault('GRANTRY_LISTEN_URL', 'must be postgres://USER:PASSWORD@HOST/DATABASE, the same database')

  const key = get('GRANTRY_ENCRYPTION_KEY')
  const keyFile = get('GRANTRY_ENCRYPTION_KEY_FILE')
  const kmsKeyId = get('GRANTRY_KMS_KEY_ID')
  if (key && keyFile)
    fault('GRANTRY_ENCRYPTION_KEY', 'and GRANTRY_ENCRYPTION_KEY_FILE are both set: give one')
  if (kmsKeyId && (key || keyFile))
    fault('GRANTRY_KMS_KEY_ID', 'and a key of your own are both set: give one root key')
  if (postgres && !key && !keyFile && !kmsKeyId)
    fault(
      'GRANTRY_ENCRYPTION_KEY',
      'must be set with PostgreSQL, the same for every process: 32 random bytes, base64 (openssl rand -base64 32)',
    )

  const vault = get('GRANTRY_VAULT') ?? 'database'
  if (!isVault(vault)) fault('GRANTRY_VAULT', 'must be database, aws-secrets-manager or openbao')
  const vaultPrefix = get('GRANTRY_VAULT_PREFIX') ?? 'grantry'
  if (!isSecretPath(vaultPrefix))
    fault('GRANTRY_VAULT_PREFIX', 'must be letters, digits, - and _, parted by /')
  const openbao = readOpenBao(get, fault)
  if (vault === 'openbao' && !openbao)
    fault('GRANTRY_OPENBAO_ADDR', 'must be set with GRANTRY_VAULT=openbao: https://HOST:PORT')
  const workers = get('GRANTRY_WORKERS') ?? '1'
  if (!/^\d{1,3}$/.test(workers) || Number(workers) < 1 || Number(workers) > mostWorkers)
    fault('GRANTRY_WORKERS', `must be a whole number from 1 to ${mostWorkers}`)
  else if (Number(workers) > 1 && !postgres)
    fault('GRANTRY_WORKERS', 'can be more than 1 on PostgreSQL only: a SQLite file belongs to one process')

  const stopDelay = get('GRANTRY_STOP_DELAY') ?? '0'
  if (!/^\d{1,3}$/.test(stopDelay))
    fault('GRANTRY_STOP_DELAY', 'must be a whole number of seconds, 999 at most')

  for (const name of ['GRANTRY_BOOTSTRAP_API_KEY', 'GRANTRY_OPERATOR_KEY']) {
    const value = get(name)
    if (value && (value.length < shortestKey || !/^[\x21-\x7e]+$/.test(value)))
      fault(name, `must be at least ${shortestKey} printable characters without spaces`)
  }

  const owner = get('GRANTRY_BOOTSTRAP_OWNER')
  const bootstrapOwner = owner === null ? null : readOwner(owner)
  if (bootstrapOwner === undefined)
    fault('GRANTRY_BOOTSTRAP_OWNER', 'must be EMAIL:PASSWORD, the password of 12 to 128 characters')

  const egressAllow = get('GRANTRY_EGRESS_ALLOW') ?? ''
  for (const item of egressAllow.split(',').filter((part) => part.trim())) {
    if (!/^\s*(ws_[0-9a-z]{26}@)?([^\s@:/]+|\[[0-9a-f:.]+\]):\d{1,5}\s*$/i.test(item))
      fault('GRANTRY_EGRESS_ALLOW', `holds "${item.trim()}": write host:port or WORKSPACE@host:port`)
  }

  const trustedProxies = listOf('GRANTRY_TRUSTED_PROXIES')
  for (const proxy of trustedProxies) {
    const [address = '', bits] = proxy.split('/')
    const version = isIP(address)
    const widest = version === 4 ? 32 : 128
    if (!version || (bits !== undefined && !(/^\d+$/.test(bits) && Number(bits) <= widest)))
      fault('GRANTRY_TRUSTED_PROXIES', `holds "${proxy}": write addresses or CIDR ranges`)
  }

  const registration = get('GRANTRY_REGISTRATION') ?? 'open'
  if (!isRegistration(registration)) fault('GRANTRY_REGISTRATION', 'must be off, open or token')

  const retention = get('GRANTRY_AUDIT_RETENTION_DAYS')
  if (
    retention &&
    !(/^\d{1,5}$/.test(retention) && Number(retention) >= shortestRetention && Number(retention) <= 36_500)
  )
    fault(
      'GRANTRY_AUDIT_RETENTION_DAYS',
      `must be a whole number of days from ${shortestRetention} to 36500; empty keeps events for ever`,
    )

  const logs = readOtlp(get, 'LOGS', fault)
  const service = get('OTEL_SERVICE_NAME') ?? 'grantry'
  const traces = readTraces(get, service, fault)

  const sandbox = get('GRANTRY_SANDBOX') ?? '0'
  if (!/^[01]$/.test(sandbox)) fault('GRANTRY_SANDBOX', 'must be 0 or 1')
  if (sandbox === '1' && publicUrl && !isLoopback(publicUrl))
    fault(
      'GRANTRY_SANDBOX',
      'is for a machine of your own: GRANTRY_PUBLIC_URL must then be a loopback address',
    )

  const logLevel = get('GRANTRY_LOG_LEVEL') ?? 'info'
  if (!isLogLevel(logLevel)) fault('GRANTRY_LOG_LEVEL', 'must be debug, info, warn, error or silent')

  if (
    faults.length > 0 ||
    port === null ||
    !publicUrl ||
    !isRegistration(registration) ||
    !isVault(vault) ||
    !isLogLevel(logLevel)
  )
    throw new ConfigError(faults)
  const secret = (name: string) => {
    const value = get(name)
    return value ? new Secret(value) : null
  }
  return Object.freeze<Config>({
    host,
    port,
    publicUrl,
    dataDir,
    databaseUrl: new Secret(databaseUrl),
    listenUrl: postgres ? new Secret(listenUrl ?? databaseUrl) : null,
    rootKey: key
      ? { from: 'environment', key: new Secret(key) }
      : keyFile
        ? { from: 'file', path: resolve(keyFile) }
        : kmsKeyId
          ? { from: 'kms', keyId: kmsKeyId }
          : { from: 'data-dir' },
    otherRootKeys: [
      ...listOf('GRANTRY_OTHER_ENCRYPTION_KEYS').map((text) => ({
        from: 'environment' as const,
        key: new Secret(text),
      })),
      ...listOf('GRANTRY_OTHER_ENCRYPTION_KEY_FILES').map((path) => ({
        from: 'file' as const,
        path: resolve(path),
      })),
      ...listOf('GRANTRY_OTHER_KMS_KEY_IDS').map((keyId) => ({ from: 'kms' as const, keyId })),
    ],
    vault,
    vaultPrefix,
    openbao,
    bootstrapApiKey: secret('GRANTRY_BOOTSTRAP_API_KEY'),
    bootstrapOwner: bootstrapOwner ?? null,
    operatorKey: secret('GRANTRY_OPERATOR_KEY'),
    providersFile: get('GRANTRY_PROVIDERS_FILE'),
    trustedProxies,
    egressAllow,
    registration,
    telemetry: Object.freeze({ logs, traces, service }),
    auditRetentionMs: retention ? Number(retention) * 24 * 3_600_000 : null,
    sandbox: sandbox === '1' ? { enabled: true, port: port === 0 ? 0 : port + 1 } : { enabled: false },
    stopDelayMs: Number(stopDelay) * 1000,
    workers: Number(workers),
    logLevel,
  })
}

/** `http://localhost`, `http://127.x.x.x` and `http://[::1]` never leave the machine. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url)
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname)
}

/** Undefined for what cannot be used. What makes a password a bad one is judged where people choose theirs. */
function readOwner(text: string): Config['bootstrapOwner'] | undefined {
  const [, email = '', password = ''] = /^([^\s@:]+@[^\s@:]+):(.+)$/s.exec(text) ?? []
  const length = [...password].length
  if (email === '' || length < 12 || length > 128) return undefined
  return { email: email.normalize('NFC').toLowerCase(), password: new Secret(password) }
}

/**
 * By the names that OpenTelemetry gives them: a signal's own address as it is, or the path of the signal below the common one.
 * `OTEL_LOGS_EXPORTER=none` turns a signal off that the common address would turn on.
 * @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
function readOtlp(
  get: (name: string) => string | null,
  signal: 'LOGS' | 'TRACES',
  fault: (name: string, what: string) => void,
): OtlpTarget | null {
  if (get(`OTEL_${signal}_EXPORTER`) === 'none') return null
  const own = `OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`
  const common = 'OTEL_EXPORTER_OTLP_ENDPOINT'
  const name = get(own) ? own : common
  const address = get(name)
  if (!address) return null
  if (!/^https?:\/\/[^\s]+$/.test(address) || !URL.canParse(address)) {
    fault(name, 'must be an http or https URL')
    return null
  }
  const url = name === own ? address : `${address.replace(/\/+$/, '')}/v1/${signal.toLowerCase()}`
  const headers: Record<string, Secret> = {}
  for (const list of ['OTEL_EXPORTER_OTLP_HEADERS', `OTEL_EXPORTER_OTLP_${signal}_HEADERS`])
    for (const pair of (get(list) ?? '').split(',').filter((part) => part.trim())) {
      const [, key, value] = /^\s*([!#$%&'*+.^_`|~\w-]+)\s*=\s*(.*?)\s*$/.exec(pair) ?? []
      if (!key) fault(list, 'must be a list of name=value, by commas')
      else headers[key.toLowerCase()] = new Secret(unescapeHeader(value!))
    }
  return { url, headers }
}

/** @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ */
function readTraces(
  get: (name: string) => string | null,
  service: string,
  fault: (name: string, what: string) => void,
): TracesTarget | null {
  const target = readOtlp(get, 'TRACES', fault)
  const protocol = get('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL') ?? get('OTEL_EXPORTER_OTLP_PROTOCOL')
  if (!target || get('OTEL_SDK_DISABLED')?.toLowerCase() === 'true') return null
  if (protocol !== null && protocol !== 'http/json')
    fault('OTEL_EXPORTER_OTLP_PROTOCOL', 'must be http/json, the one that is spoken here')
  const attributes: Record<string, string> = {}
  for (const pair of (get('OTEL_RESOURCE_ATTRIBUTES') ?? '').split(',').filter((part) => part.trim())) {
    const [, name, value] = /^\s*([\w.-]+)\s*=\s*(.*?)\s*$/.exec(pair) ?? []
    if (!name) fault('OTEL_RESOURCE_ATTRIBUTES', 'must be a list of name=value, by commas')
    else attributes[name] = unescapeHeader(value!)
  }
  const sampler = readSampler(get, fault)
  const continues = (get('OTEL_PROPAGATORS') ?? '').split(',').some((one) => one.trim() === 'tracecontext')
  return { ...target, service, attributes, sampler, continues }
}

function readSampler(
  get: (name: string) => string | null,
  fault: (name: string, what: string) => void,
): TracesTarget['sampler'] {
  const kind = (get('OTEL_TRACES_SAMPLER') ?? 'always_on').replace(/^parentbased_/, '')
  if (kind === 'always_on' || kind === 'always_off') return { kind }
  if (kind !== 'traceidratio')
    fault(
      'OTEL_TRACES_SAMPLER',
      'must be always_on, always_off or traceidratio, with parentbased_ before it or not',
    )
  const text = get('OTEL_TRACES_SAMPLER_ARG') ?? '1'
  if (!/^(0(\.\d+)?|1(\.0+)?)$/.test(text)) fault('OTEL_TRACES_SAMPLER_ARG', 'must be a number from 0 to 1')
  return { kind: 'ratio', ratio: Number(text) }
}

/** As W3C Baggage writes values; what is not escaped rightly stands as it is. */
function unescapeHeader(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Null where it is not set, or not as it must be: what is wrong is told. */
function readOpenBao(
  get: (name: string) => string | null,
  fault: (name: string, what: string) => void,
): Config['openbao'] {
  const given = get('GRANTRY_OPENBAO_ADDR')
  const token = get('GRANTRY_OPENBAO_TOKEN')
  const file = get('GRANTRY_OPENBAO_TOKEN_FILE')
  const mount = get('GRANTRY_OPENBAO_MOUNT') ?? 'secret'
  if (given === null) return null
  const address = readOrigin(given.replace(/\/+$/, ''))
  if (!address) fault('GRANTRY_OPENBAO_ADDR', 'must be an origin such as https://openbao.internal:8200')
  else if (address.startsWith('http:') && !isLoopback(address))
    fault('GRANTRY_OPENBAO_ADDR', 'must be https: over plain http, its token could be read on the way')
  if (Boolean(token) === Boolean(file))
    fault('GRANTRY_OPENBAO_TOKEN', 'or GRANTRY_OPENBAO_TOKEN_FILE must be set, one of them')
  if (!isSecretPath(mount)) fault('GRANTRY_OPENBAO_MOUNT', 'must be the path of a KV engine, without /data')
  return {
    address: address ?? '',
    token: file
      ? { from: 'file', path: resolve(file) }
      : { from: 'environment', value: new Secret(token ?? '') },
    mount,
    namespace: get('GRANTRY_OPENBAO_NAMESPACE'),
  }
}

/** What both AWS and OpenBao take in a name, with no step up in it. */
function isSecretPath(text: string): boolean {
  return text.length <= 200 && /^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/.test(text)
}

function isVault(text: string): text is Config['vault'] {
  return ['database', 'aws-secrets-manager', 'openbao'].includes(text)
}

function isPostgres(url: string): boolean {
  return /^postgres(ql)?:\/\//.test(url)
}

function isRegistration(text: string): text is Config['registration'] {
  return ['off', 'open', 'token'].includes(text)
}

function isLogLevel(text: string): text is Config['logLevel'] {
  return ['debug', 'info', 'warn', 'error', 'silent'].includes(text)
}

function readPort(text: string): number | null {
  const port = Number(text)
  return /^\d{1,5}$/.test(text) && port <= 65535 ? port : null
}

function readOrigin(text: string): string | null {
  try {
    const url = new URL(text)
    const plain = (url.protocol === 'http:' || url.protocol === 'https:') && !url.username && !url.password
    return plain && url.pathname === '/' && !url.search && !url.hash ? url.origin : null
  } catch {
    return null
  }
}

/** One letter more, fewer or other, or two swapped: a slip of the finger. */
function nearlySame(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 2) return false
  const letters = (text: string) => [...text].sort().join('')
  if (letters(a) === letters(b)) return true
  let same = 0
  while (same < a.length && a[same] === b[same]) same++
  let tail = 0
  while (tail < Math.min(a.length, b.length) - same && a.at(-1 - tail) === b.at(-1 - tail)) tail++
  return Math.max(a.length, b.length) - same - tail <= 2
}
