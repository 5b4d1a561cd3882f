import { Pill, TextInput, type TextInputProps } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useEffect, useRef, useState } from 'react'

/** How long somebody may pause in typing before the list is asked for, in milliseconds. */
const pause = 250

/** A word to filter by. Follows what is typed after a pause, and the address where that is changed elsewhere. */
export function Typed({
  label,
  value = '',
  onChange,
  ...more
}: {
  label: string
  value?: string | undefined
  onChange: (value: string) => void
} & Omit<TextInputProps, 'value' | 'onChange' | 'label'>) {
  const [text, setText] = useState(value)
  const sent = useRef(value)
  const send = useDebouncedCallback((next: string) => {
    sent.current = next
    onChange(next)
  }, pause)
  useEffect(() => {
    if (value === sent.current) return
    sent.current = value
    setText(value)
  }, [value])
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={label}
      value={text}
      maxLength={255}
      onChange={(event) => {
        setText(event.currentTarget.value)
        send(event.currentTarget.value.trim())
      }}
      {...more}
    />
  )
}

/** What a link filters by, or a row: it can only be taken away. */
export function Taken({ label, onRemove }: { label: string; onRemove: () => void }) {
  return (
    <Pill
      withRemoveButton
      onRemove={onRemove}
      removeButtonProps={{ 'aria-label': `Without: ${label}`, 'aria-hidden': false, tabIndex: 0 }}
      size="md"
    >
      {label}
    </Pill>
  )
}
