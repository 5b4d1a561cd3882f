import { createContext, type ReactNode, useContext, useMemo } from 'react'
import { type Client, createClient } from './client.ts'
import type { CurrentSession } from './own-account.ts'

/** Who is signed in, what they may do, and the API as them. */
export type Session = CurrentSession & { client: Client }

const Current = createContext<Session | null>(null)

export function SessionProvider({ session, children }: { session: CurrentSession; children: ReactNode }) {
  const value = useMemo(() => ({ ...session, client: createClient(session.csrf) }), [session])
  return <Current value={value}>{children}</Current>
}

export function useSession(): Session {
  const session = useContext(Current)
  if (!session) throw new Error('used outside of a session')
  return session
}

/** The API, called as the member who is signed in. */
export const useClient = (): Client => useSession().client

/** Whether the member's role has the scope. What it has not is not offered; the server refuses it all the same. */
export const useMay = (scope: string): boolean => useSession().scopes.includes(scope)
