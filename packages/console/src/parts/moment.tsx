import { TextInput } from '@mantine/core'

/** A minute in the time of whoever looks; the address has it in UTC. */
export function Moment({
  label,
  about,
  value,
  onChange,
}: {
  label: string
  /** What is meant, where the label alone does not say it. */
  about?: string
  value: string | undefined
  onChange: (value: string | null) => void
}) {
  return (
    <TextInput
      type="datetime-local"
      aria-label={about ?? label}
      leftSection={<span aria-hidden="true">{label}</span>}
      leftSectionWidth={52}
      value={toLocal(value)}
      onChange={(event) => {
        const time = new Date(event.currentTarget.value)
        onChange(Number.isNaN(time.getTime()) ? null : time.toISOString())
      }}
      w={{ base: '100%', xs: '16rem' }}
    />
  )
}

function toLocal(value: string | undefined): string {
  const time = new Date(value ?? '')
  if (Number.isNaN(time.getTime())) return ''
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
