import type { Integration } from '@grantry/sdk/transport'
import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Status } from '../../parts/status.tsx'
import { tell } from '../../parts/tell.tsx'
import { useClient, useMay } from '../../session.tsx'
import { OutcomeItem, OutcomeList } from './outcome.tsx'
import { Refusal } from './refusal.tsx'
import { checkNames } from './words.ts'

/** What the provider answered when the integration was saved, and the same asked again. */
export function Checks({ integration }: { integration: Integration }) {
  const client = useClient()
  const queries = useQueryClient()
  const may = useMay('integrations:write')
  const { status, checks } = integration.validation
  const again = useMutation({
    mutationFn: () => client.integrations.validate(integration.id),
    onSuccess: (checked) => {
      queries.setQueryData(['integrations', checked.id], checked)
      void queries.invalidateQueries({ queryKey: ['integrations'] })
      tell(
        checked.validation.status === 'verified'
          ? `${nameOf(checked)} takes the credentials.`
          : `${nameOf(checked)} does not tell whether the credentials are right.`,
      )
    },
  })
  return (
    <Paper withBorder p="lg">
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2}>Checks</Title>
          <Status of={status} />
        </Group>
        {checks.length > 0 ? (
          <OutcomeList label="Checks">
            {checks.map(({ name, ok, detail }) => (
              <OutcomeItem
                key={name}
                is={ok === null ? 'unknown' : ok ? 'ok' : 'failed'}
                name={checkNames[name] ?? name}
              >
                <Text>{detail}</Text>
              </OutcomeItem>
            ))}
          </OutcomeList>
        ) : (
          <Text c="dimmed">It was saved without asking the provider.</Text>
        )}
        {again.error && <Refusal error={again.error} />}
        {may && (
          <Button variant="default" w="fit-content" loading={again.isPending} onClick={() => again.mutate()}>
            Check again
          </Button>
        )}
      </Stack>
    </Paper>
  )
}

const nameOf = ({ provider, provider_name }: Integration) => (provider ? provider_name : 'The provider')
