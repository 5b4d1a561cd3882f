import type { Transform } from 'node:stream'
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib'

const MAX_ENCODINGS = 2
/** RFC 9659 §3: a decoder of `Content-Encoding: zstd` need not take windows over 8 MiB. */
const ZSTD_WINDOW_LOG = 23

/** What we ask for. Anything below is decoded even when a server sends it unasked. */
export const ACCEPT_ENCODING = 'gzip, deflate, br'

const DECODERS: Record<string, (firstByte: number) => Transform> = {
  gzip: () => createGunzip(),
  'x-gzip': () => createGunzip(),
  // Should be the zlib format, but servers also send the bare one (RFC 9110 §8.4.1.2); the first byte tells.
  deflate: (firstByte) => ((firstByte & 0x0f) === 8 ? createInflate() : createInflateRaw()),
  br: () => createBrotliDecompress(),
  zstd: () => createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG } }),
}

/** The encodings of a Content-Encoding in the order in which they are to be undone (RFC 9110 §8.4: the reverse of the listed one). */
export function listEncodings(contentEncoding: string | null): string[] {
  return (contentEncoding ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity')
    .reverse()
}

/** The chain of decoders for these encodings, or null when they are unknown or stacked too deep. */
export function createDecoders(encodings: string[], firstByte: number): Transform[] | null {
  if (encodings.length > MAX_ENCODINGS || encodings.some((name) => !Object.hasOwn(DECODERS, name)))
    return null
  // Only the outermost encoding's first byte is on the wire; an inner deflate is taken to be well-formed.
  return encodings.map((name, i) => DECODERS[name]!(i === 0 ? firstByte : 8))
}
