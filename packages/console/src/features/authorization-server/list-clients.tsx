import type { OAuthClient } from '@grantry/sdk/transport'
import { Anchor, Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Copyable } from '../../parts/copy.tsx'
import { Empty } from '../../parts/empty.tsx'
import { type Column, Rows } from '../../parts/rows.tsx'
import { Section } from '../../parts/section.tsx'
import { useList } from '../../parts/use-list.ts'
import { When } from '../../parts/when.tsx'
import { useClient } from '../../session.tsx'

export const clientName = ({ client_name, client_id }: Pick<OAuthClient, 'client_name' | 'client_id'>) =>
  client_name ?? client_id

const columns: Column<OAuthClient>[] = [
  {
    head: 'Name',
    cell: (client) => (
      <Anchor
        renderRoot={(props) => <Link to="/apps/clients/$id" params={{ id: client.id }} {...props} />}
        title={clientName(client)}
      >
        {clientName(client)}
      </Anchor>
    ),
  },
  { head: 'Client id', cell: ({ client_id }) => <Copyable text={client_id} what="client id" />, wide: true },
  {
    head: 'Kind',
    width: '8rem',
    cell: ({ token_endpoint_auth_method: method }) => (method === 'none' ? 'Public' : 'Confidential'),
  },
  {
    head: 'Made by',
    width: '8rem',
    wide: true,
    cell: ({ origin }) => (origin === 'registered' ? 'Itself' : 'A member'),
  },
  {
    head: 'Last used',
    width: '9rem',
    wide: true,
    cell: ({ last_used_at }) => <When at={last_used_at} />,
  },
]

/** The partner apps and MCP clients that belong to the workspace. */
export function ListClients() {
  const client = useClient()
  const query = useList<OAuthClient>(['oauth-clients', 'list'], (page, signal) =>
    client.oauthClients.list(page, { signal }),
  )
  const create = (
    <Button renderRoot={(props) => <Link to="/apps/clients/new" {...props} />}>New OAuth client</Button>
  )
  return (
    <Section
      title="OAuth clients"
      sentence="Partner apps that sign people in at Grantry. MCP clients mostly register by themselves and are listed under Authorised apps."
      action={create}
    >
      <Rows
        label="OAuth clients"
        query={query}
        columns={columns}
        empty={
          <Empty title="No OAuth clients">
            Make one for a partner app that is to act for your people: it gets a client id and a secret, and
            people are asked before it may do anything.
          </Empty>
        }
      />
    </Section>
  )
}
