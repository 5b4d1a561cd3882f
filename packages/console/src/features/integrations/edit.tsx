import type { Integration, Provider } from '@grantry/sdk/transport'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { Empty } from '../../parts/empty.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Page } from '../../parts/page.tsx'
import { tell } from '../../parts/tell.tsx'
import { useClient, useMay } from '../../session.tsx'
import { IntegrationForm } from './form.tsx'
import { toChanges, valuesOfIntegration } from './form-values.ts'

const route = getRouteApi('/integrations/$id/edit')

export default function EditIntegration() {
  const { id } = route.useParams()
  const client = useClient()
  const may = useMay('integrations:write')
  const query = useQuery({
    queryKey: ['integrations', id, 'to-edit'],
    enabled: may,
    // What somebody is editing does not change under them.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    queryFn: async ({ signal }) => {
      const integration = await client.integrations.get(id, { signal })
      const provider = integration.provider
        ? await client.providers.get(integration.provider, { signal })
        : null
      return { integration, provider }
    },
  })
  const label = query.data?.integration.label
  return (
    <Page
      title={label ? `Edit ${label}` : 'Edit integration'}
      sentence="Where its connections came from cannot change: endpoints stay as long as there are any."
    >
      {may ? (
        <Loaded query={query}>{(data) => <EditForm {...data} />}</Loaded>
      ) : (
        <Empty title="Your role cannot change integrations">It may look at them.</Empty>
      )}
    </Page>
  )
}

function EditForm({ integration, provider }: { integration: Integration; provider: Provider | null }) {
  const client = useClient()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const begin = valuesOfIntegration(integration, provider)
  const { id } = integration
  return (
    <IntegrationForm
      begin={begin}
      provider={provider}
      stored={integration}
      onCancel={() => void navigate({ to: '/integrations/$id', params: { id } })}
      onSave={async (values, validate) => {
        const saved = await client.integrations.update(id, toChanges(values, begin, validate))
        queries.setQueryData(['integrations', id], saved)
        void queries.invalidateQueries({ queryKey: ['integrations', 'list'] })
        await navigate({ to: '/integrations/$id', params: { id } })
        tell(`${saved.label} is saved.`)
      }}
    />
  )
}
