/** What the address of the page for a new connection may say ahead. */
export type Invitation = { integration?: string; end_user?: string }

export function readInvitation(search: Record<string, unknown>): Invitation {
  const { integration, end_user } = search
  return {
    ...(typeof integration === 'string' ? { integration } : {}),
    ...(typeof end_user === 'string' || typeof end_user === 'number' ? { end_user: String(end_user) } : {}),
  }
}
