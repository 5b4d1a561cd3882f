import type { Integration } from '@grantry/sdk/transport'
import { Button, Group, Select } from '@mantine/core'
import { Search } from 'lucide-react'
import { Taken, Typed } from '../../parts/filter-fields.tsx'
import { statusWord } from '../../parts/status.tsx'
import { type ConnectionFilter, type ConnectionStatus, statuses } from './filter.ts'

/** The row above the list. What only links ask for (an app, a reason, a time) can be taken away here. */
export function Filters({
  filter,
  onChange,
  integrations,
}: {
  filter: ConnectionFilter
  onChange: (filter: ConnectionFilter) => void
  integrations: Integration[]
}) {
  const change = (part: { [Name in keyof ConnectionFilter]: ConnectionFilter[Name] | undefined }) =>
    onChange(withoutEmpty({ ...filter, ...part }))
  const chosen = filter.integration ?? (filter.provider && `provider ${filter.provider}`) ?? null
  return (
    <Group gap="sm" role="search" aria-label="Filter connections">
      <Typed
        label="Search by account or end user"
        value={filter.q}
        onChange={(q) => change({ q })}
        leftSection={<Search size={14} aria-hidden="true" />}
        maxLength={100}
        w={{ base: '100%', xs: undefined }}
        style={{ flex: '1 1 14rem' }}
      />
      <Select
        aria-label="Status"
        placeholder="Any status"
        data={statuses.map((value) => ({ value, label: statusWord(value) }))}
        value={filter.status ?? null}
        onChange={(status) => change({ status: (status as ConnectionStatus | null) ?? undefined })}
        clearable
        clearButtonProps={{ 'aria-label': 'Any status' }}
        w={{ base: '100%', xs: '11rem' }}
      />
      <Select
        aria-label="Integration"
        placeholder="Any integration"
        data={choicesOf(integrations, chosen)}
        value={chosen}
        onChange={(value) => change(toFilter(value))}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'Any integration' }}
        nothingFoundMessage="No integration is called so"
        limit={100}
        w={{ base: '100%', xs: '13rem' }}
      />
      <Typed
        label="Id of an end user"
        value={filter.end_user}
        onChange={(end_user) => change({ end_user })}
        w={{ base: '100%', xs: '11rem' }}
      />
      {filter.reason !== undefined && (
        <Taken label={`Reason: ${filter.reason}`} onRemove={() => change({ reason: undefined })} />
      )}
      {filter.app !== undefined && (
        <Taken label={`App: ${filter.app}`} onRemove={() => change({ app: undefined })} />
      )}
      {filter.ending_before !== undefined && (
        <Taken
          label={`Ends before ${dayOf(filter.ending_before)}`}
          onRemove={() => change({ ending_before: undefined })}
        />
      )}
      {Object.keys(filter).length > 1 && (
        <Button variant="subtle" color="gray" size="compact-sm" onClick={() => onChange({})}>
          Clear all
        </Button>
      )}
    </Group>
  )
}

/** Each provider that has several integrations, and each integration; what the address asks for is always among them. */
function choicesOf(integrations: Integration[], chosen: string | null) {
  const providers = new Map<string, { label: string; count: number }>()
  for (const { provider, provider_name } of integrations)
    if (provider !== null)
      providers.set(provider, { label: provider_name, count: (providers.get(provider)?.count ?? 0) + 1 })
  const ofProviders = [...providers]
    .filter(([name, { count }]) => count > 1 || chosen === `provider ${name}`)
    .map(([name, { label }]) => ({ value: `provider ${name}`, label: `All of ${label}` }))
  const each = integrations.map(({ id, label }) => ({ value: id, label }))
  const all = [...ofProviders, ...each]
  if (chosen === null || all.some(({ value }) => value === chosen)) return all
  return [{ value: chosen, label: chosen.replace(/^provider /, 'All of ') }, ...all]
}

function toFilter(value: string | null): { integration: string | undefined; provider: string | undefined } {
  const provider = value?.match(/^provider (.*)$/)?.[1]
  return { integration: provider === undefined ? (value ?? undefined) : undefined, provider }
}

const withoutEmpty = (filter: Record<string, unknown>): ConnectionFilter =>
  Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined && value !== ''))

function dayOf(time: string): string {
  const date = new Date(time)
  return Number.isNaN(date.getTime())
    ? time
    : new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' }).format(date)
}
