import type { Member } from '@grantry/sdk/transport'

export type Role = Member['role']

/** From the most to the least. */
export const roles: { role: Role; word: string; may: string }[] = [
  { role: 'owner', word: 'Owner', may: 'Everything; alone makes, changes and removes owners' },
  { role: 'admin', word: 'Admin', may: 'Everything else: members, API keys, apps, settings' },
  { role: 'developer', word: 'Developer', may: 'Integrations, connections, MCP servers, OAuth clients' },
  { role: 'viewer', word: 'Viewer', may: 'Sees everything but tokens, changes nothing' },
]

export const roleWord = (role: Role): string => roles.find((one) => one.role === role)!.word

/** The roles that somebody of this one may give: only owners make owners. */
export const rolesGivenBy = (own: Role) => roles.filter(({ role }) => role !== 'owner' || own === 'owner')
