import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { Fault } from '../../parts/fault.tsx'
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
    <Modal opened={opened} onClose={close} title="New app">
      <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
        <Stack>
          <TextInput
            label="Name"
            description="For you and your colleagues; end users do not see it."
            maxLength={120}
            required
            data-autofocus
            autoComplete="off"
            {...form.getInputProps('name')}
          />
          {save.error && <Fault error={save.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending}>
              Make app
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
