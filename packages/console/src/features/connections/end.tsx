import type { Connection, EndedConnection } from '@grantry/sdk/transport'
import { Alert, Button, Checkbox, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Ask } from '../../parts/ask.tsx'
import { useClient, useMay } from '../../session.tsx'
import { useIntegrations } from './use-integrations.ts'

/** Ends a connection here and at the provider, and says what the provider answered. */
export function End({ connection }: { connection: Connection }) {
  const client = useClient()
  const queries = useQueryClient()
  const may = useMay('connections:write')
  const provider =
    useIntegrations().find(({ id }) => id === connection.integration_id)?.provider_name ?? 'the provider'
  const [asking, setAsking] = useState(false)
  const [force, setForce] = useState(false)
  const [answer, setAnswer] = useState<EndedConnection['revoked_upstream'] | null>(null)
  const end = async () => {
    const { revoked_upstream } = await client.connections.delete(connection.id, { force })
    setAnswer(revoked_upstream)
    await Promise.all(
      ['connections', 'overview', 'mcp-servers'].map((noun) =>
        queries.invalidateQueries({ queryKey: [noun] }),
      ),
    )
  }
  if (answer !== null)
    return (
      <Alert variant="outline" role="status" title="The connection has ended">
        {answerInWords(answer, provider)}
      </Alert>
    )
  if (!may || connection.status === 'revoked') return null
  return (
    <Paper withBorder p="lg" component="section" aria-labelledby="end">
      <Group justify="space-between" gap="md">
        <div style={{ flex: '1 1 20rem' }}>
          <Title order={2} id="end">
            End this connection
          </Title>
          <Text c="dimmed">Its tokens are destroyed here, and {provider} is asked to end the grant.</Text>
        </div>
        <Button color="red" variant="outline" onClick={() => setAsking(true)}>
          End the connection
        </Button>
      </Group>
      <Ask
        opened={asking}
        onClose={() => setAsking(false)}
        title="End the connection?"
        action="End the connection"
        typed="end"
        onConfirm={end}
      >
        <Stack>
          <Text>
            Whatever uses it fails from now on, and this cannot be undone. The account can be connected anew
            by a new link.
          </Text>
          <Checkbox
            label={`End it at ${provider} also where that ends other connections of the same account`}
            description="Some services know one grant for an account and this integration, whoever it was given for."
            checked={force}
            onChange={(event) => setForce(event.currentTarget.checked)}
          />
        </Stack>
      </Ask>
    </Paper>
  )
}

export function answerInWords(answer: EndedConnection['revoked_upstream'], provider: string): string {
  switch (answer) {
    case true:
      return `Its tokens are destroyed, and ${provider} has ended the grant.`
    case 'pending':
      return `Its tokens cannot be read any more. ${provider} has not confirmed the end of the grant yet; it is asked again for up to 7 days.`
    case 'unsupported':
      return `Its tokens are destroyed. ${provider} has no way to end a grant from outside: the person can take it back in the settings of their account there.`
    case 'shared':
      return `Its tokens are destroyed. The grant at ${provider} was left alone, because other connections of the same account live on it.`
  }
}
