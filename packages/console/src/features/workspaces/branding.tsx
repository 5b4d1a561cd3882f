import type { Workspace } from '@grantry/sdk/transport'
import { Button, ColorInput, FileButton, Group, Input, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { Fault } from '../../parts/fault.tsx'
import { useSave } from '../../parts/use-save.ts'
import { useMay } from '../../session.tsx'
import { CardPreview } from './card-preview.tsx'
import { readLogo } from './read-logo.ts'
import { useUpdateWorkspace } from './use-workspace.ts'

/** Logo and colour of the pages that end users meet, seen before they are saved. */
export function Branding({ workspace }: { workspace: Workspace }) {
  const mayChange = useMay('admin')
  const { update, tellOf } = useUpdateWorkspace()
  const before = { logo: workspace.logo, color: workspace.color }
  const form = useForm<{ logo: string | null; color: string }>({
    initialValues: { logo: workspace.logo, color: workspace.color ?? '' },
    validate: {
      color: (color) => (color === '' || /^#[0-9a-f]{6}$/i.test(color) ? null : 'Write it as #2f5bd7.'),
    },
  })
  const save = useSave(
    form,
    ({ logo, color }) => update({ logo, color: color || null }),
    ({ logo, color }) => {
      tellOf('Your end users see it from now on.', before)
      const saved = { logo, color: color ?? '' }
      form.setInitialValues(saved)
      form.setValues(saved)
    },
  )
  const { logo, color } = form.values
  const shown = /^#[0-9a-f]{6}$/i.test(color) ? color : null
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
      <Stack>
        {mayChange && (
          <>
            <Input.Wrapper
              label="Logo"
              labelElement="div"
              description="PNG, JPEG or WebP; larger ones are made smaller here."
              error={form.errors.logo}
            >
              <Group gap="xs" mt={4}>
                <FileButton
                  accept="image/png,image/jpeg,image/webp"
                  inputProps={{ 'aria-label': 'Logo file' }}
                  onChange={(file) => {
                    if (!file) return
                    readLogo(file).then(
                      (read) => {
                        form.clearFieldError('logo')
                        form.setFieldValue('logo', read)
                      },
                      (error: Error) => form.setFieldError('logo', error.message),
                    )
                  }}
                >
                  {(props) => (
                    <Button variant="default" size="xs" {...props}>
                      {logo === null ? 'Choose a logo' : 'Choose another logo'}
                    </Button>
                  )}
                </FileButton>
                {logo !== null && (
                  <Button variant="subtle" size="xs" onClick={() => form.setFieldValue('logo', null)}>
                    Without a logo
                  </Button>
                )}
              </Group>
            </Input.Wrapper>
            <ColorInput
              label="Colour"
              description="Of the main button; its text is black or white, whichever can be read. Empty: Grantry’s."
              placeholder="#2f5bd7"
              format="hex"
              maw="20rem"
              popoverProps={{ transitionProps: { duration: 80 } }}
              eyeDropperButtonProps={{ 'aria-label': 'Take a colour from the screen' }}
              {...form.getInputProps('color')}
            />
          </>
        )}
        <Group align="stretch">
          <CardPreview scheme="light" name={workspace.name} logo={logo} color={shown} />
          <CardPreview scheme="dark" name={workspace.name} logo={logo} color={shown} />
        </Group>
        {save.error && <Fault error={save.error} />}
        {mayChange && form.isDirty() && (
          <Group gap="xs">
            <Button type="submit" size="xs" loading={save.isPending}>
              Save
            </Button>
            <Button variant="default" size="xs" onClick={() => form.reset()}>
              Put back
            </Button>
            <Text size="xs" c="dimmed">
              Not saved yet.
            </Text>
          </Group>
        )}
      </Stack>
    </form>
  )
}
