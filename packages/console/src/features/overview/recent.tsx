import type { Event } from '@grantry/sdk/transport'
import { Anchor, Paper, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { actorInWords, eventInWords } from '../../parts/event-words.ts'
import { Loaded } from '../../parts/loaded.tsx'
import { When } from '../../parts/when.tsx'
import { useClient, useMay } from '../../session.tsx'
import { ConnectionLink } from '../connections/connection-link.tsx'
import style from './recent.module.css'

/** The last of what was written down. */
export function Recent() {
  const client = useClient()
  const may = useMay('events:read')
  const query = useQuery({
    queryKey: ['events', 'recent'],
    enabled: may,
    queryFn: async ({ signal }) => await client.events.list({ limit: 8 }, { signal }),
    refetchInterval: 60_000,
  })
  if (!may) return null
  return (
    <Paper withBorder p="lg" component="section" aria-labelledby="recent">
      <Stack>
        <Title order={2} id="recent">
          Recent events
        </Title>
        <Loaded query={query}>
          {({ data }) => (
            <ul className={style.events}>
              {data.map((event) => (
                <li key={event.id}>
                  <Text>
                    {eventInWords(event)}
                    <About event={event} />
                  </Text>
                  <Text size="xs" c="dimmed">
                    <When at={event.at} /> by {actorInWords(event.actor)}
                  </Text>
                </li>
              ))}
            </ul>
          )}
        </Loaded>
        <Anchor component={Link} to="/events">
          Show all events
        </Anchor>
      </Stack>
    </Paper>
  )
}

function About({ event }: { event: Event }) {
  if (event.connection_id)
    return (
      <>
        {': '}
        <ConnectionLink id={event.connection_id}>{event.connection_label ?? 'the connection'}</ConnectionLink>
      </>
    )
  const label = event.integration_label
  // The sentence may say it already.
  return label && !eventInWords(event).includes(label) ? `: ${label}` : null
}
