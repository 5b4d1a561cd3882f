import type { Overview } from '@grantry/sdk/transport'
import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import { CopyBlock } from '../../parts/copy.tsx'
import { useClient, useMay } from '../../session.tsx'
import style from './first-steps.module.css'

/** The way to a first connection and its token, with what is done ticked. Gone once a token has been read. */
export function FirstSteps({ overview }: { overview: Overview }) {
  const { has_integrations, has_connections, connections } = overview
  const first = useFirstConnection(connections.living === 1)
  const read = useTokenRead(connections.living === 1)
  const mayIntegrate = useMay('integrations:write')
  const mayConnect = useMay('connections:write')
  const mayKeys = useMay('admin')
  if (has_connections && (connections.living !== 1 || read !== false)) return null
  return (
    <Paper withBorder px="lg" py="xs">
      <ol className={style.steps} aria-label="Steps to a first connection">
        <Step number={1} title="Add an integration" done={has_integrations}>
          <Text c="dimmed">
            Your OAuth app at a service, from the catalogue or any service that speaks OAuth 2.0.
          </Text>
          {mayIntegrate && (
            <Group>
              <Button
                component={Link}
                to="/integrations/catalogue"
                variant={has_integrations ? 'default' : 'filled'}
              >
                {has_integrations ? 'Add another' : 'Add an integration'}
              </Button>
            </Group>
          )}
        </Step>
        <Step number={2} title="Connect an account" done={has_connections}>
          <Text c="dimmed">Make a link for an end user, or connect an account of your own.</Text>
          {mayConnect && has_integrations && !has_connections && (
            <Group>
              <Button component={Link} to="/connections/new">
                Connect an account
              </Button>
            </Group>
          )}
        </Step>
        <Step number={3} title="Read its token" done={false}>
          <Text c="dimmed">
            With an API key that has the scope <code className="mono">tokens:read</code> in place of
            YOUR_API_KEY. The token is fresh whenever you ask.
          </Text>
          <CopyBlock text={commandFor(first)} what="command" />
          {mayKeys && (
            <Group>
              <Button component={Link} to="/keys" variant="default">
                Make an API key
              </Button>
            </Group>
          )}
        </Step>
      </ol>
    </Paper>
  )
}

function Step({
  number,
  title,
  done,
  children,
}: {
  number: number
  title: string
  done: boolean
  children: ReactNode
}) {
  return (
    <li className={style.step}>
      <span className={`${style.number} ${done ? style.done : ''}`} aria-hidden="true">
        {done ? <Check size={16} /> : number}
      </span>
      <Stack gap="xs">
        <Title order={2}>
          {title}
          {done && (
            <Text span size="sm" c="var(--good)">
              {' '}
              done
            </Text>
          )}
        </Title>
        {children}
      </Stack>
    </li>
  )
}

const commandFor = (connection: string | undefined): string =>
  `curl -H "Authorization: Bearer YOUR_API_KEY" ${location.origin}/api/v1/connections/${connection ?? 'CONNECTION_ID'}/token`

function useFirstConnection(wanted: boolean): string | undefined {
  const client = useClient()
  const { data } = useQuery({
    queryKey: ['connections', 'newest'],
    enabled: wanted,
    queryFn: async ({ signal }) => await client.connections.list({ limit: 1 }, { signal }),
  })
  return data?.data[0]?.id
}

/** Whether anybody has ever read a token or called an API with one; undefined as long as it is not known. */
function useTokenRead(wanted: boolean): boolean | undefined {
  const client = useClient()
  const may = useMay('events:read')
  const { data } = useQuery({
    queryKey: ['events', 'first read'],
    enabled: wanted && may,
    queryFn: async ({ signal }) => {
      const [reads, calls] = await Promise.all([
        client.events.list({ type: 'token.read', limit: 1 }, { signal }),
        client.events.list({ type: 'proxy.called', limit: 1 }, { signal }),
      ])
      return reads.data.length + calls.data.length > 0
    },
  })
  return data
}
