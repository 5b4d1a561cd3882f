import { Button, Group, Stack } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { MemberSession } from '../../own-account.ts'
import { Fault } from '../../parts/fault.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { tell } from '../../parts/tell.tsx'
import { useClient } from '../../session.tsx'
import { SessionList } from './session-list.tsx'
import { useOwnSessions } from './use-own-sessions.ts'

/** Where the person is signed in, this one first. */
export function OwnSessions() {
  const { own } = useClient()
  const queries = useQueryClient()
  const query = useOwnSessions()
  const renewed = () => queries.invalidateQueries({ queryKey: ['account', 'sessions'] })
  const one = useMutation({
    mutationFn: ({ id }: MemberSession) => own.endSession(id),
    onSuccess: () => {
      tell('That session is ended.')
      return renewed()
    },
  })
  const others = useMutation({
    mutationFn: () => own.endOtherSessions(),
    onSuccess: ({ ended }) => {
      tell(ended === 1 ? 'One other session is ended.' : `${ended} other sessions are ended.`)
      return renewed()
    },
  })
  const fault = one.error ?? others.error
  return (
    <Stack gap="sm">
      <Loaded query={query}>
        {(sessions) => (
          <>
            <SessionList
              sessions={sessions}
              ending={one.isPending ? one.variables.id : null}
              onEnd={(session) => one.mutate(session)}
            />
            {sessions.length > 1 && (
              <Group>
                <Button variant="default" loading={others.isPending} onClick={() => others.mutate()}>
                  End all other sessions
                </Button>
              </Group>
            )}
          </>
        )}
      </Loaded>
      {fault && <Fault error={fault} />}
    </Stack>
  )
}
