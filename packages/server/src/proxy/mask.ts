import type { Secret } from '@grantry/oauth'

/** Shorter ones would be found by chance. */
const shortest = 16

/**
 * An answer in which the token does not stand: APIs that repeat what they were called with (links to the next page, an
 * error that quotes the request) would hand it to a caller who may use it but not have it. As many asterisks take its
 * place, so that lengths stay as they were told.
 */
export function maskAnswer(answer: Response, token: Secret): Response {
  const text = token.expose()
  if (text.length < shortest) return answer
  const spellings = [...new Set([text, encodeURIComponent(text), JSON.stringify(text).slice(1, -1)])]
  const headers = new Headers()
  for (const [name, value] of answer.headers) headers.append(name, maskText(value, spellings))
  const { status } = answer
  if (answer.body === null) return new Response(null, { status, headers })
  return new Response(answer.body.pipeThrough(maskBytes(spellings)), { status, headers })
}

function maskText(text: string, spellings: string[]): string {
  return spellings.reduce(
    (masked, spelling) => masked.replaceAll(spelling, '*'.repeat(spelling.length)),
    text,
  )
}

/** Only what may be the beginning of a token waits for the next chunk. */
function maskBytes(spellings: string[]): TransformStream<Uint8Array, Uint8Array> {
  const wanted = spellings.map((spelling) => Buffer.from(spelling))
  let waiting: Buffer = Buffer.alloc(0)
  return new TransformStream({
    transform(chunk, controller) {
      let bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
      if (waiting.length > 0) bytes = Buffer.concat([waiting, bytes])
      for (const token of wanted)
        for (let at = bytes.indexOf(token); at !== -1; at = bytes.indexOf(token, at + token.length))
          bytes.fill('*', at, at + token.length)
      const held = Math.max(...wanted.map((token) => begun(bytes, token)))
      waiting = bytes.subarray(bytes.length - held)
      if (held < bytes.length) controller.enqueue(bytes.subarray(0, bytes.length - held))
    },
    flush(controller) {
      if (waiting.length > 0) controller.enqueue(waiting)
    },
  })
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
