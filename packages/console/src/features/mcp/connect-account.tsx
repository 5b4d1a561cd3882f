import type { McpServer } from '@grantry/sdk/transport'
import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Loaded } from '../../parts/loaded.tsx'
import { useClient, useMay } from '../../session.tsx'
import { Reconnect } from '../connections/actions.tsx'

const words = {
  pending: {
    title: 'No account is connected yet',
    what: 'Clients can list its tools already. The tools run as soon as somebody has connected the account.',
  },
  needs_reauth: {
    title: 'The account needs to be connected again',
    what: 'Its grant has ended at the service. Tools answer with a link until somebody has connected it again.',
  },
  revoked: {
    title: 'The connection has been ended',
    what: 'It cannot be renewed. Delete this server and make a new one for the account.',
  },
}

/** Why the tools do not run, and the way to have them run. */
export function ConnectAccount({ server: { status, connection_id } }: { server: McpServer }) {
  const may = useMay('connections:write')
  const [opened, { open, close }] = useDisclosure()
  if (status === 'active') return null
  const { title, what } = words[status]
  return (
    <Alert color={status === 'pending' ? 'yellow' : 'red'} variant="outline" title={title}>
      <Stack gap="sm">
        <Text size="sm">{what}</Text>
        {status !== 'revoked' && connection_id && may && (
          <Group>
            <Button onClick={open}>Connect the account</Button>
          </Group>
        )}
      </Stack>
      <Modal opened={opened} onClose={close} title="Connect the account" size="lg">
        {connection_id && <LinkFor connection={connection_id} />}
      </Modal>
    </Alert>
  )
}

function LinkFor({ connection }: { connection: string }) {
  const client = useClient()
  const query = useQuery({
    queryKey: ['connections', connection],
    queryFn: ({ signal }) => client.connections.get(connection, { signal }),
  })
  return <Loaded query={query}>{(found) => <Reconnect connection={found} />}</Loaded>
}
