import { TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { tell } from '../../parts/tell.tsx'
import { useSave } from '../../parts/use-save.ts'
import { useClient } from '../../session.tsx'

export function CreateApp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const client = useClient()
  const queries = useQueryClient()
  const form = useForm({ initialValues: { name: '' } })
  const save = useSave(
    form,
    ({ name }) => client.apps.create({ name: name.trim() }),
    async ({ name }) => {
      tell(`${name} is made. An API key narrowed to it reaches nothing else.`)
      await queries.invalidateQueries({ queryKey: ['apps'] })
      close()
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
      title="New app"
      action="Make app"
      work={save}
      onSubmit={form.onSubmit((values) => save.mutate(values))}
      onClose={close}
    >
      <TextInput
        label="Name"
        description="For you and your colleagues; end users do not see it."
        maxLength={120}
        required
        data-autofocus
        autoComplete="off"
        {...form.getInputProps('name')}
      />
    </FormDialog>
  )
}
