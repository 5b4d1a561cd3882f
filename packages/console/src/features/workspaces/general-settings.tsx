import type { Workspace } from '@grantry/sdk/transport'
import { Button, Group, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { Copyable } from '../../parts/copy.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Fault } from '../../parts/fault.tsx'
import { useSave } from '../../parts/use-save.ts'
import { When } from '../../parts/when.tsx'
import { useMay } from '../../session.tsx'
import { useUpdateWorkspace } from './use-workspace.ts'

/** What the workspace is called, here and on the pages that end users meet. */
export function GeneralSettings({ workspace }: { workspace: Workspace }) {
  const mayChange = useMay('admin')
  const { update, tellOf } = useUpdateWorkspace()
  const form = useForm({
    initialValues: { name: workspace.name },
    validate: { name: (name) => (name.trim() === '' ? 'Give it a name.' : null) },
  })
  const save = useSave(
    form,
    ({ name }) => update({ name: name.trim() }),
    ({ name }) => {
      tellOf(`This workspace is now called ${name}.`, { name: workspace.name })
      form.setInitialValues({ name })
      form.reset()
    },
  )
  return (
    <Stack>
      {mayChange && (
        <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
          <Stack gap="sm">
            <TextInput
              label="Name"
              description="End users read it where they connect an account."
              maxLength={120}
              required
              {...form.getInputProps('name')}
            />
            {save.error && <Fault error={save.error} />}
            {form.isDirty() && (
              <Group>
                <Button type="submit" size="xs" loading={save.isPending}>
                  Save
                </Button>
              </Group>
            )}
          </Stack>
        </form>
      )}
      <Facts
        facts={[
          ...(mayChange ? [] : ([['Name', workspace.name]] as [string, React.ReactNode][])),
          ['Id', <Copyable key="id" text={workspace.id} what="workspace id" />],
          ['Made', <When key="made" at={workspace.created_at} />],
        ]}
      />
    </Stack>
  )
}
