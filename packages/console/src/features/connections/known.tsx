import type { Connection } from '@grantry/sdk/transport'
import { Alert, Paper, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { Copyable } from '../../parts/copy.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Status } from '../../parts/status.tsx'
import { When } from '../../parts/when.tsx'
import { IntegrationLink } from './integration-link.tsx'
import { endUserName } from './name.ts'
import { PolicyWords } from './policy-words.tsx'
import { Scopes } from './scopes.tsx'
import { ServersOver } from './servers-over.tsx'

/** What is known of a connection. */
export function Known({ connection }: { connection: Connection }) {
  const { advice, status } = connection
  return (
    <Stack gap="lg">
      {advice && (
        <Alert color={status === 'active' ? 'yellow' : 'red'} variant="outline" title={advice.what}>
          {advice.todo}
        </Alert>
      )}
      <Paper withBorder px="lg" py="xs">
        <Facts facts={factsOf(connection)} />
      </Paper>
      <Paper withBorder p="lg">
        <Stack>
          <Title order={2}>What it may do</Title>
          <Scopes connection={connection} />
          <Title order={3}>Through the proxy and tools</Title>
          <PolicyWords policy={connection.proxy_policy} />
        </Stack>
      </Paper>
      <ServersOver connection={connection} />
    </Stack>
  )
}

function factsOf(connection: Connection): [string, ReactNode][] {
  const { account, end_user, last_refresh, metadata, reason, reason_detail } = connection
  return [
    [
      'Status',
      <Stack key="status" gap={4}>
        <Status of={connection.status} />
        {connection.status !== 'active' && reason && (
          <Text size="sm" c="dimmed">
            {[reason, reason_detail].filter(Boolean).join(': ')}
          </Text>
        )}
      </Stack>,
    ],
    ['Account', account ? <AccountFacts key="account" account={account} /> : 'Not known'],
    ['Integration', <IntegrationLink key="integration" id={connection.integration_id} />],
    [
      'End user',
      end_user ? (
        <Stack key="end-user" gap={4}>
          {endUserName(end_user) !== end_user.id && <span>{endUserName(end_user)}</span>}
          {end_user.email && end_user.email !== endUserName(end_user) && <span>{end_user.email}</span>}
          <Copyable text={end_user.id} what="id of the end user" />
        </Stack>
      ) : (
        "None: it is the workspace's own"
      ),
    ],
    ...(connection.app_id
      ? [['App', <Copyable key="app" text={connection.app_id} what="id of the app" />] as [string, ReactNode]]
      : []),
    ['Access token ends', <When key="expires" at={connection.expires_at} never="not known" />],
    ...(connection.ends_at
      ? [['To be connected again', <When key="ends" at={connection.ends_at} />] as [string, ReactNode]]
      : []),
    [
      'Last refresh',
      last_refresh ? (
        <span key="refresh">
          {last_refresh.ok ? 'Worked ' : 'Failed '}
          <When at={last_refresh.at} />
          {last_refresh.error && `: ${last_refresh.error}`}
        </span>
      ) : (
        'Not yet'
      ),
    ],
    ...Object.entries(metadata).map(
      ([name, value]) => [name, <span key={name}>{value}</span>] as [string, ReactNode],
    ),
    ['Created', <When key="created" at={connection.created_at} />],
    ['Id', <Copyable key="id" text={connection.id} what="id of the connection" />],
  ]
}

function AccountFacts({ account: { id, label, email } }: { account: NonNullable<Connection['account']> }) {
  return (
    <Stack gap={4}>
      {label && label !== id && <span>{label}</span>}
      {email && email !== label && <span>{email}</span>}
      <Copyable text={id} what="id of the account" />
    </Stack>
  )
}
