import type { Provider } from '@grantry/sdk/transport'
import { SegmentedControl, Select, Stack } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { Empty } from '../../parts/empty.tsx'
import { LinkButton } from '../../parts/link.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Page } from '../../parts/page.tsx'
import { tell } from '../../parts/tell.tsx'
import { useClient, useMay } from '../../session.tsx'
import { AboutProvider } from './about-provider.tsx'
import { IntegrationForm } from './form.tsx'
import { toNew, type Values, valuesOfProvider } from './form-values.ts'
import { useProviders } from './use-providers.ts'
import { redirectUriKey } from './use-redirect-uri.ts'

const route = getRouteApi('/integrations/new')

/** Generic: any OAuth 2.0 service by its endpoints. From the catalogue: what is known of the service is filled in. */
export default function CreateIntegration() {
  const { kind: named, provider, issuer } = route.useSearch()
  const kind = named ?? (provider ? 'provider' : 'generic')
  const navigate = useNavigate()
  if (!useMay('integrations:write'))
    return (
      <Page title="New integration">
        <Empty title="Your role cannot add integrations">
          It may look at them. Ask an owner or an admin of the workspace to add this one.
        </Empty>
      </Page>
    )
  return (
    <Page
      title={kind === 'generic' ? 'New Generic OAuth 2.0 Integration' : 'New integration from the catalogue'}
      sentence={
        kind === 'generic'
          ? 'Connect any service that speaks OAuth 2.0, with what its developer pages tell you.'
          : 'The endpoints, scopes and peculiarities of these services are known: what is left is your OAuth app there.'
      }
    >
      <SegmentedControl
        aria-label="Kind of integration"
        value={kind}
        onChange={(value) =>
          navigate({ to: '/integrations/new', search: { kind: value as typeof kind }, replace: true })
        }
        data={[
          { value: 'generic', label: 'Generic' },
          { value: 'provider', label: 'From the catalogue' },
        ]}
        w="fit-content"
        maw="100%"
      />
      {kind === 'generic' ? (
        <NewForm key="generic" provider={null} issuer={issuer ?? ''} />
      ) : (
        <FromCatalogue name={provider ?? null} />
      )}
    </Page>
  )
}

function FromCatalogue({ name }: { name: string | null }) {
  const client = useClient()
  const navigate = useNavigate()
  const providers = useProviders()
  const chosen = useQuery({
    queryKey: ['providers', name],
    enabled: name !== null,
    queryFn: ({ signal }) => client.providers.get(name!, { signal }),
  })
  return (
    <Stack gap="lg">
      <Select
        label="Provider"
        placeholder="Search the catalogue"
        data={providers.map(({ provider, name }) => ({ value: provider, label: name }))}
        value={name}
        searchable
        allowDeselect={false}
        maw={720}
        nothingFoundMessage="The catalogue does not know it. Generic OAuth 2.0 does."
        onChange={(provider) =>
          provider &&
          navigate({ to: '/integrations/new', search: { kind: 'provider', provider }, replace: true })
        }
      />
      {name === null ? (
        <LinkButton to="/integrations/catalogue" variant="default" w="fit-content">
          Look through the catalogue
        </LinkButton>
      ) : (
        <Loaded query={chosen}>
          {(provider) => (
            <>
              <AboutProvider provider={provider} />
              <NewForm key={provider.provider} provider={provider} issuer="" />
            </>
          )}
        </Loaded>
      )}
    </Stack>
  )
}

function NewForm({ provider, issuer }: { provider: Provider | null; issuer: string }) {
  const client = useClient()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const begin: Values = {
    ...valuesOfProvider(provider),
    ...(provider ? { label: provider.name } : { issuer }),
  }
  return (
    <IntegrationForm
      begin={begin}
      provider={provider}
      stored={null}
      onCancel={() => void navigate({ to: '/integrations' })}
      onSave={async (values, validate) => {
        const body = toNew(values, begin, { provider: provider?.provider ?? null, validate })
        const saved = await client.integrations.create(body)
        // Kept for this one, and for no other.
        queries.removeQueries({ queryKey: redirectUriKey })
        queries.setQueryData(['integrations', saved.id], saved)
        void queries.invalidateQueries({ queryKey: ['integrations'] })
        void queries.invalidateQueries({ queryKey: ['providers'] })
        void queries.invalidateQueries({ queryKey: ['overview'] })
        await navigate({ to: '/integrations/$id', params: { id: saved.id } })
        tell(
          saved.validation.status === 'verified'
            ? `${saved.label} is saved, and ${provider?.name ?? 'the provider'} takes its credentials.`
            : `${saved.label} is saved, but not verified.`,
        )
      }}
    />
  )
}
