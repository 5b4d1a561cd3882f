import type { Provider } from '@grantry/sdk/transport'
import { Group, List, Paper, Stack, Text, Title } from '@mantine/core'
import { Outside } from '../../parts/outside.tsx'

/** What whoever registers an app at a provider should know, and where. */
export function AboutProvider({ provider }: { provider: Provider }) {
  const { name, notes, hints, register_url, docs_url } = provider
  return (
    <Paper withBorder p="lg" maw={720}>
      <Stack gap="sm">
        <Title order={2}>What to know of {name}</Title>
        {notes && <Text>{notes}</Text>}
        {hints.length > 0 && (
          <List spacing={4}>
            {hints.map((hint) => (
              <List.Item key={hint}>{hint}</List.Item>
            ))}
          </List>
        )}
        <Group gap="lg">
          {register_url && <Outside href={register_url}>Register the OAuth app at {name}</Outside>}
          <Outside href={docs_url}>{name}'s documentation</Outside>
        </Group>
      </Stack>
    </Paper>
  )
}
