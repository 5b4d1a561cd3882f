import { Readable } from 'node:stream'
import type { Mask } from './mask.ts'

/** Read ahead of a caller who reads slowly, at most. */
const aheadBytes = 262_144

/** The body of an answer without the token, as fetch gives one. */
export function maskedAnswer(answer: Response, mask: Mask): Response {
  const headers = new Headers()
  for (const [name, value] of answer.headers) headers.append(name, mask.text(value))
  const init = { status: answer.status, headers }
  if (answer.body === null) return new Response(null, init)
  const reader = answer.body.getReader()
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const chunk = await nextChunk(reader, mask)
        if (chunk === null) controller.close()
        else controller.enqueue(chunk)
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
  return new Response(body, init)
}

/** A whole body without the token. */
export function maskedBytes(body: Buffer, mask: Mask): Buffer {
  const begun = mask.chunk(body)
  const rest = mask.rest()
  return rest.length === 0 ? (begun as Buffer) : Buffer.concat([begun, rest])
}

/** The same as a stream of Node's, which costs half as much; destroying it ends the call. */
export function maskedReadable(body: ReadableStream<Uint8Array>, mask: Mask): Readable {
  const reader = body.getReader()
  return new Readable({
    highWaterMark: aheadBytes,
    read() {
      nextChunk(reader, mask).then(
        (chunk) => this.push(chunk),
        (error: Error) => this.destroy(error),
      )
    },
    destroy(error, done) {
      reader.cancel(error).then(
        () => done(error),
        () => done(error),
      )
    },
  })
}

async function nextChunk(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  mask: Mask,
): Promise<Uint8Array | null> {
  for (;;) {
    const { done, value } = await reader.read()
    const chunk = done ? mask.rest() : mask.chunk(value)
    if (chunk.length > 0) return chunk
    if (done) return null
  }
}
