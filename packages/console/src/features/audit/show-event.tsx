import type { Event } from '@grantry/sdk/transport'
import { Anchor, Button, Drawer, Group, Stack, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Copyable, CopyBlock } from '../../parts/copy.tsx'
import { actorInWords, eventInWords } from '../../parts/event-words.ts'
import { Facts } from '../../parts/facts.tsx'
import { When } from '../../parts/when.tsx'
import type { EventFilter } from './event-filter.ts'

/** All that is known of an event, in words and as it is. */
export function ShowEvent({
  event,
  onClose,
  onFilter,
}: {
  event: Event | null
  onClose: () => void
  onFilter: (part: EventFilter) => void
}) {
  return (
    <Drawer
      opened={event !== null}
      onClose={onClose}
      title={event ? eventInWords(event) : ''}
      position="right"
      size="lg"
    >
      {event && <Shown event={event} onFilter={onFilter} />}
    </Drawer>
  )
}

function Shown({ event, onFilter }: { event: Event; onFilter: (part: EventFilter) => void }) {
  const { actor, connection_id, integration_id, end_user_id, app_id, request_id } = event
  const only = (label: string, part: EventFilter) => (
    <Button key={label} variant="default" size="xs" onClick={() => onFilter(part)}>
      {label}
    </Button>
  )
  return (
    <Stack>
      <Facts facts={factsOf(event)} />
      <Group gap="xs">
        {only('Only this type', { type: event.type })}
        {actor.id && only('Only by them', { actor: actor.id })}
        {connection_id && only('Only this connection', { connection: connection_id })}
        {integration_id && only('Only this integration', { integration: integration_id })}
        {end_user_id && only('Only this end user', { end_user: end_user_id })}
      </Group>
      <Title order={3}>As it is written down</Title>
      <CopyBlock text={JSON.stringify(event, null, 2)} what="event" />
    </Stack>
  )

  function factsOf({ type, at, id }: Event): [string, ReactNode][] {
    const facts: [string, ReactNode][] = [
      ['Type', <code key="type">{type}</code>],
      ['When', <When key="at" at={at} exact />],
      [
        'By',
        <Stack key="by" gap={4}>
          <span>{actorInWords(actor)}</span>
          {actor.id && <Copyable text={actor.id} what="id of the actor" />}
        </Stack>,
      ],
    ]
    if (connection_id)
      facts.push([
        'Connection',
        <Anchor
          key="connection"
          renderRoot={(props) => <Link to="/connections/$id" params={{ id: connection_id }} {...props} />}
        >
          {event.connection_label ?? connection_id}
        </Anchor>,
      ])
    if (integration_id)
      facts.push([
        'Integration',
        <Anchor
          key="integration"
          renderRoot={(props) => <Link to="/integrations/$id" params={{ id: integration_id }} {...props} />}
        >
          {event.integration_label ?? integration_id}
        </Anchor>,
      ])
    if (end_user_id)
      facts.push(['End user', <Copyable key="user" text={end_user_id} what="id of the end user" />])
    if (app_id) facts.push(['App', <Copyable key="app" text={app_id} what="app id" />])
    if (request_id) facts.push(['Request', <Copyable key="request" text={request_id} what="request id" />])
    facts.push(['Id', <Copyable key="id" text={id} what="event id" />])
    return facts
  }
}
