import { type ConnectSession, createCall, createSend, Resources } from '@grantry/sdk/transport'
import { createOwnAccount, type OwnAccount } from './own-account.ts'

export type Client = Resources & {
  own: OwnAccount
  /** How far a connect session is, by its connect token: pages of any origin may ask that, so that no cookie counts. */
  followSession(id: string, connectToken: string, signal: AbortSignal): Promise<ConnectSession>
}

/**
 * The API of the origin that this page is from. The browser sends the session's cookie by itself, which counts only with
 * the session's CSRF token where something changes; null before it is known. A session that has ended leads to sign-in.
 */
export function createClient(csrf: string | null): Client {
  const call = createCall(
    createSend({
      url: location.origin,
      credential: async () => null,
      fetch: async (url, init) => {
        const headers = new Headers(init?.headers)
        if (csrf) headers.set('x-csrf-token', csrf)
        const answer = await fetch(url, { ...init, headers, credentials: 'same-origin', cache: 'no-store' })
        return answer.status === 401 ? leaveForSignIn() : answer
      },
      signal: undefined,
      timeout: 60,
      retries: 2,
      random: Math.random,
      sleep,
    }),
  )
  return Object.assign(new Resources(call), {
    own: createOwnAccount(call),
    followSession: (id: string, connectToken: string, signal: AbortSignal) =>
      call.item<ConnectSession>('GET', `/api/v1/connect-sessions/${encodeURIComponent(id)}`, {
        headers: { authorization: `Bearer ${connectToken}` },
        signal,
      }),
  })
}

/** Comes back here afterwards. Never settles: the page is on its way out. */
function leaveForSignIn(): Promise<never> {
  location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`)
  return new Promise(() => {})
}

function sleep(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason)
    })
  })
}
