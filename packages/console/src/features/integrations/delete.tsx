import type { Integration } from '@grantry/sdk/transport'
import { Button, Checkbox, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Ask } from '../../parts/ask.tsx'
import { tell } from '../../parts/tell.tsx'
import { useClient } from '../../session.tsx'
import { useConnectionCounts } from './use-connection-counts.ts'

/** A longer name is nothing to type; a word is asked for then. */
const longest = 40

/** Ends an integration; with its connections only where that is said too. */
export function DeleteIntegration({ integration }: { integration: Integration }) {
  const { id, label } = integration
  const providerName = integration.provider ? integration.provider_name : 'the provider'
  const client = useClient()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [asking, { open, close }] = useDisclosure()
  const [force, setForce] = useState(false)
  const count = useConnectionCounts()?.get(id)
  return (
    <Paper withBorder p="lg">
      <Group justify="space-between">
        <div style={{ minWidth: 0, flex: '1 1 20rem' }}>
          <Title order={2}>End this integration</Title>
          <Text c="dimmed">Its secret is destroyed, and nobody can connect through it any more.</Text>
        </div>
        <Button color="red" variant="outline" onClick={open}>
          End integration
        </Button>
      </Group>
      <Ask
        opened={asking}
        onClose={close}
        title={`End ${label}?`}
        action="End integration"
        typed={label.trim().length <= longest ? label.trim() : 'end'}
        onConfirm={async () => {
          await client.integrations.delete(id, { force })
          await navigate({ to: '/integrations' })
          queries.removeQueries({ queryKey: ['integrations', id] })
          for (const key of ['integrations', 'connections', 'overview', 'providers'])
            void queries.invalidateQueries({ queryKey: [key] })
          tell(`${label} is ended.`)
        }}
      >
        <Stack gap="sm">
          <Text>This cannot be undone.</Text>
          <Checkbox
            checked={force}
            onChange={(event) => setForce(event.currentTarget.checked)}
            label={
              count ? `End its connections too (${count.toLocaleString('en')})` : 'End its connections too'
            }
            description={`Their tokens are revoked at ${providerName}. Without this it ends only if it has none.`}
          />
        </Stack>
      </Ask>
    </Paper>
  )
}
