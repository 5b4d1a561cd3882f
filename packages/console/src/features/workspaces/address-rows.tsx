import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { X } from 'lucide-react'
import { Copyable } from '../../parts/copy.tsx'
import { Fault } from '../../parts/fault.tsx'
import { useSave } from '../../parts/use-save.ts'

/**
 * A list of addresses, each in a row of its own, so that what is wrong with one is told at it. Empty rows do not count.
 */
export function AddressRows({
  what,
  addresses,
  field,
  placeholder,
  none,
  mayChange,
  judge,
  save: send,
  onSaved,
}: {
  /** Of one of them: "origin". */
  what: string
  addresses: string[]
  /** Its name in the API, where the server's words about a row come by. */
  field: string
  placeholder: string
  /** What it means that there is none. */
  none: string
  mayChange: boolean
  /** What is wrong with one; null: nothing. */
  judge: (address: string) => string | null
  save: (addresses: string[]) => Promise<string[]>
  onSaved: (before: string[]) => void
}) {
  const form = useForm({
    initialValues: { rows: addresses },
    validate: ({ rows }) =>
      Object.fromEntries(rows.map((row, i) => [`rows.${i}`, row.trim() === '' ? null : judge(row.trim())])),
  })
  const save = useSave(
    form,
    ({ rows }) => {
      // The server counts without the empty ones, and so do its words.
      const given = rows.map((row) => row.trim()).filter(Boolean)
      form.setFieldValue('rows', given)
      return send(given)
    },
    (saved) => {
      onSaved(addresses)
      form.setInitialValues({ rows: saved })
      form.setValues({ rows: saved })
    },
    (path) => path.replace(new RegExp(`^${field}`), 'rows'),
  )
  // Not when a row is left: what is told then moves the button away from under the click.
  const add = () => {
    form.validate()
    form.insertListItem('rows', '')
  }
  if (!mayChange)
    return addresses.length === 0 ? (
      <Text c="dimmed">{none}</Text>
    ) : (
      <Stack gap={4}>
        {addresses.map((address) => (
          <Copyable key={address} text={address} what={what} />
        ))}
      </Stack>
    )
  const { rows } = form.values
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
      <Stack gap="sm">
        {rows.length === 0 && <Text c="dimmed">{none}</Text>}
        {rows.map((_row, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is known by its place alone
          <Group key={i} wrap="nowrap" gap="xs" align="flex-start">
            <TextInput
              aria-label={`${what} ${i + 1}`}
              placeholder={placeholder}
              maxLength={2048}
              style={{ flex: 1 }}
              inputMode="url"
              autoCapitalize="none"
              spellCheck={false}
              {...form.getInputProps(`rows.${i}`)}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size={36}
              aria-label={`Remove ${what} ${i + 1}`}
              onClick={() => form.removeListItem('rows', i)}
            >
              <X size={16} aria-hidden="true" />
            </ActionIcon>
          </Group>
        ))}
        {save.error && <Fault error={save.error} />}
        <Group gap="xs">
          <Button variant="default" size="xs" onClick={add}>
            Add {what}
          </Button>
          {form.isDirty() && (
            <Button type="submit" size="xs" loading={save.isPending}>
              Save
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  )
}
