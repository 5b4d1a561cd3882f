import type { Message, Popup } from './page.ts'
import type { ConnectSession } from './session.ts'

/** What Grantry's page tells its opener. */
export type Told =
  | { type: 'oauth_success'; connectionId: string; providerName: string }
  | { type: 'oauth_error'; error: string; errorDescription: string | null; providerName: string }
  | { type: 'oauth_finish'; code: string; providerName: string }

const types = new Set(['oauth_success', 'oauth_error', 'oauth_finish'])

/** The message, if it is of this session, from the window that was opened, at Grantry's own origin; else null. */
export function readMessage(
  { origin, source, data }: Message,
  popup: Popup,
  { id, connect_url }: ConnectSession,
): Told | null {
  if (origin !== new URL(connect_url).origin || source !== popup) return null
  const told = data as (Told & { sessionId?: string }) | null
  return told && types.has(told.type) && told.sessionId === id ? told : null
}
