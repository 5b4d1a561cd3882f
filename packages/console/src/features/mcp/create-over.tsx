import type { Connection } from '@grantry/sdk/transport'
import { Button, Group, Select, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Empty } from '../../parts/empty.tsx'
import { Fault } from '../../parts/fault.tsx'
import { useSave } from '../../parts/use-save.ts'
import { useClient } from '../../session.tsx'
import { nameOf } from '../connections/name.ts'
import { useIntegrations } from '../connections/use-integrations.ts'
import { AccessChoice } from './access-choice.tsx'

/** How many fit a search; whoever has more types on. */
const most = 20

/** `given`: id of the connection that the address names. */
export function CreateOver({ given }: { given: string | undefined }) {
  const client = useClient()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [chosen, setChosen] = useState<Connection | null>(null)
  const [text, setText] = useState('')
  const [q] = useDebouncedValue(text.trim(), 250)
  const labels = new Map(useIntegrations().map(({ id, label }) => [id, label]))
  const found = useQuery({
    queryKey: ['connections', 'choose', q],
    queryFn: async ({ signal }) =>
      (await client.connections.list({ status: 'active', limit: most, ...(q && { q }) }, { signal })).data,
    placeholderData: keepPreviousData,
  })
  const named = useQuery({
    queryKey: ['connections', given],
    enabled: given !== undefined,
    queryFn: ({ signal }) => client.connections.get(given!, { signal }),
  })
  const connection = chosen ?? named.data ?? null
  const form = useForm({ initialValues: { connection_id: '', access_type: 'read' } })
  const save = useSave(
    form,
    ({ access_type }) =>
      client.mcpServers.create({
        mcp_server: connection!.provider ?? connection!.integration_id,
        access_type: access_type as 'read' | 'write',
        auth_method: 'oauth',
        connection_id: connection!.id,
      }),
    ({ id }) => {
      void queries.invalidateQueries({ queryKey: ['mcp-servers'] })
      void navigate({ to: '/mcp-servers/$id', params: { id } })
    },
    (path) => (path === 'mcp_server' ? 'connection_id' : path),
  )
  const labelOf = (one: Connection) =>
    `${nameOf(one)} · ${labels.get(one.integration_id) ?? one.provider ?? one.integration_id}`
  if (found.data?.length === 0 && q === '' && !given)
    return (
      <Empty
        title="No account is connected"
        action={
          <Button renderRoot={(props) => <Link to="/connections/new" {...props} />}>
            Connect an account
          </Button>
        }
      >
        Connect one first, or choose “New account”: that makes the server and the link at once.
      </Empty>
    )
  const all = [...(connection ? [connection] : []), ...(found.data ?? [])]
  const choices = [...new Map(all.map((one) => [one.id, one])).values()]
  return (
    <form
      noValidate
      onSubmit={form.onSubmit((values) => {
        if (connection) save.mutate(values)
        else form.setFieldError('connection_id', 'Choose the account that the tools are to work with.')
      })}
    >
      <Stack gap="lg">
        <Select
          label="Account"
          description="Search by the account or by its end user."
          placeholder={found.isPending ? 'Loading …' : 'Choose an account'}
          data={choices.map((one) => ({ value: one.id, label: labelOf(one) }))}
          value={connection?.id ?? null}
          onChange={(id) => {
            form.clearFieldError('connection_id')
            setChosen(choices.find((one) => one.id === id) ?? null)
          }}
          onSearchChange={(next) => setText(connection && next === labelOf(connection) ? '' : next)}
          filter={({ options }) => options}
          searchable
          allowDeselect={false}
          nothingFoundMessage="No active connection fits"
          maxDropdownHeight={280}
          error={form.errors.connection_id ?? (named.error ? 'There is no such connection.' : undefined)}
        />
        <AccessChoice {...form.getInputProps('access_type')} />
        <Text size="sm" c="dimmed">
          Whatever is chosen here, the account’s own scopes decide what the service lets through.
        </Text>
        {save.error && <Fault error={save.error} />}
        <Group>
          <Button type="submit" loading={save.isPending}>
            Make MCP server
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
