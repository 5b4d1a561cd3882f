import type { Connection } from '@grantry/sdk/transport'
import { List, Stack, Text } from '@mantine/core'

/** What may be called with a connection. */
export function PolicyWords({ policy }: { policy: Connection['proxy_policy'] }) {
  if (policy === null) return <Text>What its integration says.</Text>
  const { allow, hosts, budget } = policy
  return (
    <Stack gap="xs">
      <Text>Of what its integration says:</Text>
      {allow === undefined && <Text>Everything.</Text>}
      {allow?.length === 0 && <Text>Nothing.</Text>}
      {allow && allow.length > 0 && (
        <List size="sm">
          {allow.map(({ methods, paths }) => (
            <List.Item key={`${methods} ${paths}`} className="mono">
              {methods.join(', ')} {paths.join(', ')}
            </List.Item>
          ))}
        </List>
      )}
      {hosts && (
        <Text>
          At <span className="mono">{hosts.join(', ')}</span> only.
        </Text>
      )}
      {budget && (
        <Text>
          At most {budget.calls} {budget.calls === 1 ? 'call' : 'calls'} in {budget.per_seconds} s.
        </Text>
      )}
    </Stack>
  )
}
