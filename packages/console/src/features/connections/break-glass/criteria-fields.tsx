import type { BreakGlassCriteria } from '@grantry/sdk/transport'
import { Autocomplete, Checkbox, Group, Select, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Moment } from '../../../parts/moment.tsx'
import { useClient } from '../../../session.tsx'
import { useApps } from '../../workspaces/use-apps.ts'
import { useIntegrations } from '../use-integrations.ts'

const half = { base: '100%', sm: 'calc(50% - 8px)' }

/** By what connections are chosen. All that is filled in must fit. */
export function CriteriaFields({
  criteria,
  onChange,
}: {
  criteria: BreakGlassCriteria
  onChange: (criteria: BreakGlassCriteria) => void
}) {
  const integrations = useIntegrations()
  const apps = useApps()
  const keys = useKeys()
  const names = new Map(keys.map(({ id, name }) => [id, name]))
  const providers = [...new Set(integrations.flatMap(({ provider }) => provider ?? []))].sort()
  const change = (part: { [Field in keyof BreakGlassCriteria]: BreakGlassCriteria[Field] | null | '' }) =>
    onChange(
      Object.fromEntries(
        Object.entries({ ...criteria, ...part }).filter(([, value]) => value !== null && value !== ''),
      ) as BreakGlassCriteria,
    )
  const all = criteria.everything === true
  return (
    <Stack>
      <Checkbox
        label="Every connection of this workspace"
        checked={all}
        onChange={(event) => onChange(event.currentTarget.checked ? { everything: true } : {})}
      />
      {!all && (
        <Group align="flex-start" gap="md">
          <Select
            label="Provider"
            data={providers}
            value={criteria.provider ?? null}
            onChange={(provider) => change({ provider })}
            searchable
            clearable
            clearButtonProps={{ 'aria-label': 'Any provider' }}
            w={half}
          />
          <Select
            label="Integration"
            data={integrations.map(({ id, label }) => ({ value: id, label }))}
            value={criteria.integration_id ?? null}
            onChange={(integration_id) => change({ integration_id })}
            searchable
            clearable
            clearButtonProps={{ 'aria-label': 'Any integration' }}
            limit={100}
            w={half}
          />
          <Select
            label="App"
            data={apps.map(({ id, name }) => ({ value: id, label: name }))}
            value={criteria.app_id ?? null}
            onChange={(app_id) => change({ app_id })}
            searchable
            clearable
            clearButtonProps={{ 'aria-label': 'Any app' }}
            w={half}
          />
          <TextInput
            label="Id of an end user"
            value={criteria.end_user_id ?? ''}
            onChange={(event) => change({ end_user_id: event.currentTarget.value })}
            maxLength={255}
            autoComplete="off"
            w={half}
          />
          <Autocomplete
            label="API key that read them"
            description="Its id, also of one that has ended."
            placeholder="key_…"
            data={keys.map(({ id }) => id)}
            renderOption={({ option }) => (
              <Text size="sm" truncate>
                {names.get(option.value) ?? option.value}
              </Text>
            )}
            filter={({ options }) => options}
            limit={100}
            value={criteria.api_key_id ?? ''}
            onChange={(api_key_id) => change({ api_key_id })}
            w="100%"
          />
          <Times
            legend="Read or called"
            since={criteria.read_since}
            until={criteria.read_until}
            onSince={(read_since) => change({ read_since })}
            onUntil={(read_until) => change({ read_until })}
          />
          <Times
            legend="Connected"
            since={criteria.created_since}
            until={criteria.created_until}
            onSince={(created_since) => change({ created_since })}
            onUntil={(created_until) => change({ created_until })}
          />
        </Group>
      )}
    </Stack>
  )
}

function Times({
  legend,
  since,
  until,
  onSince,
  onUntil,
}: {
  legend: string
  since: string | undefined
  until: string | undefined
  onSince: (time: string | null) => void
  onUntil: (time: string | null) => void
}) {
  return (
    <Stack gap={4} w="100%">
      <Text size="sm" fw={500}>
        {legend}
      </Text>
      <Group gap="sm">
        <Moment label="From" about={`${legend} from`} value={since} onChange={onSince} />
        <Moment label="Until" about={`${legend} until`} value={until} onChange={onUntil} />
      </Group>
    </Stack>
  )
}

function useKeys() {
  const client = useClient()
  const { data } = useQuery({
    queryKey: ['api-keys', 'choice'],
    queryFn: async ({ signal }) => (await client.apiKeys.list({ limit: 200 }, { signal })).data,
  })
  return data ?? []
}
