import type { Connection, Overview } from '@grantry/sdk/transport'
import { Anchor, List, Paper, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Loaded } from '../../parts/loaded.tsx'
import { When } from '../../parts/when.tsx'
import { useClient } from '../../session.tsx'
import { ConnectionLink } from '../connections/connection-link.tsx'
import type { ConnectionFilter } from '../connections/filter.ts'
import { endUserName, nameOf } from '../connections/name.ts'
import { inFigures } from './figures.ts'

/** How many connections are named here; the list has them all. */
const shown = 5

/** Which accounts a person must connect again: those that have stopped, and those that will soon. */
export function Attention({ overview: { needs_reauth, ending } }: { overview: Overview }) {
  const calm = needs_reauth.total === 0 && ending.connections === 0
  return (
    <Paper withBorder p="lg" component="section" aria-labelledby="attention">
      <Stack>
        <Title order={2} id="attention">
          To be connected again
        </Title>
        {calm && (
          <Text c="dimmed">
            None. Every account that is connected works, and none is known to end within {ending.days} days.
          </Text>
        )}
        {needs_reauth.total > 0 && (
          <Some
            title={`${inFigures(needs_reauth.total)} ${needs_reauth.total === 1 ? 'has' : 'have'} stopped`}
            filter={{ status: 'needs_reauth' }}
            total={needs_reauth.total}
            note={({ advice, reason }) => advice?.what ?? reason}
          />
        )}
        {ending.connections > 0 && (
          <Some
            title={`${inFigures(ending.connections)} will end within ${ending.days} days`}
            filter={{ ending_before: ending.before }}
            total={ending.connections}
            note={({ ends_at }) => (
              <>
                Ends <When at={ends_at} />
              </>
            )}
          />
        )}
      </Stack>
    </Paper>
  )
}

function Some({
  title,
  filter,
  total,
  note,
}: {
  title: string
  filter: ConnectionFilter
  total: number
  note: (connection: Connection) => React.ReactNode
}) {
  const client = useClient()
  const query = useQuery({
    queryKey: ['connections', 'some', Object.keys(filter)],
    queryFn: async ({ signal }) => await client.connections.list({ ...filter, limit: shown }, { signal }),
    refetchInterval: 60_000,
  })
  return (
    <Stack gap="xs">
      <Title order={3}>{title}</Title>
      <Loaded query={query}>
        {({ data }) => (
          <List size="sm" spacing={4}>
            {data.map((connection) => (
              <List.Item key={connection.id}>
                <ConnectionLink id={connection.id}>{nameOf(connection)}</ConnectionLink>
                {connection.end_user && ` of ${endUserName(connection.end_user)}`}
                <Text size="sm" c="dimmed">
                  {note(connection)}
                </Text>
              </List.Item>
            ))}
          </List>
        )}
      </Loaded>
      {total > shown && (
        <Anchor renderRoot={(props) => <Link {...props} to="/connections" search={filter} />}>
          Show all {inFigures(total)}
        </Anchor>
      )}
    </Stack>
  )
}
