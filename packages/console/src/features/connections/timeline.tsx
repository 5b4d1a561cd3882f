import type { Event, RefreshAttempt } from '@grantry/sdk/transport'
import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { actorInWords, eventInWords } from '../../parts/event-words.ts'
import { Fault } from '../../parts/fault.tsx'
import { useList } from '../../parts/use-list.ts'
import { When } from '../../parts/when.tsx'
import { useClient, useMay } from '../../session.tsx'
import { attemptColor, attemptInWords } from './attempt-words.ts'
import { type Moment, mergeTimeline } from './merge-timeline.ts'
import style from './timeline.module.css'

/** What has happened to a connection, newest first: how its tokens were renewed, who read them, what was changed. */
export function Timeline({ connection }: { connection: string }) {
  const client = useClient()
  const mayEvents = useMay('events:read')
  const attempts = useList<RefreshAttempt>(['connections', connection, 'attempts'], (page, signal) =>
    client.connections.attempts(connection, { ...page, limit: 50 }, { signal }),
  )
  const events = useList<Event>(
    ['connections', connection, 'events'],
    (page, signal) => client.events.list({ ...page, limit: 50, connection }, { signal }),
    mayEvents,
  )
  const moments = mergeTimeline(loadedOf(attempts), loadedOf(events))
  const more = attempts.hasNextPage || events.hasNextPage
  const busy = attempts.isFetchingNextPage || events.isFetchingNextPage
  const waiting = attempts.isPending || (mayEvents && events.isPending)
  const error = attempts.error ?? events.error
  const older = () => void behind(attempts, events).fetchNextPage()
  return (
    <Paper withBorder p="lg" component="section" aria-labelledby="timeline" aria-busy={waiting}>
      <Stack>
        <Title order={2} id="timeline">
          What has happened
        </Title>
        {error && <Fault error={error} onRetry={() => Promise.all([attempts.refetch(), events.refetch()])} />}
        {!waiting && !error && moments.length === 0 && <Text c="dimmed">Nothing yet.</Text>}
        <ol className={style.timeline}>
          {moments.map((moment) => (
            <li
              key={moment.id}
              className={style.moment}
              style={{ '--mark': markOf(moment) } as React.CSSProperties}
            >
              <span className={style.dot} aria-hidden="true" />
              {moment.kind === 'attempt' ? <Attempt of={moment.attempt} /> : <Happened of={moment} />}
            </li>
          ))}
        </ol>
        {more && (
          <Group>
            <Button variant="default" size="xs" loading={busy} onClick={older}>
              Older
            </Button>
          </Group>
        )}
      </Stack>
    </Paper>
  )
}

function Attempt({ of }: { of: RefreshAttempt }) {
  const why = [of.provider_error, of.provider_error_description].filter(Boolean).join(': ')
  return (
    <>
      <Text>{attemptInWords(of)}</Text>
      {why !== '' && (
        <Text size="sm" c="dimmed">
          {why}
        </Text>
      )}
      <Text size="xs" c="dimmed">
        <When at={of.at} />
        {of.received_at && `, answered in ${lasted(of.at, of.received_at)}`}
        {of.next_try_at && (
          <>
            , next refresh <When at={of.next_try_at} />
          </>
        )}
      </Text>
    </>
  )
}

function Happened({ of: { event, also, at, from } }: { of: Extract<Moment, { kind: 'event' }> }) {
  return (
    <>
      <Text>
        {eventInWords(event)}
        {also > 0 && `, ${also + 1} times`}
      </Text>
      <Text size="xs" c="dimmed">
        <When at={at} />
        {Date.parse(at) - Date.parse(from) > 60_000 && (
          <>
            , first <When at={from} />
          </>
        )}{' '}
        by {actorInWords(event.actor)}
      </Text>
    </>
  )
}

type List<T> = ReturnType<typeof useList<T>>

const loadedOf = <T,>({ data, hasNextPage }: List<T>) => ({
  items: data?.pages.flatMap((page) => page.data) ?? [],
  more: hasNextPage,
})

/** The list that the timeline cannot go on without: of those with more, the one that reaches back least. */
function behind(attempts: List<RefreshAttempt>, events: List<Event>) {
  if (!attempts.hasNextPage) return events
  if (!events.hasNextPage) return attempts
  const end = ({ data }: List<{ at: string }>) => data?.pages.at(-1)?.data.at(-1)?.at ?? ''
  return end(attempts) > end(events) ? attempts : events
}

function markOf(moment: Moment): string {
  if (moment.kind === 'attempt') return attemptColor(moment.attempt.outcome)
  return marks[moment.event.type] ?? 'var(--edge)'
}

const marks: Record<string, string> = {
  'connection.created': 'var(--good)',
  'connection.reconnected': 'var(--good)',
  'connection.recovered': 'var(--good)',
  'connection.needs_reauth': 'var(--bad)',
  'connection.revocation_failed': 'var(--bad)',
  'connection.expiring': 'var(--waiting)',
}

function lasted(from: string, to: string): string {
  const ms = Date.parse(to) - Date.parse(from)
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`
}
