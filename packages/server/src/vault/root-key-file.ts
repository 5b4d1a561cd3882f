import { randomUUID } from 'node:crypto'
import { type FileHandle, link, mkdir, open, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Secret } from '@grantry/oauth'
import type { GivenRootKey } from '../config/vault.ts'
import type { Config } from '../config.ts'
import type { AnyDb } from '../db/connect.ts'
import { syncFolder } from '../db/sync-folder.ts'
import { VaultError } from './errors.ts'
import { isSealed } from './key-check.ts'
import { kmsRootKey } from './kms-root-key.ts'
import { KEY_BYTES, localRootKey, type RootKey } from './root-key.ts'

type RootKeyConfig = Pick<Config, 'rootKey' | 'dataDir'>
type Random = (bytes: number) => Uint8Array

const fileIn = (dataDir: string) => join(dataDir, 'root.key')

/**
 * The root key that the configuration names; touches nothing but its file, or asks AWS KMS, so it can come before the
 * database is opened. Null when it is to be in the data folder and is not there: {@link makeRootKey} then.
 * @throws {VaultError} root_key_invalid, root_key_missing, root_key_exposed; what {@link kmsRootKey} throws
 */
export async function readRootKey(
  { rootKey, dataDir }: RootKeyConfig,
  random: Random,
): Promise<RootKey | null> {
  if (rootKey.from !== 'data-dir')
    return readGiven(rootKey, ['GRANTRY_ENCRYPTION_KEY', 'GRANTRY_ENCRYPTION_KEY_FILE'], random)
  const path = fileIn(dataDir)
  const text = await readPrivateFile(path)
  return text && localRootKey(text, path, random)
}

/**
 * The root keys that may still have wrapped data keys, or are to wrap them soon.
 * @throws {VaultError} as {@link readRootKey}
 */
export async function readOtherRootKeys(
  { otherRootKeys }: Pick<Config, 'otherRootKeys'>,
  random: Random,
): Promise<RootKey[]> {
  const found: RootKey[] = []
  const variables = ['GRANTRY_OTHER_ENCRYPTION_KEYS', 'GRANTRY_OTHER_ENCRYPTION_KEY_FILES'] as const
  for (const given of otherRootKeys) found.push(await readGiven(given, variables, random))
  return found
}

async function readGiven(
  given: GivenRootKey,
  [ofKey, ofFile]: readonly [string, string],
  random: Random,
): Promise<RootKey> {
  if (given.from === 'environment') return localRootKey(given.key, ofKey, random)
  if (given.from === 'kms') return kmsRootKey(given.keyId, random)
  const text = await readPrivateFile(given.path)
  if (text) return localRootKey(text, given.path, random)
  throw new VaultError('root_key_missing', `${ofFile} names ${given.path}, which does not exist`)
}

/** Where the operator finds the root key, in words: it has to be kept apart from what it seals. */
export function whereRootKeyIs({ rootKey, dataDir }: RootKeyConfig): string {
  if (rootKey.from === 'data-dir') return fileIn(dataDir)
  if (rootKey.from === 'file') return rootKey.path
  return rootKey.from === 'kms' ? `AWS KMS (${rootKey.keyId})` : 'GRANTRY_ENCRYPTION_KEY'
}

/**
 * Makes the root key of a new installation, in a file of the data folder that only its owner can read.
 * Several processes may do so at once: all get the same key.
 * @throws {VaultError} root_key_missing when the database was sealed with a key that is not here
 */
export async function makeRootKey(db: AnyDb, config: RootKeyConfig, random: Random): Promise<RootKey> {
  const path = fileIn(config.dataDir)
  // Who comes second may find the database sealed, but then also the key.
  const sealed = await isSealed(db)
  const existing = await readRootKey(config, random)
  if (existing) return existing
  if (sealed)
    throw new VaultError(
      'root_key_missing',
      `The database was sealed with a root key, but ${path} is gone. ` +
        'Put the file back from its backup, or give the key in GRANTRY_ENCRYPTION_KEY; a new key could not open anything',
    )
  await writeNewFile(path, `${Buffer.from(random(KEY_BYTES)).toString('base64')}\n`)
  return (await readRootKey(config, random))!
}

async function readPrivateFile(path: string): Promise<Secret | null> {
  const file = await openExisting(path)
  if (!file) return null
  try {
    const { mode } = await file.stat()
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      throw new VaultError('root_key_exposed', `Others may read the root key. Run: chmod 600 ${path}`)
    return new Secret(await file.readFile('utf8'))
  } finally {
    await file.close()
  }
}

async function openExisting(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'r')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new VaultError(
      'root_key_missing',
      `The root key in ${path} cannot be read: ${(cause as Error).message}`,
      {
        cause,
      },
    )
  }
}

/** Whole and on the disk, or not at all; an existing file stays as it is. */
async function writeNewFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const unfinished = `${path}.${randomUUID()}`
  const file = await open(unfinished, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
    await link(unfinished, path)
    // A name must survive the power cut that what the key unlocks survives.
    await syncFolder(dirname(path))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await file.close()
    await rm(unfinished, { force: true })
  }
}
