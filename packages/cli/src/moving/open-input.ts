import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Readable } from 'node:stream'
import type { Cli } from '../cli.ts'
import { Failure, UsageError } from '../failure.ts'
import { readSecret } from '../read-secret.ts'

export type Keys = { identity?: string; passphraseFile?: string }

const magic = 'age-encryption.org/'
const armour = '-----BEGIN AGE'

/**
 * The bytes of a file, or of stdin for `-`; opened where they are sealed in the age format. A file that was changed or cut
 * off fails where that shows: each part that comes before was sealed so.
 * @throws Failure where it cannot be read or opened
 */
export async function openInput(cli: Cli, path: string, keys: Keys): Promise<AsyncIterable<Uint8Array>> {
  const source = path === '-' ? toBytes(cli.stdin) : toBytes(createReadStream(resolve(cli.cwd, path)))
  const iterator = source[Symbol.asyncIterator]()
  const first = await iterator.next().catch((error: NodeJS.ErrnoException) => {
    throw new Failure(`${path} cannot be read (${error.code}).`, { cause: error })
  })
  const head = first.done ? '' : Buffer.from(first.value.subarray(0, 40)).toString('latin1')
  const whole = goOn(first, iterator)
  if (head.startsWith(armour))
    throw new Failure(`${path} is sealed as text.`, { next: 'age --decrypt … | grantry import … -' })
  if (!head.startsWith(magic)) {
    if (keys.identity ?? keys.passphraseFile)
      throw new UsageError(`${path} is not sealed: no key is needed for it.`)
    return whole
  }
  return unseal(cli, path, whole, keys)
}

async function unseal(
  cli: Cli,
  path: string,
  sealed: AsyncIterable<Uint8Array>,
  { identity, passphraseFile }: Keys,
): Promise<AsyncIterable<Uint8Array>> {
  const { Decrypter } = await import('age-encryption')
  const decrypter = new Decrypter()
  if (identity !== undefined)
    for (const one of await readIdentities(cli, identity)) addIdentity(decrypter, one, identity)
  else {
    const flag = '--identity or --passphrase-file'
    const { passphraseKey } = await import('./scrypt-stanza.ts')
    decrypter.addIdentity(
      passphraseKey(await readSecret(cli, { name: 'passphrase', file: passphraseFile, flag })),
    )
  }
  const stream = ReadableStream.from(sealed) as ReadableStream<Uint8Array>
  try {
    return damaged(path, await decrypter.decrypt(stream))
  } catch (error) {
    const key = identity === undefined ? 'passphrase' : 'identity'
    throw new Failure(`${path} does not open with this ${key}.`, {
      next: `give the ${key} that it was sealed to`,
      cause: error,
    })
  }
}

/** The lines of an identity file, as age-keygen writes it: comments begin with #. */
async function readIdentities(cli: Cli, file: string): Promise<string[]> {
  const text = await readFile(resolve(cli.cwd, file), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Failure(`${file} cannot be read (${error.code}).`, { cause: error })
  })
  const lines = text.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#'))
  if (lines.length === 0) throw new Failure(`${file} holds no identity.`, { next: `age-keygen -o ${file}` })
  return lines
}

function addIdentity(
  decrypter: { addIdentity(identity: string): void },
  identity: string,
  file: string,
): void {
  try {
    decrypter.addIdentity(identity)
  } catch {
    // What the library says may quote the key.
    throw new Failure(`${file} holds something else than identities (AGE-SECRET-KEY-1…).`)
  }
}

async function* damaged(path: string, opened: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* opened as unknown as AsyncIterable<Uint8Array>
  } catch (error) {
    throw new Failure(`${path} was changed or cut off: the rest of it does not open.`, {
      next: 'get the whole file and run the same again: what has been imported stays as it is',
      cause: error,
    })
  }
}

/** What was looked at, and then the rest. */
async function* goOn(
  first: IteratorResult<Uint8Array>,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    for (let next = first; !next.done; next = await rest.next()) yield next.value
  } finally {
    await rest.return?.()
  }
}

async function* toBytes(source: Readable): AsyncGenerator<Uint8Array> {
  for await (const chunk of source)
    yield typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Uint8Array)
}
