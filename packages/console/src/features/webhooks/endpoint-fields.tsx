import { Checkbox, Stack, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { typeWords } from './words.ts'

export type EndpointValues = { url: string; types: string[]; description: string }

/** The fields of a new endpoint, and of one that is changed. */
export function EndpointFields({ form }: { form: UseFormReturnType<EndpointValues> }) {
  return (
    <Stack>
      <TextInput
        label="Address"
        description="Messages are posted there, as JSON. https, and reachable from here."
        placeholder="https://app.example.com/hooks/grantry"
        type="url"
        required
        data-autofocus
        autoComplete="off"
        {...form.getInputProps('url')}
      />
      <Checkbox.Group
        label="What it hears of"
        description="None is all of them."
        {...form.getInputProps('types')}
      >
        <Stack gap="xs" mt="xs">
          {Object.entries(typeWords).map(([type, words]) => (
            <Checkbox key={type} value={type} label={words} description={type} />
          ))}
        </Stack>
      </Checkbox.Group>
      <TextInput
        label="Note"
        description="For you and your colleagues."
        maxLength={255}
        autoComplete="off"
        {...form.getInputProps('description')}
      />
    </Stack>
  )
}
