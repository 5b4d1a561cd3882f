import type { Integration } from '@grantry/sdk/transport'
import { Button, Group, Menu, Select, Text, TextInput } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { ChevronDown } from 'lucide-react'
import { Empty } from '../../parts/empty.tsx'
import { LinkAnchor, LinkButton, LinkItem } from '../../parts/link.tsx'
import { Page } from '../../parts/page.tsx'
import { type Column, Rows } from '../../parts/rows.tsx'
import { Status } from '../../parts/status.tsx'
import { useList } from '../../parts/use-list.ts'
import { useClient, useMay } from '../../session.tsx'
import { grantTypes } from './grant-types.ts'
import { type Counts, useConnectionCounts } from './use-connection-counts.ts'
import { useProviders } from './use-providers.ts'

const route = getRouteApi('/integrations')

/** The workspace's OAuth apps at providers. */
export default function Integrations() {
  const client = useClient()
  const filter = route.useSearch()
  const counts = useConnectionCounts()
  const query = useList(['integrations', 'list', filter], (page, signal) =>
    client.integrations.list({ ...filter, ...page }, { signal }),
  )
  const isFiltered = Object.keys(filter).length > 0
  const isEmpty = query.data?.pages[0]?.data.length === 0 && !isFiltered
  return (
    <Page
      title="Integrations"
      sentence="Your OAuth apps at the services whose accounts people connect."
      action={<NewMenu />}
    >
      {!isEmpty && <Filters />}
      <Rows
        label="Integrations"
        query={query}
        columns={columns(counts)}
        empty={isFiltered ? <NoneFound /> : <None />}
      />
    </Page>
  )
}

const columns = (counts: Counts): Column<Integration>[] => [
  {
    head: 'Label',
    cell: ({ id, label }) => (
      <LinkAnchor to="/integrations/$id" params={{ id }} title={label}>
        {label}
      </LinkAnchor>
    ),
  },
  {
    head: 'Provider',
    wide: true,
    cell: ({ provider, provider_name }) => (provider ? provider_name : <Text c="dimmed">Generic</Text>),
  },
  { head: 'Grant type', wide: true, cell: ({ grant_type }) => grantTypes[grant_type].label },
  { head: 'Status', width: '9rem', cell: ({ validation }) => <Status of={validation.status} /> },
  {
    head: 'Connections',
    width: '8rem',
    wide: true,
    cell: ({ id, label }) => (
      <LinkAnchor
        to="/connections"
        search={{ integration: id }}
        aria-label={`${wordOf(id, counts)} connections of ${label}`}
      >
        {wordOf(id, counts)}
      </LinkAnchor>
    ),
  },
]

const wordOf = (id: string, counts: Counts) => counts?.get(id)?.toLocaleString('en') ?? 'Show'

function Filters() {
  const filter = route.useSearch()
  const navigate = route.useNavigate()
  const providers = useProviders()
  return (
    <Group gap="sm">
      <Select
        aria-label="Provider"
        placeholder="Any provider"
        data={providers.map(({ provider, name }) => ({ value: provider, label: name }))}
        value={filter.provider ?? null}
        searchable
        clearable
        w={200}
        onChange={(provider) =>
          navigate({ search: ({ provider: _, ...rest }) => (provider ? { ...rest, provider } : rest) })
        }
      />
      <TextInput
        key={filter.tenant ?? ''}
        aria-label="Tenant ID"
        placeholder="Any tenant ID"
        defaultValue={filter.tenant ?? ''}
        w={200}
        onKeyDown={({ key, currentTarget }) => key === 'Enter' && currentTarget.blur()}
        onBlur={({ currentTarget }) => {
          const tenant = currentTarget.value.trim()
          if (tenant !== (filter.tenant ?? ''))
            void navigate({ search: ({ tenant: _, ...rest }) => (tenant ? { ...rest, tenant } : rest) })
        }}
      />
    </Group>
  )
}

function NewMenu() {
  if (!useMay('integrations:write')) return null
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button rightSection={<ChevronDown size={14} aria-hidden="true" />}>New integration</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <LinkItem to="/integrations/new" search={{ kind: 'generic' }}>
          New Generic OAuth 2.0 Integration
        </LinkItem>
        <LinkItem to="/integrations/catalogue">From the catalogue</LinkItem>
      </Menu.Dropdown>
    </Menu>
  )
}

function None() {
  const may = useMay('integrations:write')
  return (
    <Empty
      title="No integrations yet"
      action={
        may && (
          <Group justify="center">
            <LinkButton to="/integrations/catalogue">From the catalogue</LinkButton>
            <LinkButton to="/integrations/new" search={{ kind: 'generic' }} variant="default">
              New Generic OAuth 2.0 Integration
            </LinkButton>
          </Group>
        )
      }
    >
      An integration is your OAuth app at a service: its client ID, its secret, and what may be asked for.
      People connect their accounts through it.
    </Empty>
  )
}

function NoneFound() {
  return (
    <Empty
      title="None like this"
      action={
        <LinkButton to="/integrations" variant="default">
          Show all integrations
        </LinkButton>
      }
    >
      No integration has this provider and tenant ID.
    </Empty>
  )
}
