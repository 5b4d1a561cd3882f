import { Select, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { SecretOnce } from '../../parts/secret-once.tsx'
import { useSave } from '../../parts/use-save.ts'
import { useClient } from '../../session.tsx'

const day = 86_400_000
const lives = [
  { value: '1', label: 'After a day' },
  { value: '30', label: 'After 30 days' },
  { value: '365', label: 'After a year' },
  { value: 'never', label: 'Never, until it is deleted' },
]

export function CreateRegistrationToken({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const client = useClient()
  const queries = useQueryClient()
  const [secret, setSecret] = useState<string | null>(null)
  const form = useForm({ initialValues: { name: '', expires_at: '30' } })
  const save = useSave(
    form,
    ({ name, expires_at: days }) =>
      client.registrationTokens.create({
        name: name.trim(),
        ...(days !== 'never' && { expires_at: new Date(Date.now() + Number(days) * day).toISOString() }),
      }),
    ({ token }) => {
      setSecret(token)
      void queries.invalidateQueries({ queryKey: ['registration-tokens'] })
      close()
    },
  )
  const close = () => {
    form.reset()
    save.reset()
    onClose()
  }
  return (
    <>
      <FormDialog
        opened={opened}
        title="New registration token"
        action="Make token"
        work={save}
        onSubmit={form.onSubmit((values) => save.mutate(values))}
        onClose={close}
      >
        <TextInput
          label="Name"
          description="What it is for."
          required
          maxLength={120}
          data-autofocus
          autoComplete="off"
          {...form.getInputProps('name')}
        />
        <Select label="Ends" data={lives} allowDeselect={false} {...form.getInputProps('expires_at')} />
      </FormDialog>
      <SecretOnce
        title="Registration token"
        secret={secret}
        what="registration token"
        hint="The client sends it as Authorization: Bearer when it registers, at /oauth/register."
        onClose={() => setSecret(null)}
      />
    </>
  )
}
