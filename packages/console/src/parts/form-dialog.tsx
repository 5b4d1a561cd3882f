import { Button, type ButtonProps, Group, Modal, type ModalProps, Stack } from '@mantine/core'
import type { FormEvent, ReactNode } from 'react'
import { Fault } from './fault.tsx'

/**
 * A form in a dialog: its fields, why it could not be sent, the way out and the way on. It stays open while it is being
 * sent and where that fails.
 */
export function FormDialog({
  opened,
  title,
  action,
  work,
  onSubmit,
  onClose,
  button,
  noValidate,
  size,
  children,
}: {
  opened: boolean
  title: string
  /** What the button says: a verb and its object. */
  action: string
  /** The mutation that sends it. */
  work: { isPending: boolean; error: unknown }
  onSubmit: (event: FormEvent<HTMLFormElement>) => void
  onClose: () => void
  button?: Pick<ButtonProps, 'color' | 'disabled'>
  /** The form says by itself what is missing. */
  noValidate?: boolean
  size?: ModalProps['size']
  children: ReactNode
}) {
  return (
    <Modal opened={opened} onClose={onClose} title={title} {...(size === undefined ? {} : { size })}>
      <form onSubmit={onSubmit} noValidate={noValidate}>
        <Stack>
          {children}
          {work.error != null && <Fault error={work.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={work.isPending} {...button}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
