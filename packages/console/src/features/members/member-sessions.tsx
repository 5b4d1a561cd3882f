import type { Member } from '@grantry/sdk/transport'
import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { MemberSession } from '../../own-account.ts'
import { Fault } from '../../parts/fault.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { tell } from '../../parts/tell.tsx'
import { useClient } from '../../session.tsx'
import { SessionList } from './session-list.tsx'

/** Where a member is signed in, for an admin to end. */
export function MemberSessions({ member, onClose }: { member: Member; onClose: () => void }) {
  const client = useClient()
  const queries = useQueryClient()
  const queryKey = ['members', member.id, 'sessions']
  const query = useQuery({
    queryKey,
    queryFn: async ({ signal }) =>
      (await client.members.sessions(member.id, { limit: 200 }, { signal })).data as MemberSession[],
  })
  const renewed = () => queries.invalidateQueries({ queryKey })
  const one = useMutation({
    mutationFn: ({ id }: MemberSession) => client.own.endSession(id),
    onSuccess: renewed,
  })
  const all = useMutation({
    mutationFn: () => client.members.endSessions(member.id),
    onSuccess: ({ ended }) => {
      tell(ended === 1 ? 'One session is ended.' : `${ended} sessions are ended.`)
      return renewed()
    },
  })
  const fault = one.error ?? all.error
  return (
    <Modal opened onClose={onClose} title={`Sessions of ${member.name ?? member.email}`} size="lg">
      <Stack>
        <Loaded query={query}>
          {(sessions) =>
            sessions.length === 0 ? (
              <Text c="dimmed">Not signed in anywhere.</Text>
            ) : (
              <>
                <SessionList
                  sessions={sessions}
                  ending={one.isPending ? one.variables.id : null}
                  onEnd={(session) => one.mutate(session)}
                />
                <Group justify="flex-end">
                  <Button color="red" variant="outline" loading={all.isPending} onClick={() => all.mutate()}>
                    End all sessions
                  </Button>
                </Group>
              </>
            )
          }
        </Loaded>
        {fault && <Fault error={fault} />}
      </Stack>
    </Modal>
  )
}
