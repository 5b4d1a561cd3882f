import type { Transform } from 'node:stream'
import { createDecoders } from './decode.ts'
import type { EgressError, EgressErrorCode } from './error.ts'

/** The side of a body that the peer's bytes go in at. */
export type Body = {
  stream: ReadableStream<Uint8Array>
  write(chunk: Buffer): void
  end(): void
  fail(error: EgressError): void
}

export type BodyOptions = {
  /** Encodings to undo, outermost first. */
  encodings: string[]
  /** Of decoded bytes. */
  maxBytes: number
  source: { pause(): void; resume(): void }
  onFail(code: EgressErrorCode, cause?: unknown): void
  /** All bytes are in the stream's queue. */
  onEnd(): void
  /** The reader does not want the rest. */
  onCancel(): void
}

const HIGH_WATER_MARK = 262_144

/** Turns what arrives into a bounded, decoded stream; a reader that does not read stops the socket. */
export function openBody({ encodings, maxBytes, source, onFail, onEnd, onCancel }: BodyOptions): Body {
  let controller!: ReadableStreamDefaultController<Uint8Array>
  let decoders: Transform[] = []
  let delivered = 0
  let over = false

  const valve = () => decoders.at(-1) ?? source
  const stop = () => {
    over = true
    for (const decoder of decoders) decoder.destroy()
  }
  const deliver = (chunk: Buffer) => {
    if (over) return
    delivered += chunk.length
    if (delivered > maxBytes) return onFail('egress_too_large')
    controller.enqueue(chunk)
    if (controller.desiredSize! <= 0) valve().pause()
  }
  const finish = () => {
    if (over) return
    over = true
    controller.close()
    onEnd()
  }
  const openDecoders = (firstByte: number) => {
    const chain = createDecoders(encodings, firstByte)
    if (!chain) return onFail('egress_bad_encoding')
    decoders = chain
    chain.forEach((decoder, i) => {
      decoder.on('error', (cause) => onFail('egress_bad_encoding', cause))
      const next = chain[i + 1]
      if (next) decoder.pipe(next)
      else decoder.on('data', deliver).on('end', finish)
    })
    chain[0]!.on('drain', () => source.resume())
  }

  return {
    stream: new ReadableStream<Uint8Array>(
      {
        start(given) {
          controller = given
        },
        pull() {
          valve().resume()
        },
        cancel() {
          stop()
          onCancel()
        },
      },
      new ByteLengthQueuingStrategy({ highWaterMark: HIGH_WATER_MARK }),
    ),
    write(chunk) {
      if (over) return
      if (encodings.length === 0) return deliver(chunk)
      if (decoders.length === 0) openDecoders(chunk[0]!)
      if (!over && !decoders[0]!.write(chunk)) source.pause()
    },
    end() {
      if (over) return
      if (decoders.length === 0) finish()
      else decoders[0]!.end()
    },
    fail(error) {
      if (over) return
      stop()
      controller.error(error)
    },
  }
}
