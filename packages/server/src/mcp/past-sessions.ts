import { randomUUID } from 'node:crypto'

/**
 * Before 2026 a client says once what it can do, and each later request stands alone. What we must still know then, it
 * carries for us: the session id that those revisions have (2025-11-25, Streamable HTTP, Session Management) says whether
 * it can open a URL for its person. Nothing is kept for it, and it opens nothing.
 */
const marks = { url: 'elicits-url', none: 'plain' } as const

/** The id for a client whose `initialize` has these parameters. */
export function mintSessionId(params: unknown): string {
  const { capabilities } = (params ?? {}) as { capabilities?: { elicitation?: { url?: unknown } } }
  return `${randomUUID()}.${capabilities?.elicitation?.url ? marks.url : marks.none}`
}

export function elicitsUrl(sessionId: string | undefined): boolean {
  return sessionId?.endsWith(`.${marks.url}`) ?? false
}
