import type { Event } from '@grantry/sdk/transport'
import { Anchor, Button, Group, Switch } from '@mantine/core'
import { useInterval } from '@mantine/hooks'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { RefreshCw } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import { Empty } from '../../parts/empty.tsx'
import { actorInWords, eventInWords } from '../../parts/event-words.ts'
import { ExportMenu } from '../../parts/export-menu.tsx'
import { Page } from '../../parts/page.tsx'
import { type Column, Rows } from '../../parts/rows.tsx'
import { useList } from '../../parts/use-list.ts'
import { When } from '../../parts/when.tsx'
import { useClient } from '../../session.tsx'
import type { EventFilter } from './event-filter.ts'
import { EventFilters } from './event-filters.tsx'
import { ShowEvent } from './show-event.tsx'

/** How often the newest events are asked for while somebody follows, in milliseconds. */
const pace = 4000
/** Pages of a list that is still worth following: who has gone further down is reading. */
const mostFollowed = 2

/** The audit log. */
export default function Events() {
  const client = useClient()
  const filter = useSearch({ from: '/events' })
  const navigate = useNavigate({ from: '/events' })
  const setFilter = (search: EventFilter) => void navigate({ search, replace: true })
  const [shown, setShown] = useState<Event | null>(null)
  const query = useList<Event>(['events', 'list', filter], (page, signal) =>
    client.events.list({ ...filter, ...page }, { signal }),
  )
  const columns = useMemo(() => columnsWith(setShown), [])
  const filtered = Object.keys(filter).length > 0
  return (
    <Page
      title="Events"
      sentence="Every change, and every time a token or an answer of a service left Grantry, newest first."
      action={
        <Group gap="sm">
          <Follow query={query} />
          <Button
            variant="default"
            leftSection={<RefreshCw size={14} aria-hidden="true" />}
            loading={query.isRefetching}
            onClick={() => void query.refetch()}
          >
            Refresh
          </Button>
          <ExportMenu path="/api/v1/events/export" query={filter} />
        </Group>
      }
    >
      <EventFilters filter={filter} onChange={setFilter} />
      <Rows
        key={JSON.stringify(filter)}
        label="Events"
        query={query}
        columns={columns}
        empty={
          filtered ? (
            <Empty
              title="No event fits"
              action={
                <Button variant="default" onClick={() => setFilter({})}>
                  Show all events
                </Button>
              }
            >
              Nothing of this kind has happened in that time. Take a filter away to see more.
            </Empty>
          ) : (
            <Empty title="Nothing has happened yet">
              What members, apps and Grantry itself do is written down here.
            </Empty>
          )
        }
      />
      <ShowEvent
        event={shown}
        onClose={() => setShown(null)}
        onFilter={(part) => {
          setShown(null)
          setFilter({ ...filter, ...part })
        }}
      />
    </Page>
  )
}

/** Reads the list again and again while it is switched on and the page is seen. */
function Follow({ query }: { query: ReturnType<typeof useList<Event>> }) {
  const [on, setOn] = useState(false)
  const { start, stop } = useInterval(() => {
    const far = (query.data?.pages.length ?? 0) > mostFollowed
    if (!document.hidden && !far && !query.isFetching) void query.refetch()
  }, pace)
  useEffect(() => {
    if (on) start()
    else stop()
    return stop
  }, [on, start, stop])
  return <Switch label="Follow" checked={on} onChange={(event) => setOn(event.currentTarget.checked)} />
}

function columnsWith(show: (event: Event) => void): Column<Event>[] {
  return [
    { head: 'When', width: '7.5rem', cell: ({ at }) => <When at={at} /> },
    {
      head: 'What happened',
      cell: (event) => (
        <Anchor component="button" type="button" onClick={() => show(event)} title={eventInWords(event)}>
          {eventInWords(event)}
        </Anchor>
      ),
    },
    {
      head: 'By',
      width: '13rem',
      wide: true,
      cell: ({ actor }) => <span title={actorInWords(actor)}>{actorInWords(actor)}</span>,
    },
    {
      head: 'About',
      width: '15rem',
      wide: true,
      cell: (event) => <span title={subjectOf(event)}>{subjectOf(event)}</span>,
    },
  ]
}

/** Whose account, else which integration, as they are called today. */
const subjectOf = (event: Event): string =>
  event.connection_label ??
  event.end_user_id ??
  event.integration_label ??
  event.connection_id ??
  event.integration_id ??
  ''
