import type { AuthorizedAppDetails } from '@grantry/sdk/transport'
import { Anchor, Drawer, List, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Facts } from '../../parts/facts.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { When } from '../../parts/when.tsx'
import { useClient, useMay } from '../../session.tsx'

const origins = {
  api: 'A member of this workspace',
  registered: 'Itself: anybody can register under any name',
  published: 'A document of its own, at its address',
  built_in: 'Grantry: its command line',
}

/** What one person allowed one app, and what it did last. */
export function ShowGrant({ id, title, onClose }: { id: string; title: string; onClose: () => void }) {
  const client = useClient()
  const query = useQuery({
    queryKey: ['authorized-apps', 'one', id],
    queryFn: ({ signal }) => client.authorizedApps.get(id, { signal }),
  })
  return (
    <Drawer opened onClose={onClose} title={title} position="right" size="lg">
      <Loaded query={query}>{(grant) => <Grant grant={grant} />}</Loaded>
    </Drawer>
  )
}

function Grant({ grant }: { grant: AuthorizedAppDetails }) {
  const { client, subject, scopes, resources, connections, recent } = grant
  const readsEvents = useMay('events:read')
  const facts: [string, ReactNode][] = [
    ['Allowed by', `${subject.email ?? subject.id}${subject.kind === 'end_user' ? ', an end user' : ''}`],
    ['Made known by', origins[client.origin]],
    ['Client id', client.client_id],
    ['Good at', resources.join(', ') || 'the API'],
    ['Allowed', <When key="at" at={grant.created_at} />],
    ['Last used', <When key="used" at={grant.last_used_at} />],
  ]
  return (
    <Stack>
      <Facts facts={facts} />
      <Title order={3}>It may</Title>
      <List>
        {scopes.map(({ scope, description }) => (
          <List.Item key={scope}>{description}</List.Item>
        ))}
      </List>
      <Title order={3}>With</Title>
      {connections === null ? (
        <Text>All connections that the person reaches.</Text>
      ) : (
        <List>
          {connections.map((one) => (
            <List.Item key={one.id}>
              <Anchor
                renderRoot={(props) => <Link to="/connections/$id" params={{ id: one.id }} {...props} />}
              >
                {one.account_label ?? one.end_user_id ?? one.id}
              </Anchor>{' '}
              {one.provider}
            </List.Item>
          ))}
        </List>
      )}
      <Title order={3}>What it did last</Title>
      {recent.length === 0 && <Text c="dimmed">Nothing yet.</Text>}
      <List>
        {recent.map((event) => (
          <List.Item key={event.id}>
            <code>{event.type}</code>, <When at={event.at} />
          </List.Item>
        ))}
      </List>
      {readsEvents && recent.length > 0 && (
        <Anchor renderRoot={(props) => <Link to="/events" search={{ actor: grant.id }} {...props} />}>
          All that it did
        </Anchor>
      )}
    </Stack>
  )
}
