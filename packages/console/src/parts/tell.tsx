import { Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'

/** Tells what was done, read out too. `undo` puts it back, as long as this is seen. */
export function tell(text: string, undo?: () => void): void {
  const id = notifications.show({
    message: undo ? (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{text}</Text>
        <Button
          size="xs"
          variant="default"
          onClick={() => {
            notifications.hide(id)
            undo()
          }}
        >
          Undo
        </Button>
      </Group>
    ) : (
      text
    ),
    autoClose: undo ? 10_000 : 5_000,
    closeButtonProps: { 'aria-label': 'Close' },
  })
}
