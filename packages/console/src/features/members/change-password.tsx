import { Button, Group, PasswordInput, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { Fault } from '../../parts/fault.tsx'
import { tell } from '../../parts/tell.tsx'
import { useSave } from '../../parts/use-save.ts'
import { useClient, useSession } from '../../session.tsx'

/** Another password, or a first one. */
export function ChangePassword() {
  const { own } = useClient()
  const { member } = useSession()
  const queries = useQueryClient()
  const form = useForm({
    initialValues: { current_password: '', new_password: '' },
    validate: {
      new_password: (text) =>
        [...text].length < 12 ? 'Use at least 12 characters; a few words in a row do well.' : null,
    },
  })
  const save = useSave(
    form,
    ({ current_password, new_password }) =>
      own.changePassword({ new_password, ...(member.has_password ? { current_password } : {}) }),
    async () => {
      form.reset()
      tell(
        member.has_password
          ? 'Your password is changed. You are signed out everywhere but here.'
          : 'Your password is set. You are signed out everywhere but here.',
      )
      await Promise.all(['session', 'account'].map((noun) => queries.invalidateQueries({ queryKey: [noun] })))
    },
  )
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
      <Stack gap="sm">
        {/* For password managers: whose it is. */}
        <input type="email" autoComplete="username" value={member.email} readOnly hidden />
        {member.has_password && (
          <PasswordInput
            label="Current password"
            autoComplete="current-password"
            maxLength={512}
            visibilityToggleButtonProps={{ 'aria-label': 'Show the current password' }}
            {...form.getInputProps('current_password')}
          />
        )}
        <PasswordInput
          label="New password"
          description="12 to 128 characters of any kind."
          autoComplete="new-password"
          maxLength={512}
          visibilityToggleButtonProps={{ 'aria-label': 'Show the new password' }}
          {...form.getInputProps('new_password')}
        />
        {save.error && <Fault error={save.error} />}
        <Group>
          <Button type="submit" variant="default" loading={save.isPending}>
            {member.has_password ? 'Change password' : 'Set password'}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
