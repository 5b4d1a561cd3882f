import type { Integration } from '@grantry/sdk/transport'
import { Button, Paper, Stack, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Fault } from '../../parts/fault.tsx'
import { useClient } from '../../session.tsx'
import { OutcomeItem, OutcomeList } from './outcome.tsx'
import { findingNames } from './words.ts'

/** What is wrong with an integration, and the one change that mends it. Asks the provider, but stores nothing. */
export function Diagnosis({ integration }: { integration: Integration }) {
  const client = useClient()
  const look = useMutation({ mutationFn: () => client.integrations.diagnose(integration.id) })
  return (
    <Paper withBorder p="lg">
      <Stack gap="sm">
        <Title order={2}>Diagnosis</Title>
        <Text c="dimmed">
          Asks {integration.provider ? integration.provider_name : 'the provider'} whatever it answers without
          a person, and looks at what connecting and refreshing have shown. It changes nothing.
        </Text>
        <div aria-live="polite">
          {look.data && (
            <OutcomeList label="Findings">
              {look.data.findings.map(({ check, status, what, todo }, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a check may find several things; they come whole
                <OutcomeItem key={at} is={status} name={findingNames[check]}>
                  <Text>{what}</Text>
                  {todo && (
                    <Text>
                      <Text span fw={600}>
                        To do:
                      </Text>{' '}
                      {todo}
                    </Text>
                  )}
                </OutcomeItem>
              ))}
            </OutcomeList>
          )}
        </div>
        {look.error && <Fault error={look.error} />}
        <Button variant="default" w="fit-content" loading={look.isPending} onClick={() => look.mutate()}>
          {look.data ? 'Look again' : 'Find out what is wrong'}
        </Button>
      </Stack>
    </Paper>
  )
}
