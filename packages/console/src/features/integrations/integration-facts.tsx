import type { Integration } from '@grantry/sdk/transport'
import { Paper, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { Copyable } from '../../parts/copy.tsx'
import { Facts } from '../../parts/facts.tsx'
import { LinkAnchor } from '../../parts/link.tsx'
import { When } from '../../parts/when.tsx'
import { authMethods, grantTypes } from './grant-types.ts'
import { scopesOf } from './scope-field.tsx'
import { useConnectionCounts } from './use-connection-counts.ts'

/** Everything that is known of an integration but its secret. */
export function IntegrationFacts({ integration }: { integration: Integration }) {
  const { id, provider, provider_name, client_id, redirect_uri, connection_id } = integration
  const count = useConnectionCounts()?.get(id)
  const facts: [string, ReactNode][] = [
    [
      'Provider',
      provider ? (
        <LinkAnchor key="provider" to="/integrations/catalogue/$provider" params={{ provider }}>
          {provider_name}
        </LinkAnchor>
      ) : (
        'Generic OAuth 2.0'
      ),
    ],
    ['Grant type', grantTypes[integration.grant_type].label],
    [
      'Connections',
      <LinkAnchor key="connections" to="/connections" search={{ integration: id }}>
        {count === undefined ? 'Show them' : count.toLocaleString('en')}
      </LinkAnchor>,
    ],
    ...given(connection_id, (connection): [string, ReactNode] => [
      'Came of saving',
      <LinkAnchor key="connection" to="/connections/$id" params={{ id: connection }} className="mono">
        {connection}
      </LinkAnchor>,
    ]),
    ...given(redirect_uri, (uri): [string, ReactNode] => [
      'Redirect URI',
      <Stack key="redirect" gap={0}>
        <Copyable text={uri} what="redirect URI" />
        <Text size="xs" c="dimmed">
          Register exactly this at {provider ? provider_name : 'the provider'}, and allow it there.
        </Text>
      </Stack>,
    ]),
    ['Client ID', <Copyable key="client" text={client_id} what="client ID" />],
    ['Client secret', integration.has_client_secret ? 'Stored. It cannot be read back.' : 'None'],
    ['Client authentication', authMethods[integration.token_auth_method]],
    ...address('Issuer URL', integration.issuer),
    ...address('Authorization URL', integration.authorization_url),
    ...address('Token URL', integration.token_url),
    ...address('Revocation URL', integration.revocation_url),
    ...address('API base URL', integration.api_base_url),
    ...pairs('Values of its addresses', integration.params),
    ...pairs('Further parameters', integration.extra_authorize_params),
    [
      'Scope',
      integration.scope ? (
        <Stack key="scope" gap={0}>
          {scopesOf(integration.scope).map((scope) => (
            <span key={scope} className="mono">
              {scope}
            </span>
          ))}
        </Stack>
      ) : (
        'None of its own'
      ),
    ],
    ...given(integration.tenant_id, (tenant): [string, ReactNode] => [
      'Tenant ID',
      <Copyable key="tenant" text={tenant} what="tenant ID" />,
    ]),
    ...given(integration.app_id, (app): [string, ReactNode] => [
      'App',
      <Copyable key="app" text={app} what="id of its app" />,
    ]),
    ['ID', <Copyable key="id" text={id} what="id" />],
    ['Added', <When key="added" at={integration.created_at} />],
    ['Changed', <When key="changed" at={integration.updated_at} />],
  ]
  return (
    <Paper withBorder p="lg">
      <Stack gap="sm">
        <Title order={2}>Facts</Title>
        <Facts facts={facts} />
      </Stack>
    </Paper>
  )
}

const given = <T,>(value: T | null, make: (value: T) => [string, ReactNode]): [string, ReactNode][] =>
  value === null ? [] : [make(value)]

const address = (name: string, url: string | null): [string, ReactNode][] =>
  given(url || null, (text) => [
    name,
    <span key={name} className="mono">
      {text}
    </span>,
  ])

function pairs(name: string, values: Record<string, string>): [string, ReactNode][] {
  const entries = Object.entries(values)
  if (entries.length === 0) return []
  return [
    [
      name,
      <Stack key={name} gap={0}>
        {entries.map(([key, value]) => (
          <span key={key} className="mono">
            {key}={value}
          </span>
        ))}
      </Stack>,
    ],
  ]
}
