import { Button, Group, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { Facts } from '../../parts/facts.tsx'
import { Fault } from '../../parts/fault.tsx'
import { tell } from '../../parts/tell.tsx'
import { useSave } from '../../parts/use-save.ts'
import { useClient, useSession } from '../../session.tsx'
import { roles, roleWord } from './roles.ts'

/** What others see a member as, and what they may do. */
export function OwnName() {
  const { own } = useClient()
  const { member } = useSession()
  const queries = useQueryClient()
  const form = useForm({ initialValues: { name: member.name ?? '' } })
  const save = useSave(
    form,
    ({ name }) => own.rename(name.trim() || null),
    async ({ name }) => {
      tell(name === null ? 'You have no name here now.' : `You are ${name} here now.`)
      form.setInitialValues({ name: name ?? '' })
      form.reset()
      await Promise.all(['session', 'members'].map((noun) => queries.invalidateQueries({ queryKey: [noun] })))
    },
  )
  return (
    <Stack>
      <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
        <Stack gap="sm">
          <TextInput
            label="Name"
            description="Members of your workspace see it."
            maxLength={120}
            autoComplete="name"
            {...form.getInputProps('name')}
          />
          {save.error && <Fault error={save.error} />}
          {form.isDirty() && (
            <Group>
              <Button type="submit" size="xs" loading={save.isPending}>
                Save name
              </Button>
            </Group>
          )}
        </Stack>
      </form>
      <Facts
        facts={[
          ['E-mail', member.email],
          [
            'Role',
            `${roleWord(member.role)}: ${roles.find(({ role }) => role === member.role)!.may.toLowerCase()}`,
          ],
        ]}
      />
    </Stack>
  )
}
