import { resolve } from 'node:path'
import { isLoopback, Secret } from '@grantry/oauth'
import { readOrigin } from './origin.ts'
import type { Settings } from './settings.ts'

/** A root key that the operator gives; a file's path is absolute. */
export type GivenRootKey =
  | { from: 'environment'; key: Secret }
  | { from: 'file'; path: string }
  | { from: 'kms'; keyId: string }

export type VaultConfig = {
  rootKey: GivenRootKey | { from: 'data-dir' }
  /** What may unwrap data keys beside the root key, which wraps them: while one follows another. */
  otherRootKeys: GivenRootKey[]
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
}

/** @param keyNeeded where no file of one host can hold the root key */
export function readVault(settings: Settings, keyNeeded: boolean): VaultConfig {
  const vault = settings.choice('GRANTRY_VAULT', ['database', 'aws-secrets-manager', 'openbao'], 'database')
  const vaultPrefix = settings.get('GRANTRY_VAULT_PREFIX') ?? 'grantry'
  if (!isSecretPath(vaultPrefix))
    settings.fault('GRANTRY_VAULT_PREFIX', 'must be letters, digits, - and _, parted by /')
  const openbao = readOpenBao(settings)
  if (vault === 'openbao' && !openbao)
    settings.fault('GRANTRY_OPENBAO_ADDR', 'must be set with GRANTRY_VAULT=openbao: https://HOST:PORT')
  return {
    rootKey: readRootKey(settings, keyNeeded),
    otherRootKeys: [
      ...settings.list('GRANTRY_OTHER_ENCRYPTION_KEYS').map(inEnvironment),
      ...settings.list('GRANTRY_OTHER_ENCRYPTION_KEY_FILES').map(inFile),
      ...settings.list('GRANTRY_OTHER_KMS_KEY_IDS').map(inKms),
    ],
    vault,
    vaultPrefix,
    openbao,
  }
}

const inEnvironment = (text: string): GivenRootKey => ({ from: 'environment', key: new Secret(text) })
const inFile = (path: string): GivenRootKey => ({ from: 'file', path: resolve(path) })
const inKms = (keyId: string): GivenRootKey => ({ from: 'kms', keyId })

function readRootKey({ get, fault }: Settings, needed: boolean): VaultConfig['rootKey'] {
  const key = get('GRANTRY_ENCRYPTION_KEY')
  const file = get('GRANTRY_ENCRYPTION_KEY_FILE')
  const kmsKeyId = get('GRANTRY_KMS_KEY_ID')
  if (key && file) fault('GRANTRY_ENCRYPTION_KEY', 'and GRANTRY_ENCRYPTION_KEY_FILE are both set: give one')
  if (kmsKeyId && (key || file))
    fault('GRANTRY_KMS_KEY_ID', 'and a key of your own are both set: give one root key')
  if (needed && !key && !file && !kmsKeyId)
    fault(
      'GRANTRY_ENCRYPTION_KEY',
      'must be set with PostgreSQL, the same for every process: 32 random bytes, base64 (openssl rand -base64 32)',
    )
  if (key) return inEnvironment(key)
  if (file) return inFile(file)
  return kmsKeyId ? inKms(kmsKeyId) : { from: 'data-dir' }
}

/** Null where it is not set, or not as it must be: what is wrong is told. */
function readOpenBao({ get, fault }: Settings): VaultConfig['openbao'] {
  const given = get('GRANTRY_OPENBAO_ADDR')
  const token = get('GRANTRY_OPENBAO_TOKEN')
  const file = get('GRANTRY_OPENBAO_TOKEN_FILE')
  const mount = get('GRANTRY_OPENBAO_MOUNT') ?? 'secret'
  const namespace = get('GRANTRY_OPENBAO_NAMESPACE')
  if (given === null) return null
  const address = readOrigin(given.replace(/\/+$/, ''))
  if (!address) fault('GRANTRY_OPENBAO_ADDR', 'must be an origin such as https://openbao.internal:8200')
  else if (address.startsWith('http:') && !isLoopback(new URL(address).hostname))
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
    namespace,
  }
}

/** What both AWS and OpenBao take in a name, with no step up in it. */
function isSecretPath(text: string): boolean {
  return text.length <= 200 && /^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/.test(text)
}
