import type { BreakGlassConnectionRow } from '../../db/schema.ts'

type Reported = Pick<BreakGlassConnectionRow, 'outcome' | 'error' | 'status'> & {
  account_id: string | null
  account_label: string | null
  account_email: string | null
  client_id: string | null
}

/** What somebody has to do about a connection, and where; null where nothing has to be done. */
export function advise(
  one: Reported,
  { name, grantsUrl }: { name: string; grantsUrl: string | null },
): { todo: string | null; url: string | null } {
  const account = one.account_label ?? one.account_email ?? one.account_id
  const whose = account === null ? 'the account' : account
  const client = one.client_id === null ? 'the OAuth app' : `the OAuth app ${one.client_id}`
  const byHand = `Have ${whose} end the access of ${client} at ${name}, or an administrator there.`
  switch (one.outcome) {
    case 'unsupported':
      return { todo: `${name} has no way to revoke by API. ${byHand}`, url: grantsUrl }
    case 'shared':
      return {
        todo: `Revoking it would end another connection too, which was not chosen: of the same account at ${name}, or on the same tokens. End that one as well, or have ${whose} connect it again and end the old access at ${name}.`,
        url: grantsUrl,
      }
    case 'failed':
      return { todo: one.error === 'connected_again' ? again(whose, name) : byHand, url: grantsUrl }
    case 'retrying':
      if (one.error === 'client_unreadable')
        return {
          todo: `The client secret for ${name} cannot be opened any more. Store it again in the integration: it is tried again by itself.`,
          url: null,
        }
      return one.error === 'invalid_client' || one.error === 'unauthorized_client'
        ? {
            todo: `${name} refuses the client (${one.error}). Check its id and secret in the integration: it is tried again by itself.`,
            url: null,
          }
        : { todo: null, url: null }
    default:
      return { todo: null, url: null }
  }
}

const again = (whose: string, name: string) =>
  `${whose} has been connected again since, and ${name} would have ended that too. If the old access must end, end the new connection.`
