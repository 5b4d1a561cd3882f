import { Anchor, Button, Group, Radio, Select, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { Empty } from '../../parts/empty.tsx'
import { Fault } from '../../parts/fault.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { useSave } from '../../parts/use-save.ts'
import { useClient, useMay } from '../../session.tsx'
import { ConnectLink, type MadeLink } from '../connections/connect-link.tsx'
import { useIntegrationsQuery } from '../connections/use-integrations.ts'
import { AccessChoice } from './access-choice.tsx'

type Made = { id: string; link: MadeLink }

/** The server at once, and the link by which its account is connected. */
export function CreateByLink() {
  const [made, setMade] = useState<Made | null>(null)
  const integrations = useIntegrationsQuery()
  if (!useMay('connections:write'))
    return <Empty title="Your role connects no accounts">Ask an owner or an admin of this workspace.</Empty>
  if (made)
    return (
      <ConnectLink
        link={made.link}
        again={
          <Button
            variant="default"
            renderRoot={(props) => <Link to="/mcp-servers/$id" params={{ id: made.id }} {...props} />}
          >
            Show the MCP server
          </Button>
        }
      />
    )
  return (
    <Loaded query={integrations}>
      {(all) => {
        const usable = all.filter(({ grant_type }) => grant_type === 'authorization_code')
        if (usable.length === 0)
          return (
            <Empty
              title="There is no integration to connect to"
              action={
                <Button renderRoot={(props) => <Link to="/integrations/new" {...props} />}>
                  Add an integration
                </Button>
              }
            >
              Accounts are connected through your own OAuth app at a service, by authorization code.
            </Empty>
          )
        return <Form choices={usable.map(({ id, label }) => ({ value: id, label }))} onMade={setMade} />
      }}
    </Loaded>
  )
}

function Form({
  choices,
  onMade,
}: {
  choices: { value: string; label: string }[]
  onMade: (made: Made) => void
}) {
  const client = useClient()
  const queries = useQueryClient()
  const form = useForm({
    initialValues: { mcp_server: choices[0]!.value, access_type: 'read', whose: 'end_user', end_user: '' },
    validate: {
      end_user: (id, { whose }) =>
        whose === 'end_user' && id.trim() === '' ? 'Say by which id you know this person.' : null,
    },
  })
  const save = useSave(
    form,
    ({ mcp_server, access_type, whose, end_user }) =>
      client.mcpServers.create({
        mcp_server,
        access_type: access_type as 'read' | 'write',
        auth_method: 'oauth',
        ...(whose === 'end_user' && { end_user: { id: end_user.trim() } }),
      }),
    (server) => {
      void queries.invalidateQueries({ queryKey: ['mcp-servers'] })
      onMade({
        id: server.id,
        link: {
          id: server.connect_session_id!,
          connect_url: server.connect_url!,
          connect_token: server.connect_token!,
          expires_at: server.expires_at!,
          provider_name: server.mcp_server_name,
          own: form.getValues().whose === 'own',
        },
      })
    },
    (path) => path.split('.')[0]!,
  )
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
      <Stack gap="lg">
        <Select
          label="Integration"
          description={
            <>
              Which service the account is at. Not there?{' '}
              <Anchor size="xs" renderRoot={(props) => <Link to="/integrations/new" {...props} />}>
                Add an integration
              </Anchor>
            </>
          }
          data={choices}
          searchable
          allowDeselect={false}
          limit={100}
          nothingFoundMessage="No integration is called so"
          {...form.getInputProps('mcp_server')}
        />
        <AccessChoice {...form.getInputProps('access_type')} />
        <Radio.Group label="Whose account" {...form.getInputProps('whose')}>
          <Stack gap="xs" mt="xs">
            <Radio value="end_user" label="An end user’s: they get the link" />
            <Radio value="own" label="Mine, for the whole workspace: I open the link" />
          </Stack>
        </Radio.Group>
        {form.values.whose === 'end_user' && (
          <TextInput
            label="Id of the end user"
            description="Yours: what your product calls this person."
            autoComplete="off"
            required
            maxLength={255}
            {...form.getInputProps('end_user')}
          />
        )}
        {save.error && <Fault error={save.error} />}
        <Group>
          <Button type="submit" loading={save.isPending}>
            Make server and link
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
