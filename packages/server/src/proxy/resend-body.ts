/** A request's body that can be sent more than once, as long as little of it has gone by. */
export type ResendableBody = {
  /** The body from its beginning; null when too much of it is gone. Whoever read it before gets no more. */
  open(): string | Uint8Array | AsyncIterable<Uint8Array> | null
  /** Whether `open` would still give it. */
  canReopen(): boolean
  /** Ends whoever waits for more of it. */
  close(): void
}

/** What is kept of a stream, so that a refused token or a busy provider does not cost the caller its call. */
export const keptBytes = 262_144

/** Text and bytes can always be sent again; of a stream the first `keep` bytes are kept until there are more. */
export function resendableBody(
  body: string | Uint8Array | AsyncIterable<Uint8Array>,
  keep = keptBytes,
): ResendableBody {
  if (typeof body === 'string' || ArrayBuffer.isView(body))
    return { open: () => body, canReopen: () => true, close() {} }
  return resendableStream(body, keep)
}

function resendableStream(source: AsyncIterable<Uint8Array>, keep: number): ResendableBody {
  const parts = source[Symbol.asyncIterator]()
  // Of the stream from `first` on.
  const queue: Uint8Array[] = []
  let first = 0
  let size = 0
  let ended = false
  let failure: { error: unknown } | null = null
  let pulling = false
  let reader = 0
  let wake = () => {}

  function pull(): void {
    if (pulling) return
    pulling = true
    parts.next().then(
      ({ done, value }) => {
        pulling = false
        if (done) ended = true
        else {
          queue.push(value)
          size += value.byteLength
        }
        wake()
      },
      (error) => {
        pulling = false
        failure = { error }
        wake()
      },
    )
  }

  async function* read(own: number): AsyncGenerator<Uint8Array> {
    for (let at = 0; ; ) {
      if (own !== reader) throw new Error('the body is no longer read here')
      const part = queue[at - first]
      if (part) {
        at++
        yield part
        // Sent, and past what is worth keeping.
        if (size > keep && own === reader) first += queue.splice(0, at - first).length
      } else if (failure) throw failure.error
      else if (ended) return
      else {
        const more = new Promise<void>((resolve) => {
          wake = resolve
        })
        pull()
        await more
      }
    }
  }

  return {
    canReopen: () => first === 0 && failure === null,
    open() {
      if (first > 0 || failure) return null
      const own = ++reader
      wake()
      return read(own)
    },
    close() {
      reader++
      wake()
    },
  }
}
