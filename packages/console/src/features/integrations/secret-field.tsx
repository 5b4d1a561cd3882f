import { Button, Group, Input, PasswordInput, Stack, Text } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useState } from 'react'
import type { Values } from './form-values.ts'

/** A secret on its way in. What is stored is never shown: it can be replaced. */
export function SecretField({
  form,
  name,
  label,
  description,
  required = false,
  stored = false,
}: {
  form: UseFormReturnType<Values>
  name: 'client_secret' | 'refresh_token'
  label: string
  description: string
  required?: boolean
  stored?: boolean
}) {
  const [replacing, setReplacing] = useState(false)
  if (stored && !replacing && !form.errors[name])
    return (
      <Input.Wrapper label={label} labelElement="div">
        <Group gap="sm">
          <Text>Stored. It cannot be read back.</Text>
          <Button variant="default" size="xs" onClick={() => setReplacing(true)}>
            Replace
          </Button>
        </Group>
      </Input.Wrapper>
    )
  return (
    <Stack gap={4}>
      <PasswordInput
        label={label}
        description={description}
        required={required}
        autoComplete="new-password"
        spellCheck={false}
        key={form.key(name)}
        visibilityToggleButtonProps={{ 'aria-label': `Show or hide the ${label.toLowerCase()}` }}
        {...(replacing ? { 'data-autofocus': true } : {})}
        {...form.getInputProps(name)}
      />
      {stored && (
        <Button
          variant="subtle"
          size="compact-sm"
          w="fit-content"
          onClick={() => {
            form.setFieldValue(name, '')
            form.clearFieldError(name)
            setReplacing(false)
          }}
        >
          Keep the stored one
        </Button>
      )}
    </Stack>
  )
}
