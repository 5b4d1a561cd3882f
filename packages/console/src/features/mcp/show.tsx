import type { McpServer } from '@grantry/sdk/transport'
import { Button, Paper, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Copyable } from '../../parts/copy.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Page } from '../../parts/page.tsx'
import { Status } from '../../parts/status.tsx'
import { When } from '../../parts/when.tsx'
import { useClient, useMay } from '../../session.tsx'
import { ConnectionLink } from '../connections/connection-link.tsx'
import { nameOf } from '../connections/name.ts'
import { accessInWords } from './access.tsx'
import { ClientConfigs } from './client-configs.tsx'
import { ConnectAccount } from './connect-account.tsx'
import { DeleteServer } from './delete-server.tsx'
import { Tools } from './tools.tsx'

/** How often it is asked whether the account is connected now, in milliseconds. */
const pace = 3000

export default function ShowMcpServer() {
  const { id } = useParams({ from: '/mcp-servers/$id' })
  const client = useClient()
  const query = useQuery({
    queryKey: ['mcp-servers', 'one', id],
    queryFn: ({ signal }) => client.mcpServers.get(id, { signal }),
    refetchInterval: ({ state }) =>
      state.data && ['pending', 'needs_reauth'].includes(state.data.status) ? pace : false,
  })
  return (
    <Page
      title={query.data ? `${query.data.mcp_server_name} #${query.data.mcp_server_access_id}` : 'MCP server'}
      sentence="An MCP server over one connected account."
      action={
        <Button variant="default" renderRoot={(props) => <Link to="/mcp-servers" {...props} />}>
          All MCP servers
        </Button>
      }
    >
      <Loaded query={query}>{(server) => <Server server={server} />}</Loaded>
    </Page>
  )
}

function Server({ server }: { server: McpServer }) {
  const manages = useMay('mcp:manage')
  return (
    <Stack gap="xl">
      <ConnectAccount server={server} />
      <Paper withBorder px="lg" py="xs">
        <Facts facts={factsOf(server)} />
      </Paper>
      <Tools server={server} />
      <ClientConfigs server={server} />
      {manages && <DeleteServer server={server} />}
    </Stack>
  )
}

function factsOf(server: McpServer): [string, ReactNode][] {
  return [
    ['Status', <Status key="status" of={server.status} />],
    ['Address', <Copyable key="url" text={server.mcp_url} what="address" />],
    ['Account', server.connection_id ? <Account key="account" id={server.connection_id} /> : 'None yet'],
    ['Access', accessInWords[server.access_type]],
    [
      'Scopes asked for',
      <span key="scopes" className="mono">
        {server.scopes.join(' ')}
      </span>,
    ],
    ['Made', <When key="made" at={server.created_at} />],
    ['Id', <Copyable key="id" text={server.id} what="id of the MCP server" />],
  ]
}

/** The account as its connection calls it; who may not see connections is told the id. */
function Account({ id }: { id: string }) {
  const client = useClient()
  const may = useMay('connections:read')
  const { data } = useQuery({
    queryKey: ['connections', id],
    enabled: may,
    queryFn: ({ signal }) => client.connections.get(id, { signal }),
  })
  return <ConnectionLink id={id}>{data ? nameOf(data) : id}</ConnectionLink>
}
