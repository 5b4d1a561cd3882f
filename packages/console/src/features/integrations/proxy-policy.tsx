import type { Integration, ProxyPolicy } from '@grantry/sdk/transport'
import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQueryClient } from '@tanstack/react-query'
import { tell } from '../../parts/tell.tsx'
import { useClient, useMay } from '../../session.tsx'
import { PolicyForm } from './policy-form.tsx'
import { spanWord } from './policy-values.ts'

/** What may be called with the connections of an integration, and the form that changes it. */
export function IntegrationProxyPolicy({ integration }: { integration: Integration }) {
  const { id, proxy_policy: policy } = integration
  const client = useClient()
  const queries = useQueryClient()
  const may = useMay('integrations:write')
  const [editing, { open, close }] = useDisclosure()
  const store = async (next: ProxyPolicy | null) => {
    const saved = await client.integrations.update(id, { proxy_policy: next, validate: false })
    queries.setQueryData(['integrations', id], saved)
  }
  return (
    <Paper withBorder p="lg">
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start">
          <div style={{ minWidth: 0, flex: '1 1 20rem' }}>
            <Title order={2}>What may be called</Title>
            <Text c="dimmed">
              Through the proxy and by tools, with its connections. A connection may have a policy of its own
              besides: a call passes both.
            </Text>
          </div>
          {may && !editing && (
            <Button variant="default" onClick={open}>
              Change what may be called
            </Button>
          )}
        </Group>
        {editing ? (
          <PolicyForm
            policy={policy}
            onCancel={close}
            onSave={async (next) => {
              await store(next)
              close()
              tell('What may be called is changed.', () => void store(policy))
            }}
          />
        ) : (
          <PolicyWords policy={policy} />
        )}
      </Stack>
    </Paper>
  )
}

function PolicyWords({ policy }: { policy: ProxyPolicy | null }) {
  const { allow, hosts, budget } = policy ?? {}
  return (
    <div>
      {!allow && <Text>Everything that the scopes of a connection allow.</Text>}
      {allow?.length === 0 && <Text>Nothing.</Text>}
      {allow && allow.length > 0 && (
        <ul aria-label="What may be called" style={{ margin: 0, paddingLeft: 20 }}>
          {allow.map((rule) => (
            <li key={JSON.stringify(rule)} className="mono">
              {rule.methods.join(', ')} {rule.paths.join(' ')}
            </li>
          ))}
        </ul>
      )}
      {hosts && (
        <Text>
          At <span className="mono">{hosts.join(', ')}</span> only.
        </Text>
      )}
      {budget && (
        <Text>
          At most {budget.calls.toLocaleString('en')} calls in each {spanWord(budget.per_seconds)}, of each
          connection.
        </Text>
      )}
    </div>
  )
}
