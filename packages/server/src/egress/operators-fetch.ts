import { Agent, fetch as undiciFetch } from 'undici'

export type OperatorsFetch = {
  (url: string, init: { method: string; headers: Record<string, string>; body?: string }): Promise<Response>
  close(): Promise<void>
}

/**
 * For what the operator configures and no tenant can influence: it may be private, and nothing judges it. Redirects are not
 * followed, for they would take our credentials along; everything ends within `deadlineMs`.
 */
export function createOperatorsFetch(deadlineMs: number): OperatorsFetch {
  const dispatcher = new Agent({ connect: { timeout: 2000 }, connections: 32 })
  const call = async (
    url: string,
    init: { method: string; headers: Record<string, string>; body?: string },
  ) =>
    (await undiciFetch(url, {
      ...init,
      dispatcher,
      redirect: 'manual',
      signal: AbortSignal.timeout(deadlineMs),
    })) as unknown as Response
  return Object.assign(call, { close: () => dispatcher.close() })
}
