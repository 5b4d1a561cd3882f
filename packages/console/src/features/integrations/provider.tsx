import type { Provider, ProviderScope } from '@grantry/sdk/transport'
import { Grid, List, Paper, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Copyable } from '../../parts/copy.tsx'
import { Facts } from '../../parts/facts.tsx'
import { LinkAnchor, LinkButton } from '../../parts/link.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Page } from '../../parts/page.tsx'
import { useClient, useMay } from '../../session.tsx'
import { AboutProvider } from './about-provider.tsx'
import { categoryName } from './category-name.ts'
import { grantTypes, isGrantType } from './grant-types.ts'

const route = getRouteApi('/integrations/catalogue/$provider')

export default function ShowProvider() {
  const { provider: name } = route.useParams()
  const client = useClient()
  const may = useMay('integrations:write')
  const query = useQuery({
    queryKey: ['providers', name],
    queryFn: ({ signal }) => client.providers.get(name, { signal }),
  })
  const { data } = query
  return (
    <Page
      title={data?.name ?? 'Provider'}
      sentence={data && `${categoryName(data.category)}, from the catalogue`}
      action={
        data &&
        may && (
          <LinkButton to="/integrations/new" search={{ kind: 'provider', provider: name }}>
            Set up {data.name}
          </LinkButton>
        )
      }
    >
      <Loaded query={query}>
        {(provider) => (
          <Grid gap="lg">
            <Grid.Col span={{ base: 12, md: 7 }}>
              <Stack gap="lg">
                <Paper withBorder p="lg">
                  <Stack gap="sm">
                    <Title order={2}>Facts</Title>
                    <Facts facts={factsOf(provider)} />
                  </Stack>
                </Paper>
                <AboutProvider provider={provider} />
              </Stack>
            </Grid.Col>
            <Grid.Col span={{ base: 12, md: 5 }}>
              <Paper withBorder p="lg">
                <Stack gap="sm">
                  <Title order={2}>Scopes</Title>
                  <Scopes title="To read" scopes={provider.scopes.read} />
                  <Scopes title="To write" scopes={provider.scopes.write} />
                  <Scopes title="In any case" scopes={provider.scopes.always} />
                </Stack>
              </Paper>
            </Grid.Col>
          </Grid>
        )}
      </Loaded>
    </Page>
  )
}

function factsOf(provider: Provider): [string, ReactNode][] {
  const { name, redirect_uri, tools, integrations } = provider
  return [
    [
      'Redirect URI',
      <Stack key="redirect" gap={0}>
        <Copyable text={redirect_uri} what="redirect URI" />
        <Text size="xs" c="dimmed">
          Register exactly this at {name}, and allow it there.
          {provider.params.length > 0 && ' An integration with values for its addresses has one of its own.'}
        </Text>
      </Stack>,
    ],
    [
      'Grant types',
      provider.grant_types
        .filter(isGrantType)
        .map((type) => grantTypes[type].label)
        .join(', '),
    ],
    ['Tools', tools.read + tools.write === 0 ? 'None' : `${tools.read} to read, ${tools.write} to write`],
    ...(integrations === null
      ? []
      : ([
          [
            'Integrations',
            integrations === 0 ? (
              'None yet'
            ) : (
              <LinkAnchor key="integrations" to="/integrations" search={{ provider: provider.provider }}>
                {integrations}
              </LinkAnchor>
            ),
          ],
        ] satisfies [string, ReactNode][])),
    ...address('Authorization URL', provider.authorization_url),
    ...address('Token URL', provider.token_url),
    ...address('Revocation URL', provider.revocation_url),
    ...address('API base URL', provider.api_base_url),
    ...provider.params.map(
      ({ name, label, description, example, default: fallback }): [string, ReactNode] => [
        label,
        <Text key={name}>
          {description} {example && <span className="mono">{example}</span>}{' '}
          {fallback ? `Where an integration does not say it: ${fallback}` : 'Each integration says it.'}
        </Text>,
      ],
    ),
  ]
}

const address = (name: string, url: string | null): [string, ReactNode][] =>
  url
    ? [
        [
          name,
          <span key={name} className="mono">
            {url}
          </span>,
        ],
      ]
    : []

function Scopes({ title, scopes }: { title: string; scopes: ProviderScope[] }) {
  if (scopes.length === 0) return null
  return (
    <div>
      <Title order={3}>{title}</Title>
      <List spacing={4}>
        {scopes.map(({ scope, sentence }) => (
          <List.Item key={scope}>
            {sentence}
            <Text size="xs" c="dimmed" className="mono">
              {scope}
            </Text>
          </List.Item>
        ))}
      </List>
    </div>
  )
}
