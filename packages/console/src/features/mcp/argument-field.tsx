import { Select, Textarea, TextInput } from '@mantine/core'
import type { Argument } from './arguments.ts'

/** The field for one argument of a tool. */
export function ArgumentField({
  argument: { name, kind, required, description, fallback, choices, example },
  value,
  onChange,
  error,
}: {
  argument: Argument
  value: string
  onChange: (value: string) => void
  error: string | undefined
}) {
  const common = {
    label: <span className="mono">{name}</span>,
    description: [description, kind === 'json' && 'As JSON.'].filter(Boolean).join(' ') || undefined,
    placeholder: fallback === null ? (example ?? undefined) : `${fallback} (if not given)`,
    required,
    error,
  }
  if (kind === 'boolean' || kind === 'choice')
    return (
      <Select
        {...common}
        placeholder={common.placeholder ?? 'Not given'}
        data={kind === 'boolean' ? yesOrNo : choices}
        value={value === '' ? null : value}
        onChange={(next) => onChange(next ?? '')}
        clearable
        clearButtonProps={{ 'aria-label': `${name} not given` }}
      />
    )
  if (kind === 'text' || kind === 'json')
    return (
      <Textarea
        {...common}
        autosize
        minRows={2}
        maxRows={16}
        spellCheck={kind === 'text'}
        {...(kind === 'json' && { classNames: { input: 'mono' } })}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    )
  return (
    <TextInput
      {...common}
      inputMode={kind === 'number' ? 'decimal' : 'text'}
      autoComplete="off"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

const yesOrNo = [
  { value: 'true', label: 'Yes' },
  { value: 'false', label: 'No' },
]
