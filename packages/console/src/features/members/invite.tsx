import type { NewInvitation } from '@grantry/sdk/transport'
import { TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { FormDialog } from '../../parts/form-dialog.tsx'
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
    <FormDialog
      opened={opened}
      title="Invite a member"
      action="Make invitation link"
      work={save}
      onSubmit={form.onSubmit((values) => save.mutate(values))}
      onClose={close}
      noValidate
    >
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
    </FormDialog>
  )
}
