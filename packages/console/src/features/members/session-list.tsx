import { Badge, Button, Group, Paper, Stack, Text } from '@mantine/core'
import type { MemberSession } from '../../own-account.ts'
import { When } from '../../parts/when.tsx'

/** Where somebody is signed in, the most recent first. */
export function SessionList({
  sessions,
  ending,
  onEnd,
}: {
  sessions: MemberSession[]
  /** Of one that is being ended. */
  ending: string | null
  onEnd: (session: MemberSession) => void
}) {
  return (
    <Paper withBorder component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
      {sessions.map((session, i) => (
        <Group
          key={session.id}
          component="li"
          justify="space-between"
          wrap="nowrap"
          p="sm"
          style={i === 0 ? {} : { borderTop: '1px solid var(--mantine-color-default-border)' }}
        >
          <Stack gap={0} style={{ minWidth: 0 }}>
            <Group gap="xs">
              <Text>{session.browser ?? 'A browser that does not say its name'}</Text>
              {session.current && (
                <Badge variant="light" tt="none">
                  This one
                </Badge>
              )}
            </Group>
            <Text size="xs" c="dimmed">
              <span className="mono">{session.network}</span> · seen <When at={session.last_seen_at} /> · ends{' '}
              <When at={session.expires_at} /> at the latest
            </Text>
          </Stack>
          {!session.current && (
            <Button
              variant="default"
              size="xs"
              style={{ flex: 'none' }}
              loading={ending === session.id}
              aria-label={`End the session of ${session.browser ?? 'a browser'} at ${session.network}`}
              onClick={() => onEnd(session)}
            >
              End
            </Button>
          )}
        </Group>
      ))}
    </Paper>
  )
}
