import { Readable } from 'node:stream'
import type { ReadableStream as WebStream } from 'node:stream/web'
import { invalid } from '../errors.ts'

/** Text in, a file in the age format out, as it comes: a file that was cut off does not open to its end. */
export type SealLines = (lines: AsyncIterable<string>) => Promise<Readable>

const chunkBytes = 65_536

/**
 * What seals to these recipients (`age1…`).
 * @throws ApiError invalid_request for what is no recipient
 * @see https://age-encryption.org/v1
 */
export async function createSeal(recipients: readonly string[]): Promise<SealLines> {
  // Few servers are ever asked for an export: it is loaded when one is.
  const { Encrypter } = await import('age-encryption')
  const encrypter = new Encrypter()
  for (const [index, recipient] of recipients.entries()) {
    try {
      encrypter.addRecipient(recipient)
    } catch {
      throw invalid(`recipients.${index}`, 'is no age recipient')
    }
  }
  return async (lines) => {
    const plain = ReadableStream.from(toChunks(lines))
    const sealed = await encrypter.encrypt(plain as ReadableStream<Uint8Array>)
    return Readable.fromWeb(sealed as unknown as WebStream)
  }
}

/** Lines are short, and each step through the streams costs as much as a long one. */
async function* toChunks(lines: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  let gathered = ''
  for await (const line of lines) {
    gathered += line
    if (gathered.length < chunkBytes) continue
    yield Buffer.from(gathered)
    gathered = ''
  }
  if (gathered !== '') yield Buffer.from(gathered)
}
