import { Button, Group, Select } from '@mantine/core'
import { eventTypes } from '../../parts/event-words.ts'
import { Taken, Typed } from '../../parts/filter-fields.tsx'
import { Moment } from '../../parts/moment.tsx'
import { useIntegrations } from '../connections/use-integrations.ts'
import type { EventFilter } from './event-filter.ts'

/** The row above the list. What rows and links ask for (a connection, an actor) can be taken away here. */
export function EventFilters({
  filter,
  onChange,
}: {
  filter: EventFilter
  onChange: (filter: EventFilter) => void
}) {
  const integrations = useIntegrations()
  const change = (part: { [Field in keyof EventFilter]: EventFilter[Field] | null | undefined }) =>
    onChange(
      Object.fromEntries(Object.entries({ ...filter, ...part }).filter(([, value]) => value)) as EventFilter,
    )
  return (
    <Group gap="sm" role="search" aria-label="Filter events">
      <Select
        aria-label="Type of event"
        placeholder="Any type"
        data={typesWith(filter.type)}
        value={filter.type ?? null}
        onChange={(type) => change({ type })}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'Any type' }}
        nothingFoundMessage="No event is called so"
        w={{ base: '100%', xs: '15rem' }}
      />
      <Select
        aria-label="Integration"
        placeholder="Any integration"
        data={choicesWith(
          integrations.map(({ id, label }) => ({ value: id, label })),
          filter.integration,
        )}
        value={filter.integration ?? null}
        onChange={(integration) => change({ integration })}
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
      <Group gap="sm" w={{ base: '100%', xs: 'auto' }}>
        <Moment label="From" value={filter.since} onChange={(since) => change({ since })} />
        <Moment label="Until" value={filter.until} onChange={(until) => change({ until })} />
      </Group>
      {filter.connection && (
        <Taken label={`Connection ${filter.connection}`} onRemove={() => change({ connection: null })} />
      )}
      {filter.actor && <Taken label={`By ${filter.actor}`} onRemove={() => change({ actor: null })} />}
      {Object.keys(filter).length > 1 && (
        <Button variant="subtle" color="gray" size="compact-sm" onClick={() => onChange({})}>
          Clear all
        </Button>
      )}
    </Group>
  )
}

/** Each kind as a whole, then its types. What the address asks for is always among them. */
function typesWith(asked: string | undefined) {
  const kinds = new Map<string, string[]>()
  for (const type of eventTypes) {
    const kind = type.split('.')[0]!
    kinds.set(kind, [...(kinds.get(kind) ?? []), type])
  }
  const groups = [...kinds].map(([kind, types]) => ({
    group: kind.replaceAll('_', ' '),
    items: [
      ...(types.length > 1 ? [{ value: `${kind}.*`, label: `${kind}.* (all)` }] : []),
      ...types.map((type) => ({ value: type, label: type })),
    ],
  }))
  const known = groups.some(({ items }) => items.some(({ value }) => value === asked))
  return asked === undefined || known
    ? groups
    : [{ group: 'asked for', items: [{ value: asked, label: asked }] }, ...groups]
}

function choicesWith(choices: { value: string; label: string }[], asked: string | undefined) {
  if (asked === undefined || choices.some(({ value }) => value === asked)) return choices
  return [{ value: asked, label: asked }, ...choices]
}
