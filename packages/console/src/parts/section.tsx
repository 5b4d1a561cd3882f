import { Group, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'

/** A part of a page: its title, a sentence, the one thing to do here, then the thing itself. */
export function Section({
  title,
  sentence,
  action,
  children,
}: {
  title: string
  sentence?: ReactNode
  action?: ReactNode
  children: ReactNode
}) {
  return (
    <Stack component="section" gap="md">
      <Group justify="space-between" align="flex-start" gap="md">
        <div style={{ minWidth: 0, flex: '1 1 20rem' }}>
          <Title order={2}>{title}</Title>
          {sentence && <Text c="dimmed">{sentence}</Text>}
        </div>
        {action}
      </Group>
      {children}
    </Stack>
  )
}
