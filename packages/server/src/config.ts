import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { isLoopback, Secret } from '@grantry/oauth'
import { readTelemetry, type Telemetry } from './config/open-telemetry.ts'
import { readOrigin } from './config/origin.ts'
import { readSettings, type Settings } from './config/settings.ts'
import { tellUnknown } from './config/tell-unknown.ts'
import { readVault, type VaultConfig } from './config/vault.ts'

/** What the environment asks for, checked; nothing else in the server reads the environment. */
export type Config = VaultConfig & {
  host: string
  port: number
  /** How browsers and providers reach us: an origin, no slash at the end. */
  publicUrl: string
  dataDir: string
  databaseUrl: Secret
  /** Where PostgreSQL's notifications are listened to; SQLite has none. */
  listenUrl: Secret | null
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
  /** The operator's collector. */
  telemetry: Telemetry
  sandbox: { enabled: true; port: number } | { enabled: false }
  /** How long it goes on answering when it is to stop, so that a balancer can see that it is not ready. */
  stopDelayMs: number
  /** Processes that share the port. */
  workers: number
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
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
  const settings = readSettings(env)
  const { get, fault } = settings

  const port = settings.wholeNumber('GRANTRY_PORT', { from: 0, to: 65_535 }) ?? 7001
  const host = get('GRANTRY_HOST') ?? '127.0.0.1'

  const publicUrl = readOrigin(get('GRANTRY_PUBLIC_URL') ?? `http://localhost:${port}`)
  const atHome = publicUrl !== null && isLoopback(new URL(publicUrl).hostname)
  if (!publicUrl)
    fault('GRANTRY_PUBLIC_URL', 'must be an origin such as https://connect.example.com, without a path')
  else if (publicUrl.startsWith('http:') && !atHome)
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

  const vault = readVault(settings, postgres)

  const workers = settings.wholeNumber('GRANTRY_WORKERS', { from: 1, to: mostWorkers }) ?? 1
  if (workers > 1 && !postgres)
    fault('GRANTRY_WORKERS', 'can be more than 1 on PostgreSQL only: a SQLite file belongs to one process')
  const stopDelay = settings.wholeNumber('GRANTRY_STOP_DELAY', { from: 0, to: 999, of: 'seconds' }) ?? 0

  const egressAllow = get('GRANTRY_EGRESS_ALLOW') ?? ''
  for (const item of settings.list('GRANTRY_EGRESS_ALLOW')) {
    if (!/^(ws_[0-9a-z]{26}@)?([^\s@:/]+|\[[0-9a-f:.]+\]):\d{1,5}$/i.test(item))
      fault('GRANTRY_EGRESS_ALLOW', `holds "${item}": write host:port or WORKSPACE@host:port`)
  }

  const retention = settings.wholeNumber('GRANTRY_AUDIT_RETENTION_DAYS', {
    from: shortestRetention,
    to: 36_500,
    of: 'days',
  })

  const sandbox = settings.choice('GRANTRY_SANDBOX', ['0', '1'], '0') === '1'
  if (sandbox && publicUrl && !atHome)
    fault(
      'GRANTRY_SANDBOX',
      'is for a machine of your own: GRANTRY_PUBLIC_URL must then be a loopback address',
    )

  const config: Omit<Config, 'publicUrl'> = {
    host,
    port,
    dataDir,
    databaseUrl: new Secret(databaseUrl),
    listenUrl: postgres ? new Secret(listenUrl ?? databaseUrl) : null,
    ...vault,
    bootstrapApiKey: readKey(settings, 'GRANTRY_BOOTSTRAP_API_KEY'),
    bootstrapOwner: readOwner(settings),
    operatorKey: readKey(settings, 'GRANTRY_OPERATOR_KEY'),
    providersFile: get('GRANTRY_PROVIDERS_FILE'),
    trustedProxies: readTrustedProxies(settings),
    egressAllow,
    registration: settings.choice('GRANTRY_REGISTRATION', ['off', 'open', 'token'], 'open'),
    telemetry: Object.freeze(readTelemetry(settings)),
    auditRetentionMs: retention && retention * 24 * 3_600_000,
    sandbox: sandbox ? { enabled: true, port: port === 0 ? 0 : port + 1 } : { enabled: false },
    stopDelayMs: stopDelay * 1000,
    workers,
    logLevel: settings.choice('GRANTRY_LOG_LEVEL', ['debug', 'info', 'warn', 'error', 'silent'], 'info'),
  }
  tellUnknown(env, settings)
  if (settings.faults.length > 0 || !publicUrl) throw new ConfigError(settings.faults)
  return Object.freeze<Config>({ ...config, publicUrl })
}

function readKey(settings: Settings, name: string): Secret | null {
  const key = settings.secret(name)
  const text = key?.expose() ?? null
  if (text !== null && (text.length < shortestKey || !/^[\x21-\x7e]+$/.test(text)))
    settings.fault(name, `must be at least ${shortestKey} printable characters without spaces`)
  return key
}

/** What makes a password a bad one is judged where people choose theirs. */
function readOwner({ get, fault }: Settings): Config['bootstrapOwner'] {
  const text = get('GRANTRY_BOOTSTRAP_OWNER')
  if (text === null) return null
  const [, email = '', password = ''] = /^([^\s@:]+@[^\s@:]+):(.+)$/s.exec(text) ?? []
  const length = [...password].length
  if (email === '' || length < 12 || length > 128)
    fault('GRANTRY_BOOTSTRAP_OWNER', 'must be EMAIL:PASSWORD, the password of 12 to 128 characters')
  return { email: email.normalize('NFC').toLowerCase(), password: new Secret(password) }
}

function readTrustedProxies({ list, fault }: Settings): string[] {
  const proxies = list('GRANTRY_TRUSTED_PROXIES')
  for (const proxy of proxies) {
    const [address = '', bits] = proxy.split('/')
    const version = isIP(address)
    const widest = version === 4 ? 32 : 128
    if (!version || (bits !== undefined && !(/^\d+$/.test(bits) && Number(bits) <= widest)))
      fault('GRANTRY_TRUSTED_PROXIES', `holds "${proxy}": write addresses or CIDR ranges`)
  }
  return proxies
}

function isPostgres(url: string): boolean {
  return /^postgres(ql)?:\/\//.test(url)
}
