import { Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { FormDialog } from './form-dialog.tsx'

/**
 * Asks before something is destroyed. With `typed` the person has to write that word; without, one click is enough, for
 * what can be made again. Stays open while it works and where it fails, with the reason.
 */
export function Ask({
  opened,
  onClose,
  title,
  children,
  action,
  typed,
  onConfirm,
}: {
  opened: boolean
  onClose: () => void
  title: string
  children: ReactNode
  /** What the button says: a verb and its object. */
  action: string
  typed?: string
  onConfirm: () => Promise<unknown>
}) {
  const [text, setText] = useState('')
  const close = () => {
    setText('')
    work.reset()
    onClose()
  }
  const work = useMutation({ mutationFn: onConfirm, onSuccess: close })
  return (
    <FormDialog
      opened={opened}
      title={title}
      action={action}
      work={work}
      button={{ color: 'red', disabled: typed !== undefined && text.trim() !== typed }}
      onSubmit={(event) => {
        event.preventDefault()
        work.mutate()
      }}
      onClose={close}
    >
      {typeof children === 'string' ? <Text>{children}</Text> : children}
      {typed && (
        <TextInput
          label={`Type ${typed} to confirm`}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          autoComplete="off"
          data-autofocus
        />
      )}
    </FormDialog>
  )
}
