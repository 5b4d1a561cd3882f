import type { Provider } from '@grantry/sdk/transport'
import { Group, Select, Text, TextInput } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { Search } from 'lucide-react'
import { useState } from 'react'
import { Empty } from '../../parts/empty.tsx'
import { LinkAnchor, LinkButton } from '../../parts/link.tsx'
import { Page } from '../../parts/page.tsx'
import { type Column, Rows } from '../../parts/rows.tsx'
import { useList } from '../../parts/use-list.ts'
import { useClient, useMay } from '../../session.tsx'
import { categoryName } from './category-name.ts'
import { useProviders } from './use-providers.ts'

const route = getRouteApi('/integrations/catalogue')

/** Every service that is known, to be found and set up. */
export default function Catalogue() {
  const client = useClient()
  const filter = route.useSearch()
  const may = useMay('integrations:write')
  const query = useList(['providers', 'list', filter], async (page, signal) => {
    const found = await client.providers.list({ ...filter, ...page }, { signal })
    return { ...found, data: found.data.map((provider) => ({ ...provider, id: provider.provider })) }
  })
  return (
    <Page
      title="Provider catalogue"
      sentence="Services whose endpoints, scopes and peculiarities are known."
      action={
        may && (
          <LinkButton to="/integrations/new" search={{ kind: 'generic' }} variant="default">
            New Generic OAuth 2.0 Integration
          </LinkButton>
        )
      }
    >
      <Filters />
      <Rows
        label="Providers"
        query={query}
        columns={may ? [...columns, setUp] : columns}
        empty={
          <Empty
            title="The catalogue does not know it"
            action={
              may && (
                <LinkButton to="/integrations/new" search={{ kind: 'generic' }}>
                  New Generic OAuth 2.0 Integration
                </LinkButton>
              )
            }
          >
            Any service that speaks OAuth 2.0 can be set up by its endpoints.
          </Empty>
        }
      />
    </Page>
  )
}

const columns: Column<Provider & { id: string }>[] = [
  {
    head: 'Provider',
    cell: ({ provider, name }) => (
      <LinkAnchor to="/integrations/catalogue/$provider" params={{ provider }}>
        {name}
      </LinkAnchor>
    ),
  },
  { head: 'Category', wide: true, cell: ({ category }) => categoryName(category) },
  { head: 'Tools', wide: true, cell: ({ tools }) => <Tools tools={tools} /> },
  {
    head: 'Integrations',
    width: '7rem',
    wide: true,
    cell: ({ provider, name, integrations }) =>
      integrations ? (
        <LinkAnchor
          to="/integrations"
          search={{ provider }}
          aria-label={`${integrations} integrations of ${name}`}
        >
          {integrations}
        </LinkAnchor>
      ) : (
        <Text c="dimmed">None</Text>
      ),
  },
]

const setUp: Column<Provider & { id: string }> = {
  head: 'Set up',
  width: '7rem',
  cell: ({ provider, name }) => (
    <LinkButton
      to="/integrations/new"
      search={{ kind: 'provider', provider }}
      variant="default"
      size="compact-sm"
      aria-label={`Set up ${name}`}
    >
      Set up
    </LinkButton>
  ),
}

function Tools({ tools: { read, write } }: Pick<Provider, 'tools'>) {
  if (read + write === 0) return <Text c="dimmed">None</Text>
  return (
    <span>
      {read} to read, {write} to write
    </span>
  )
}

function Filters() {
  const filter = route.useSearch()
  const navigate = route.useNavigate()
  const [text, setText] = useState(filter.search ?? '')
  const categories = [...new Set(useProviders().map(({ category }) => category))].sort()
  const look = (name: 'search' | 'category', value: string | null) =>
    void navigate({
      replace: true,
      search: ({ [name]: _, ...rest }) => (value ? { ...rest, [name]: value } : rest),
    })
  return (
    <Group gap="sm">
      <TextInput
        type="search"
        aria-label="Search the catalogue"
        placeholder="Search"
        leftSection={<Search size={14} aria-hidden="true" />}
        w={240}
        maxLength={100}
        value={text}
        onChange={({ currentTarget }) => {
          setText(currentTarget.value)
          look('search', currentTarget.value)
        }}
      />
      <Select
        aria-label="Category"
        placeholder="Any category"
        data={categories.map((category) => ({ value: category, label: categoryName(category) }))}
        value={filter.category ?? null}
        clearable
        w={200}
        onChange={(category) => look('category', category)}
      />
    </Group>
  )
}
