import { Alert, Button, Modal, Stack, Text } from '@mantine/core'
import { CopyBlock } from './copy.tsx'

/**
 * A secret, the one time that it can be seen. Closing forgets it: whoever opens this keeps it in no cache and drops it in
 * `onClose`. A click beside the dialog does not close it.
 */
export function SecretOnce({
  title,
  secret,
  what,
  hint,
  onClose,
}: {
  title: string
  /** null: closed. */
  secret: string | null
  what: string
  hint: string
  onClose: () => void
}) {
  return (
    <Modal
      opened={secret !== null}
      onClose={onClose}
      title={title}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Stack>
        <Text>{hint}</Text>
        {secret !== null && <CopyBlock text={secret} what={what} />}
        <Alert color="yellow" variant="outline">
          It is shown this once and cannot be read again.
        </Alert>
        <Button onClick={onClose}>I have stored it</Button>
      </Stack>
    </Modal>
  )
}
