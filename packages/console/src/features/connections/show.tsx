import type { Connection } from '@grantry/sdk/transport'
import { Grid } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { Loaded } from '../../parts/loaded.tsx'
import { Page } from '../../parts/page.tsx'
import { useClient } from '../../session.tsx'
import { Actions } from './actions.tsx'
import { End } from './end.tsx'
import { Known } from './known.tsx'
import { endUserName, nameOf } from './name.ts'
import { Timeline } from './timeline.tsx'
import { useIntegrations } from './use-integrations.ts'

/** One connection: what is known of it at the left, what has happened at the right, what destroys it last. */
export default function ShowConnection() {
  const { id } = useParams({ from: '/connections/$id' })
  const client = useClient()
  const query = useQuery({
    queryKey: ['connections', id],
    queryFn: ({ signal }) => client.connections.get(id, { signal }),
  })
  const connection = query.data
  return (
    <Page
      title={connection ? nameOf(connection) : 'Connection'}
      sentence={connection && <Whose connection={connection} />}
      action={connection && <Actions key={id} connection={connection} />}
    >
      <Loaded query={query}>
        {(loaded) => (
          <Grid gap="lg">
            <Grid.Col span={{ base: 12, lg: 7 }}>
              <Known connection={loaded} />
            </Grid.Col>
            <Grid.Col span={{ base: 12, lg: 5 }}>
              <Timeline key={id} connection={id} />
            </Grid.Col>
            <Grid.Col span={12}>
              <End key={id} connection={loaded} />
            </Grid.Col>
          </Grid>
        )}
      </Loaded>
    </Page>
  )
}

function Whose({ connection: { integration_id, provider, end_user } }: { connection: Connection }) {
  const service = useIntegrations().find(({ id }) => id === integration_id)?.provider_name ?? provider
  const owner = end_user === null ? "the workspace's own" : `of ${endUserName(end_user)}`
  return <>{[service, owner].filter(Boolean).join(', ')}</>
}
