import type { Integration } from '@grantry/sdk/transport'
import { Grid, Group, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { LinkButton } from '../../parts/link.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Page } from '../../parts/page.tsx'
import { useClient, useMay } from '../../session.tsx'
import { Checks } from './checks.tsx'
import { DeleteIntegration } from './delete.tsx'
import { Diagnosis } from './diagnosis.tsx'
import { grantTypes } from './grant-types.ts'
import { IntegrationFacts } from './integration-facts.tsx'
import { IntegrationProxyPolicy } from './proxy-policy.tsx'

const route = getRouteApi('/integrations/$id')

export default function ShowIntegration() {
  const { id } = route.useParams()
  const query = useIntegration(id)
  const { data } = query
  return (
    <Page
      title={data?.label ?? 'Integration'}
      sentence={
        data &&
        `${data.provider ? data.provider_name : 'Generic OAuth 2.0'}, ${grantTypes[data.grant_type].label.toLowerCase()}`
      }
      action={data && <Actions integration={data} />}
    >
      <Loaded query={query}>{(integration) => <Integration_ integration={integration} />}</Loaded>
    </Page>
  )
}

export function useIntegration(id: string) {
  const client = useClient()
  return useQuery({
    queryKey: ['integrations', id],
    queryFn: ({ signal }) => client.integrations.get(id, { signal }),
  })
}

function Actions({ integration: { id, grant_type } }: { integration: Integration }) {
  const mayWrite = useMay('integrations:write')
  const mayConnect = useMay('connections:write') && grant_type === 'authorization_code'
  return (
    <Group gap="sm">
      {mayWrite && (
        <LinkButton to="/integrations/$id/edit" params={{ id }} variant="default">
          Edit
        </LinkButton>
      )}
      {mayConnect && (
        <LinkButton to="/connections/new" search={{ integration: id }}>
          Connect an account
        </LinkButton>
      )}
    </Group>
  )
}

function Integration_({ integration }: { integration: Integration }) {
  const may = useMay('integrations:write')
  return (
    <Stack gap="lg">
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <IntegrationFacts integration={integration} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack gap="lg">
            <Checks integration={integration} />
            {may && <Diagnosis integration={integration} />}
          </Stack>
        </Grid.Col>
      </Grid>
      <IntegrationProxyPolicy integration={integration} />
      {may && <DeleteIntegration integration={integration} />}
    </Stack>
  )
}
