import { Button, Grid, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Loaded } from '../../parts/loaded.tsx'
import { Page } from '../../parts/page.tsx'
import { useClient, useMay } from '../../session.tsx'
import { Attention } from './attention.tsx'
import { ByIntegration } from './by-integration.tsx'
import { FirstSteps } from './first-steps.tsx'
import { Recent } from './recent.tsx'
import { Refreshes } from './refreshes.tsx'
import { Standing } from './standing.tsx'

/** How the workspace stands: first what wants somebody, then what happened. New workspaces see the way to a connection. */
export default function Overview() {
  const client = useClient()
  const may = useMay('connections:write')
  const query = useQuery({
    queryKey: ['overview'],
    queryFn: ({ signal }) => client.overview.get({}, { signal }),
    refetchInterval: 60_000,
  })
  const fresh = query.data?.has_connections === false
  return (
    <Page
      title="Overview"
      sentence={fresh ? 'Three steps to a first connection.' : 'How your connections stand.'}
      action={
        may &&
        query.data?.has_connections && (
          <Button component={Link} to="/connections/new">
            Connect an account
          </Button>
        )
      }
    >
      <Loaded query={query}>
        {(overview) => (
          <Stack gap="lg">
            <FirstSteps overview={overview} />
            {overview.has_connections && (
              <>
                <Standing overview={overview} />
                <Grid gap="lg">
                  <Grid.Col span={{ base: 12, lg: 7 }}>
                    <Stack gap="lg">
                      <Refreshes />
                      <ByIntegration overview={overview} />
                    </Stack>
                  </Grid.Col>
                  <Grid.Col span={{ base: 12, lg: 5 }}>
                    <Stack gap="lg">
                      <Attention overview={overview} />
                      <Recent />
                    </Stack>
                  </Grid.Col>
                </Grid>
              </>
            )}
          </Stack>
        )}
      </Loaded>
    </Page>
  )
}
