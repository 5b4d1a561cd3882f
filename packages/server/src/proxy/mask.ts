import type { Secret } from '@grantry/oauth'

/** Shorter ones would be found by chance. */
const shortest = 16

/**
 * Takes a token out of what an API answers. APIs that repeat what they were called with (links to the next page, an
 * error that quotes the request) would hand it to a caller who may use it but not have it. As many asterisks take its
 * place, so that lengths stay as they were told.
 */
export type Mask = {
  text(value: string): string
  /** Changes the chunk where it holds the token, and gives what of it can go on: its end waits where a token may begin. */
  chunk(bytes: Uint8Array): Uint8Array
  /** What still waits. */
  rest(): Uint8Array
}

const nothing = new Uint8Array()
/** For tokens that are too short to be told from anything else. */
const noMask: Mask = { text: (value) => value, chunk: (bytes) => bytes, rest: () => nothing }

export function createMask(token: Secret): Mask {
  const text = token.expose()
  if (text.length < shortest) return noMask
  const spellings = spellingsOf(text)
  const wanted = spellings.map((spelling) => Buffer.from(spelling))
  let waiting: Uint8Array = nothing

  return {
    text: (value) =>
      spellings.reduce((masked, each) => masked.replaceAll(each, '*'.repeat(each.length)), value),
    chunk(given) {
      const bytes =
        waiting.length > 0
          ? Buffer.concat([waiting, given])
          : Buffer.from(given.buffer, given.byteOffset, given.byteLength)
      for (const each of wanted)
        for (let at = bytes.indexOf(each); at !== -1; at = bytes.indexOf(each, at + each.length))
          bytes.fill('*', at, at + each.length)
      const held = Math.max(...wanted.map((each) => begun(bytes, each)))
      waiting = held === 0 ? nothing : bytes.subarray(bytes.length - held)
      return held === 0 ? bytes : bytes.subarray(0, bytes.length - held)
    },
    rest() {
      const left = waiting
      waiting = nothing
      return left
    },
  }
}

/** A token as it is, and as URLs and JSON write it: PHP escapes slashes there, and .NET plus signs. Of most there is one. */
function spellingsOf(text: string): string[] {
  const inUrl = encodeURIComponent(text)
  const inJson = JSON.stringify(text).slice(1, -1)
  return [
    ...new Set([
      text,
      inUrl,
      inUrl.replaceAll(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase()),
      inJson,
      inJson.replaceAll('/', '\\/'),
      inJson.replaceAll('+', '\\u002B'),
    ]),
  ]
}

/** How many bytes at the end may be the beginning of a token. */
function begun(bytes: Buffer, token: Buffer): number {
  let at = Math.max(0, bytes.length - token.length + 1)
  for (;;) {
    at = bytes.indexOf(token[0]!, at)
    if (at === -1) return 0
    if (bytes.subarray(at).equals(token.subarray(0, bytes.length - at))) return bytes.length - at
    at++
  }
}
