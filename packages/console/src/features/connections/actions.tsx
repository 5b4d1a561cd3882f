import type { Connection } from '@grantry/sdk/transport'
import { Alert, Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Fault } from '../../parts/fault.tsx'
import { When } from '../../parts/when.tsx'
import { useClient, useMay } from '../../session.tsx'
import { ConnectLink, type MadeLink } from './connect-link.tsx'

/** Renewing the tokens, or the grant itself. */
export function Actions({ connection }: { connection: Connection }) {
  const may = useMay('connections:write')
  const refresh = useRefresh(connection.id)
  const [reconnecting, setReconnecting] = useState(false)
  if (!may || connection.status === 'revoked') return null
  const broken = connection.status === 'needs_reauth'
  return (
    <Stack gap="xs" align="flex-end">
      <Group gap="xs">
        <Button variant={broken ? 'filled' : 'default'} onClick={() => setReconnecting(true)}>
          Connect again
        </Button>
        {connection.status === 'active' && (
          <Button loading={refresh.isPending} onClick={() => refresh.mutate()}>
            Refresh now
          </Button>
        )}
      </Group>
      <div role="status">{refresh.data && <Refreshed connection={refresh.data} />}</div>
      {refresh.error && <Fault error={refresh.error} />}
      <Modal opened={reconnecting} onClose={() => setReconnecting(false)} title="Connect again" size="lg">
        <Reconnect connection={connection} />
      </Modal>
    </Stack>
  )
}

function useRefresh(id: string) {
  const client = useClient()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => client.connections.refresh(id),
    // A refresh that failed has changed something too.
    onSettled: () => queries.invalidateQueries({ queryKey: ['connections'] }),
  })
}

function Refreshed({ connection: { status, expires_at, advice } }: { connection: Connection }) {
  if (status !== 'active')
    return (
      <Alert color="red" variant="outline" title="The provider gave no new tokens and ended the grant">
        {advice ? `${advice.what} ${advice.todo}` : 'Send the end user a link to connect it again.'}
      </Alert>
    )
  return (
    <Text size="sm">
      New tokens came.{' '}
      {expires_at ? (
        <>
          The access token works until <When at={expires_at} exact />.
        </>
      ) : (
        'The provider did not say how long they live.'
      )}
    </Text>
  )
}

/** The link that renews this very connection: its id, and all that stands on it, stays. */
export function Reconnect({ connection }: { connection: Connection }) {
  const client = useClient()
  const [anyAccount, setAnyAccount] = useState(false)
  const [link, setLink] = useState<MadeLink | null>(null)
  const make = useMutation({
    mutationFn: async () => {
      const session = await client.connectSessions.create({
        connection_id: connection.id,
        allow_account_change: anyAccount,
      })
      setLink({ ...session, own: connection.end_user === null })
    },
  })
  if (link) return <ConnectLink link={link} />
  return (
    <Stack>
      <Text>
        The link asks for the same access once more. The connection keeps its id; its tokens are replaced when
        the new ones are here.
      </Text>
      <Checkbox
        label="Another account may be chosen"
        description="Otherwise only the account that is connected now is taken."
        checked={anyAccount}
        onChange={(event) => setAnyAccount(event.currentTarget.checked)}
      />
      {make.error && <Fault error={make.error} />}
      <Group justify="flex-end">
        <Button loading={make.isPending} onClick={() => make.mutate()}>
          Make the link
        </Button>
      </Group>
    </Stack>
  )
}
