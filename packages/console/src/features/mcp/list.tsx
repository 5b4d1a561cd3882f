import type { McpServerInstance } from '@grantry/sdk/transport'
import { Anchor, Button, Group, Select } from '@mantine/core'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { CopyText } from '../../parts/copy.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Taken, Typed } from '../../parts/filter-fields.tsx'
import { Page } from '../../parts/page.tsx'
import { type Column, Rows } from '../../parts/rows.tsx'
import { Status, statusWord } from '../../parts/status.tsx'
import { useList } from '../../parts/use-list.ts'
import { When } from '../../parts/when.tsx'
import { useClient, useMay } from '../../session.tsx'
import { nameOf } from '../connections/name.ts'
import { accessInWords } from './access.tsx'
import { type InstanceFilter, type ServerStatus, serverStatuses } from './instance-filter.ts'

/** Every MCP server of the workspace, newest first. */
export default function McpServers() {
  const client = useClient()
  const filter = useSearch({ from: '/mcp-servers' })
  const navigate = useNavigate({ from: '/mcp-servers' })
  const setFilter = (search: InstanceFilter) => void navigate({ search, replace: true })
  const query = useList<McpServerInstance>(['mcp-servers', 'list', filter], (page, signal) =>
    client.mcpServers.instances({ ...filter, ...page }, { signal }),
  )
  const filtered = Object.keys(filter).length > 0
  return (
    <Page
      title="MCP servers"
      sentence="Each hands one connected account to AI agents, as tools. The agent never sees the account’s token."
      action={<NewServer />}
    >
      <Filters filter={filter} onChange={setFilter} />
      <Rows
        key={JSON.stringify(filter)}
        label="MCP servers"
        query={query}
        columns={columns}
        empty={
          filtered ? (
            <Empty
              title="No MCP server fits"
              action={
                <Button variant="default" onClick={() => setFilter({})}>
                  Show all MCP servers
                </Button>
              }
            >
              Take a filter away to see more.
            </Empty>
          ) : (
            <Empty title="There is no MCP server yet" action={<NewServer />}>
              Make one over an account that is connected, or for a person who is still to connect theirs.
            </Empty>
          )
        }
      />
    </Page>
  )
}

function NewServer() {
  if (!useMay('mcp:manage')) return null
  return <Button renderRoot={(props) => <Link to="/mcp-servers/new" {...props} />}>New MCP server</Button>
}

const columns: Column<McpServerInstance>[] = [
  {
    head: 'Server',
    cell: ({ id, mcp_server_name, mcp_server_access_id }) => (
      <Anchor
        title={mcp_server_name}
        renderRoot={(props) => <Link to="/mcp-servers/$id" params={{ id }} {...props} />}
      >
        {mcp_server_name} #{mcp_server_access_id}
      </Anchor>
    ),
  },
  {
    head: 'Account',
    wide: true,
    cell: (server) => <span title={server.end_user?.id}>{nameOf(server)}</span>,
  },
  { head: 'Access', width: '10.5rem', wide: true, cell: ({ access_type }) => accessInWords[access_type] },
  { head: 'Status', width: '13rem', cell: ({ status }) => <Status of={status} short /> },
  { head: 'Made', width: '8rem', wide: true, cell: ({ created_at }) => <When at={created_at} /> },
  {
    head: 'Address',
    width: '5.5rem',
    wide: true,
    cell: ({ mcp_url, mcp_server_name }) => (
      <CopyText text={mcp_url} what={`address of ${mcp_server_name}`} />
    ),
  },
]

function Filters({
  filter,
  onChange,
}: {
  filter: InstanceFilter
  onChange: (filter: InstanceFilter) => void
}) {
  const change = (part: { [Field in keyof InstanceFilter]: InstanceFilter[Field] | null }) =>
    onChange(
      Object.fromEntries(
        Object.entries({ ...filter, ...part }).filter(([, value]) => value),
      ) as InstanceFilter,
    )
  return (
    <Group gap="sm" role="search" aria-label="Filter MCP servers">
      <Select
        aria-label="Status"
        placeholder="Any status"
        data={serverStatuses.map((value) => ({ value, label: statusWord(value) }))}
        value={filter.status ?? null}
        onChange={(status) => change({ status: status as ServerStatus | null })}
        clearable
        clearButtonProps={{ 'aria-label': 'Any status' }}
        w={{ base: '100%', xs: '15rem' }}
      />
      <Typed
        label="Id of an end user"
        value={filter.end_user}
        onChange={(end_user) => change({ end_user })}
        w={{ base: '100%', xs: '13rem' }}
      />
      {filter.mcp_server && (
        <Taken label={`For ${filter.mcp_server}`} onRemove={() => change({ mcp_server: null })} />
      )}
    </Group>
  )
}
