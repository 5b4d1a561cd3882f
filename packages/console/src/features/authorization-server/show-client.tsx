import type { OAuthClient } from '@grantry/sdk/transport'
import { Button, Paper, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { Copyable } from '../../parts/copy.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { OnlyWith } from '../../parts/only-with.tsx'
import { Page } from '../../parts/page.tsx'
import { Section } from '../../parts/section.tsx'
import { When } from '../../parts/when.tsx'
import { useClient, useMay } from '../../session.tsx'
import { ChangeClient } from './change-client.tsx'
import { ClientSecrets } from './client-secrets.tsx'
import { DeleteClient } from './delete-client.tsx'
import { clientName } from './list-clients.tsx'
import { ListGrants } from './list-grants.tsx'
import { authMethodLabel, grantTypeLabel } from './words.ts'

export default function ShowClient() {
  const { id } = useParams({ from: '/apps/clients/$id' })
  const client = useClient()
  const query = useQuery({
    queryKey: ['oauth-clients', id],
    queryFn: ({ signal }) => client.oauthClients.get(id, { signal }),
    enabled: useMay('clients:write'),
  })
  return (
    <Page
      title={query.data ? clientName(query.data) : 'OAuth client'}
      sentence="A client of Grantry’s own authorization server."
      action={
        <Button
          variant="default"
          renderRoot={(props) => <Link to="/apps" search={{ tab: 'clients' }} {...props} />}
        >
          All OAuth clients
        </Button>
      }
    >
      <OnlyWith scope="clients:write" what="OAuth clients">
        <Loaded query={query}>{(found) => <Client client={found} />}</Loaded>
      </OnlyWith>
    </Page>
  )
}

function Client({ client }: { client: OAuthClient }) {
  const [changing, { open, close }] = useDisclosure()
  const own = client.origin === 'api'
  if (changing) return <ChangeClient client={client} onClose={close} />
  return (
    <Stack gap="xl">
      <Section
        title="What it is"
        sentence={
          own
            ? undefined
            : 'It registered itself with a registration token, and changes itself. It can be deleted here.'
        }
        action={
          own && (
            <Button variant="default" onClick={open}>
              Change
            </Button>
          )
        }
      >
        <Paper withBorder px="md" py={4}>
          <Facts facts={factsOf(client)} />
        </Paper>
      </Section>
      {client.token_endpoint_auth_method.startsWith('client_secret') && <ClientSecrets client={client} />}
      <ListGrants client={client} />
      <DeleteClient client={client} />
    </Stack>
  )
}

function factsOf(client: OAuthClient): [string, React.ReactNode][] {
  const links = [
    ['Home page', client.client_uri],
    ['Logo', client.logo_uri],
    ['Privacy policy', client.policy_uri],
    ['Terms of service', client.tos_uri],
    ['Its public keys', client.jwks_uri],
  ] as const
  return [
    ['Client id', <Copyable key="id" text={client.client_id} what="client id" />],
    ['Proves who it is by', authMethodLabel(client.token_endpoint_auth_method)],
    ['Kind', client.application_type === 'native' ? 'Native' : 'Web'],
    ['Grant types', client.grant_types.map(grantTypeLabel).join(', ')],
    ['Redirect URIs', <Lines key="uris" lines={client.redirect_uris} what="redirect URI" />],
    [
      'May ask for',
      <span key="scope" className="mono">
        {client.scope}
      </span>,
    ],
    ...links.flatMap(([name, url]): [string, React.ReactNode][] =>
      url ? [[name, <Copyable key={name} text={url} what={name} />]] : [],
    ),
    ['Made', <When key="made" at={client.created_at} />],
    ['Last used', <When key="used" at={client.last_used_at} />],
  ]
}

function Lines({ lines, what }: { lines: string[]; what: string }) {
  if (lines.length === 0) return <Text c="dimmed">none</Text>
  return (
    <Stack gap={4}>
      {lines.map((line) => (
        <Copyable key={line} text={line} what={what} />
      ))}
    </Stack>
  )
}
