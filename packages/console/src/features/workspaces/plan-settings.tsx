import type { Workspace } from '@grantry/sdk/transport'
import { Badge, Button, Group, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Facts } from '../../parts/facts.tsx'
import { When } from '../../parts/when.tsx'
import { useMay } from '../../session.tsx'
import { ChangePlan } from './change-plan.tsx'
import { Use } from './quota-use.tsx'
import { quotaNames as names, quotaWords } from './quota-words.ts'

/** The plan: who sells plans sets it with an operator's key, else the workspace sets its own. */
export function PlanSettings({ workspace }: { workspace: Workspace }) {
  const [changing, { open, close }] = useDisclosure()
  const mayChange = useMay('admin')
  const { plan, plan_expires_at, quotas, features, experiments, plan_set_by } = workspace
  return (
    <Stack>
      <Facts
        facts={[
          ['Plan', plan ?? 'none: everything is unlimited until set'],
          ...(plan_expires_at === null
            ? []
            : ([['Plan ends', <When key="ends" at={plan_expires_at} />]] as [string, React.ReactNode][])),
          ...names.map(
            (name) =>
              [quotaWords[name].word, <Use key={name} name={name} limit={quotas[name] ?? null} />] as [
                string,
                React.ReactNode,
              ],
          ),
          ['Features', features === null ? 'everything' : <Names key="features" names={features} />],
          [
            'Experiments',
            experiments.length === 0 ? (
              'none'
            ) : (
              <Stack key="experiments" gap={4}>
                {experiments.map(({ key, variants, weights }) => (
                  <Text key={key} size="sm">
                    <span className="mono">{key}</span>:{' '}
                    {variants.map((variant, i) => `${variant} ${weights?.[i] ?? 1}`).join(', ')}
                  </Text>
                ))}
              </Stack>
            ),
          ],
        ]}
      />
      {mayChange && plan_set_by === 'operator' && (
        <Text c="dimmed">Whoever runs this deployment sets plans and quotas.</Text>
      )}
      {mayChange && plan_set_by === 'workspace' && (
        <Group>
          <Button variant="default" onClick={open}>
            Change plan and quotas
          </Button>
        </Group>
      )}
      {changing && <ChangePlan workspace={workspace} onClose={close} />}
    </Stack>
  )
}

function Names({ names }: { names: string[] }) {
  if (names.length === 0) return 'none'
  return (
    <Group gap={4}>
      {names.map((name) => (
        <Badge key={name} variant="default" tt="none" fw={400}>
          {name}
        </Badge>
      ))}
    </Group>
  )
}
