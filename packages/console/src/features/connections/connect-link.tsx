import type { ConnectSession, NewConnectSession } from '@grantry/sdk/transport'
import { Alert, Anchor, Button, Group, Paper, Stack, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ExternalLink } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useEffect } from 'react'
import { CopyBlock } from '../../parts/copy.tsx'
import { Fault } from '../../parts/fault.tsx'
import { When } from '../../parts/when.tsx'
import { useClient } from '../../session.tsx'

const QrCode = lazy(() => import('./qr-code.tsx'))

/** A connect session, kept by whoever shows it and by nothing else. */
export type MadeLink = Pick<
  NewConnectSession,
  'id' | 'connect_url' | 'connect_token' | 'expires_at' | 'provider_name'
> & {
  /** The account becomes the workspace's own. */
  own: boolean
}

/** How often it is asked how far the person is, in milliseconds. */
const pace = 2000

/** A connect link: to copy, to scan, to open here; and how far whoever opened it has come. */
export function ConnectLink({ link, again }: { link: MadeLink; again?: ReactNode }) {
  const session = useSessionStatus(link)
  const over = isOver(session.data)
  return (
    <Paper withBorder p="lg" maw="44rem">
      <Stack gap="lg">
        <div role="status">
          <Progress session={session.data} link={link} />
        </div>
        {session.error && <Fault error={session.error} onRetry={session.refetch} />}
        {!over && (
          <Group align="flex-start" gap="lg">
            <Stack style={{ flex: '1 1 18rem', minWidth: 0 }}>
              <CopyBlock text={link.connect_url} what="connect link" />
              <Text size="sm" c="dimmed">
                It works until <When at={link.expires_at} exact />. Whoever opens it is asked whether they are
                the one that it is meant for, before anything is connected.
              </Text>
              <Group>
                <Button
                  component="a"
                  href={link.connect_url}
                  target="_blank"
                  rel="noopener noreferrer"
                  variant={link.own ? 'filled' : 'default'}
                  rightSection={<ExternalLink size={14} aria-hidden="true" />}
                >
                  Connect my own account now
                </Button>
              </Group>
            </Stack>
            <Suspense fallback={<div style={{ width: 168, height: 168 }} />}>
              <QrCode text={link.connect_url} label={`QR code of the connect link for ${serviceOf(link)}`} />
            </Suspense>
          </Group>
        )}
        {again && <Group>{again}</Group>}
      </Stack>
    </Paper>
  )
}

function Progress({ session, link }: { session: ConnectSession | undefined; link: MadeLink }) {
  if (session?.status === 'completed')
    return (
      <Alert
        color="green"
        variant="outline"
        title={`${session.provider_name ?? serviceOf(link)} is connected`}
      >
        {session.connection_id && (
          <Anchor
            renderRoot={(props) => (
              <Link {...props} to="/connections/$id" params={{ id: session.connection_id! }} />
            )}
          >
            Show the connection
          </Anchor>
        )}
      </Alert>
    )
  if (session?.status === 'failed')
    return (
      <Alert color="red" variant="outline" title="It was not connected">
        {session.error_description ?? session.error}. Make another link to try again.
      </Alert>
    )
  if (session?.status === 'expired')
    return (
      <Alert color="red" variant="outline" title="The link has expired">
        Nobody has used it in time. Make another one.
      </Alert>
    )
  const begun = session !== undefined && session.status !== 'created'
  return (
    <Text fw={600}>
      {begun
        ? `The link was opened. Waiting for the person to allow access at ${session.provider_name ?? serviceOf(link)}.`
        : `Waiting for somebody to open the link for ${serviceOf(link)}.`}
    </Text>
  )
}

/** Where several are offered, the person says which. */
const serviceOf = ({ provider_name }: MadeLink): string => provider_name ?? 'a service of their choice'

/** Follows a session until it is over, also while this window is behind the one in which the account is connected. */
function useSessionStatus({ id, connect_token }: MadeLink) {
  const client = useClient()
  const queries = useQueryClient()
  const query = useQuery({
    queryKey: ['connect-sessions', id],
    queryFn: ({ signal }) => client.followSession(id, connect_token, signal),
    gcTime: 0,
    refetchInterval: ({ state }) => (isOver(state.data) || state.error ? false : pace),
    refetchIntervalInBackground: true,
  })
  const completed = query.data?.status === 'completed'
  useEffect(() => {
    if (!completed) return
    void queries.invalidateQueries({ queryKey: ['connections'] })
    void queries.invalidateQueries({ queryKey: ['overview'] })
  }, [completed, queries])
  return query
}

const isOver = (session: ConnectSession | undefined): boolean =>
  session !== undefined && ['completed', 'failed', 'expired'].includes(session.status)
