import { Group, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'

/** A page: its title, a sentence, the one thing to do here, then the thing itself. */
export function Page({
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
  useEffect(() => {
    document.title = `${title} · Grantry`
  }, [title])
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-start" gap="md">
        <div style={{ minWidth: 0, flex: '1 1 20rem' }}>
          <Title order={1}>{title}</Title>
          {sentence && <Text c="dimmed">{sentence}</Text>}
        </div>
        {action}
      </Group>
      {children}
    </Stack>
  )
}
