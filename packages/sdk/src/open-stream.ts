import { ConnectionFailedError } from './errors.ts'
import { readError } from './read-error.ts'

export type StreamTransport = {
  /** Of Grantry. */
  url: string
  credential: () => Promise<string | null>
  fetch: typeof fetch
  signal: AbortSignal | undefined
}

/** One call whose answer is bytes. It may take as long as bytes come, and is made once: who reads has perhaps passed some on. */
export async function openStream(
  transport: StreamTransport,
  method: string,
  path: string,
  { body, signal }: { body?: unknown; signal?: AbortSignal | undefined },
): Promise<ReadableStream<Uint8Array>> {
  const credential = await transport.credential()
  const signals = [transport.signal, signal].filter((one) => one !== undefined)
  const response = await transport
    .fetch(`${transport.url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(credential === null ? {} : { authorization: `Bearer ${credential}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signals.length > 0 ? { signal: AbortSignal.any(signals) } : {}),
    })
    .catch((error: unknown) => {
      if (!(error instanceof TypeError)) throw error
      const detail = `${new URL(transport.url).origin} cannot be reached.`
      throw new ConnectionFailedError({ code: 'no_answer', status: null, detail, cause: error })
    })
  if (!response.ok) throw await readError(response)
  return response.body ?? new Blob([]).stream()
}
