import type { Connection } from '@grantry/sdk/transport'
import { List, Stack, Text } from '@mantine/core'
import { compareScopes } from './compare-scopes.ts'
import { useSentences } from './scope-words.tsx'

/** What was asked for and what was given, and where the two differ. */
export function Scopes({ connection }: { connection: Connection }) {
  const { scopes_requested: asked, scopes_granted: granted, provider } = connection
  const sentences = useSentences(provider)
  const { missing, beyond } = compareScopes(asked, granted)
  if (asked.length === 0 && (granted === null || granted.length === 0))
    return <Text>No scope was named: the service decides what it gives.</Text>
  return (
    <Stack gap="xs">
      <Text>{summary(granted, missing.length, beyond.length)}</Text>
      <List size="sm" spacing={4}>
        {[...asked, ...beyond].map((scope) => (
          <List.Item key={scope}>
            {sentences.get(scope)}{' '}
            <Text span size="xs" c="dimmed" className="mono">
              {scope}
            </Text>
            {missing.includes(scope) && (
              <Text span c="var(--bad)">
                {' '}
                not given
              </Text>
            )}
            {beyond.includes(scope) && (
              <Text span c="var(--waiting)">
                {' '}
                given, not asked for
              </Text>
            )}
          </List.Item>
        ))}
      </List>
    </Stack>
  )
}

function summary(granted: string[] | null, missing: number, beyond: number): string {
  if (granted === null) return 'This was asked for. The provider has not said what it gave.'
  if (missing === 0 && beyond === 0) return 'All that was asked for was given.'
  const parts = [
    ...(missing > 0 ? [`${missing} of what was asked for ${missing === 1 ? 'was' : 'were'} not given`] : []),
    ...(beyond > 0 ? [`${beyond} ${beyond === 1 ? 'was' : 'were'} given beyond it`] : []),
  ]
  return `${parts.join(', and ')}.${missing > 0 ? ' Calls that need it fail; connect again to ask once more.' : ''}`
}
