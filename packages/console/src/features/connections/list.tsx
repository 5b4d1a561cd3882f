import type { Connection } from '@grantry/sdk/transport'
import { Button, Text } from '@mantine/core'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { Empty } from '../../parts/empty.tsx'
import { Page } from '../../parts/page.tsx'
import { type Column, Rows } from '../../parts/rows.tsx'
import { Status } from '../../parts/status.tsx'
import { useList } from '../../parts/use-list.ts'
import { When } from '../../parts/when.tsx'
import { useClient, useMay } from '../../session.tsx'
import { ConnectionLink } from './connection-link.tsx'
import type { ConnectionFilter } from './filter.ts'
import { Filters } from './filters.tsx'
import { endUserName, nameOf } from './name.ts'
import { useIntegrations } from './use-integrations.ts'

/** Every connection of the workspace, newest first. */
export default function ListConnections() {
  const client = useClient()
  const filter = useSearch({ from: '/connections' })
  const navigate = useNavigate({ from: '/connections' })
  const setFilter = (search: ConnectionFilter) => void navigate({ search, replace: true })
  const query = useList<Connection>(['connections', 'list', filter], (page, signal) =>
    client.connections.list({ ...filter, ...page }, { signal }),
  )
  const integrations = useIntegrations()
  const columns = useMemo(
    () => columnsWith(new Map(integrations.map(({ id, label }) => [id, label]))),
    [integrations],
  )
  const filtered = Object.keys(filter).length > 0
  return (
    <Page title="Connections" sentence="The accounts that your end users have connected." action={<Invite />}>
      <Filters filter={filter} onChange={setFilter} integrations={integrations} />
      <Rows
        key={JSON.stringify(filter)}
        label="Connections"
        query={query}
        columns={columns}
        empty={
          filtered ? (
            <Empty
              title="No connection fits"
              action={
                <Button variant="default" onClick={() => setFilter({})}>
                  Show all connections
                </Button>
              }
            >
              The search looks at what the names, addresses and ids of end users and accounts begin with.
            </Empty>
          ) : (
            <Empty title="There is no connection yet" action={<Invite />}>
              A connection comes to be when somebody opens a connect link and allows access to their account.
            </Empty>
          )
        }
      />
    </Page>
  )
}

function Invite() {
  if (!useMay('connections:write')) return null
  return (
    <Button component={Link} to="/connections/new">
      Connect an account
    </Button>
  )
}

function columnsWith(labels: Map<string, string>): Column<Connection>[] {
  return [
    {
      head: 'Account',
      cell: (connection) => (
        <ConnectionLink id={connection.id} title={nameOf(connection)}>
          {nameOf(connection)}
        </ConnectionLink>
      ),
    },
    {
      head: 'Integration',
      wide: true,
      cell: ({ integration_id, provider }) => (
        <span title={labels.get(integration_id)}>
          {labels.get(integration_id) ?? provider ?? integration_id}
        </span>
      ),
    },
    {
      head: 'End user',
      wide: true,
      cell: ({ end_user }) =>
        end_user === null ? (
          <Text span c="dimmed">
            {endUserName(null)}
          </Text>
        ) : (
          <span title={end_user.id}>{endUserName(end_user)}</span>
        ),
    },
    { head: 'Status', width: '9.5rem', cell: ({ status }) => <Status of={status} short /> },
    {
      head: 'Last refresh',
      width: '9rem',
      wide: true,
      cell: ({ last_refresh }) => <LastRefresh of={last_refresh} />,
    },
    { head: 'Created', width: '8rem', wide: true, cell: ({ created_at }) => <When at={created_at} /> },
  ]
}

function LastRefresh({ of }: { of: Connection['last_refresh'] }) {
  if (of === null)
    return (
      <Text span c="dimmed">
        not yet
      </Text>
    )
  if (of.ok) return <When at={of.at} />
  return (
    <Text span c="var(--bad)" title={of.error ?? undefined}>
      failed <When at={of.at} />
    </Text>
  )
}
