import type { Connection } from '@grantry/sdk/transport'

/** What a connection is called: by its account, else by whose it is. */
export function nameOf({ account, end_user }: Pick<Connection, 'account' | 'end_user'>): string {
  return account?.label ?? account?.email ?? account?.id ?? endUserName(end_user)
}

export function endUserName(endUser: Connection['end_user']): string {
  if (endUser === null) return "The workspace's own"
  return endUser.display_name ?? endUser.email ?? endUser.id
}
