import type { NewInvitation } from '@grantry/sdk/transport'
import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { Fault } from '../../parts/fault.tsx'
import { useSave } from '../../parts/use-save.ts'
import { useClient } from '../../session.tsx'
import { ChooseRole } from './choose-role.tsx'
import type { Role } from './roles.ts'

/** Makes a link by which one person becomes a member; `onMade` gets it, the one time that it is known. */
export function Invite({
  opened,
  onClose,
  onMade,
}: {
  opened: boolean
  onClose: () => void
  onMade: (invitation: NewInvitation) => void
}) {
  const client = useClient()
  const queries = useQueryClient()
  const form = useForm({ initialValues: { email: '', role: 'developer' as Role } })
  const save = useSave(
    form,
    ({ email, role }) => client.invitations.create({ email: email.trim(), role }),
    (invitation) => {
      close()
      onMade(invitation)
      return queries.invalidateQueries({ queryKey: ['invitations'] })
    },
  )
  const close = () => {
    form.reset()
    save.reset()
    onClose()
  }
  return (
    <Modal opened={opened} onClose={close} title="Invite a member">
      <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
        <Stack>
          <TextInput
            label="E-mail"
            description="The account will have this address. No mail is sent: you get a link to pass on."
            type="email"
            required
            autoComplete="off"
            data-autofocus
            {...form.getInputProps('email')}
          />
          <ChooseRole {...form.getInputProps('role')} />
          {save.error && <Fault error={save.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending}>
              Make invitation link
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
