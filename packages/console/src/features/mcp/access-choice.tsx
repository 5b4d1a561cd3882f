import { Radio, Stack } from '@mantine/core'

/** What the server's tools may do. Given to a form's field by `getInputProps`. */
export function AccessChoice({
  value,
  onChange,
  error,
}: {
  value?: string
  onChange?: (value: string) => void
  error?: React.ReactNode
}) {
  return (
    <Radio.Group
      label="What its tools may do"
      {...(value !== undefined && { value })}
      {...(onChange && { onChange })}
      error={error}
    >
      <Stack gap="xs" mt="xs">
        <Radio value="read" label="Read" description="Only tools that change nothing." />
        <Radio
          value="write"
          label="Read and write"
          description="All tools: they send, change and delete too."
        />
      </Stack>
    </Radio.Group>
  )
}
