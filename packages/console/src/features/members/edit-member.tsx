import type { Member } from '@grantry/sdk/transport'
import { Alert, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { tell } from '../../parts/tell.tsx'
import { useSave } from '../../parts/use-save.ts'
import { useClient, useSession } from '../../session.tsx'
import { ChooseRole } from './choose-role.tsx'
import { type Role, roleWord } from './roles.ts'

type Values = { name: string; role: Role }

/** Changes a member's name and role. */
export function EditMember({ member, onClose }: { member: Member; onClose: () => void }) {
  const client = useClient()
  const queries = useQueryClient()
  const own = useSession().member.id === member.id
  const before = { name: member.name ?? '', role: member.role }
  const form = useForm<Values>({ initialValues: before })
  const put = async ({ name, role }: Values) => {
    const changed = await client.members.update(member.id, { name: name.trim() || null, role })
    await queries.invalidateQueries({ queryKey: ['members'] })
    if (own) await queries.invalidateQueries({ queryKey: ['session'] })
    return changed
  }
  const save = useSave(form, put, ({ name, email, role }) => {
    onClose()
    const who = name ?? email
    if (role === before.role) tell(`${who} is saved.`)
    else
      tell(`${who} is now ${roleWord(role).toLowerCase()} and has to sign in again.`, () => {
        void client.members
          .update(member.id, { role: before.role })
          .then(() => queries.invalidateQueries({ queryKey: ['members'] }))
          .catch((error: Error) => tell(error.message))
      })
  })
  const moved = form.values.role !== member.role
  return (
    <FormDialog
      opened
      title={member.email}
      action="Save"
      work={save}
      button={{ disabled: !form.isDirty() }}
      onSubmit={form.onSubmit((values) => save.mutate(values))}
      onClose={onClose}
    >
      <TextInput label="Name" maxLength={120} data-autofocus {...form.getInputProps('name')} />
      <ChooseRole {...form.getInputProps('role')} />
      {moved && (
        <Alert color="yellow" variant="outline">
          {own
            ? 'Your sessions end: you sign in again.'
            : 'All sessions of this member end: they sign in again.'}
        </Alert>
      )}
    </FormDialog>
  )
}
