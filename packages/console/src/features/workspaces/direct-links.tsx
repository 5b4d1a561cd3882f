import type { Workspace } from '@grantry/sdk/transport'
import { Alert, Button, Group, List, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import { Ask } from '../../parts/ask.tsx'
import { Fault } from '../../parts/fault.tsx'
import { tell } from '../../parts/tell.tsx'
import { useMay } from '../../session.tsx'
import { useUpdateWorkspace } from './use-workspace.ts'

/** Whether sessions may skip the question who consents; what that risks is read before it is turned on. */
export function DirectLinks({ workspace }: { workspace: Workspace }) {
  const mayChange = useMay('admin')
  const { update } = useUpdateWorkspace()
  const [asking, { open, close }] = useDisclosure()
  const { allow_direct_links: on, features } = workspace
  const inPlan = features === null || features.includes('direct_links')
  const off = useMutation({
    mutationFn: () => update({ allow_direct_links: false }),
    onSuccess: () => tell('Direct links are off. Every person is asked from now on.'),
  })
  return (
    <Stack gap="sm">
      {on ? (
        <Alert color="yellow" variant="outline" title="Direct links are on">
          Whoever opens a connect link made with “direct” binds their own account to the end user that it was
          made for, unasked.
        </Alert>
      ) : (
        <Text>Direct links are off: a person is always asked, or known by your own page.</Text>
      )}
      {!inPlan && <Text c="dimmed">The plan of this workspace does not include them.</Text>}
      {off.error && <Fault error={off.error} />}
      {mayChange && (
        <Group>
          {on ? (
            <Button variant="default" loading={off.isPending} onClick={() => off.mutate()}>
              Turn direct links off
            </Button>
          ) : (
            <Button variant="outline" color="red" disabled={!inPlan} onClick={open}>
              Turn direct links on …
            </Button>
          )}
        </Group>
      )}
      <Ask
        opened={asking}
        onClose={close}
        title="Turn direct links on?"
        action="Turn direct links on"
        typed={workspace.name}
        onConfirm={async () => {
          await update({ allow_direct_links: true })
          tell('Direct links are on.')
        }}
      >
        <Stack gap="xs">
          <Text>A connect link can be forwarded, by mistake or on purpose. With “direct”:</Text>
          <List size="sm" spacing={4}>
            <List.Item>
              An attacker sends a link that was made for the attacker to somebody else. That person allows it,
              and the attacker’s connection holds the other person’s mailbox.
            </List.Item>
            <List.Item>
              Nobody is asked “Connect this account to this workspace for this end user?”, and nobody notices.
            </List.Item>
          </List>
          <Text>
            Turn it on only where each link reaches its person by a way that nobody else can use. Where your
            own page has signed the person in, “finish” asks nothing either and risks nothing.
          </Text>
        </Stack>
      </Ask>
    </Stack>
  )
}
