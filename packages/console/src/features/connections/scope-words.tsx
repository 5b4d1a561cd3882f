import type { Integration } from '@grantry/sdk/transport'
import { List, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useClient } from '../../session.tsx'
import type { Asked } from './asked.ts'

/** What the person will be asked for, in the catalogue's sentences; where it has none, as the provider calls it. */
export function ScopeWords({
  integration: { provider, scope },
  asked,
}: {
  integration: Integration
  asked: Exclude<Asked, 'these'>
}) {
  const sentences = useSentences(provider)
  const preset = useProvider(provider).data?.scopes
  const scopes =
    asked === 'integration' || !preset
      ? scope.split(/[ ,]+/).filter((one) => one !== '')
      : preset[asked].map((one) => one.scope)
  const all = [...new Set([...(preset?.always.map((one) => one.scope) ?? []), ...scopes])]
  if (all.length === 0)
    return (
      <Text size="sm" c="dimmed">
        No scope is named: the service decides what it gives.
      </Text>
    )
  return (
    <List size="sm">
      {all.map((one) => (
        <List.Item key={one}>{sentences.get(one) ?? <code className="mono">{one}</code>}</List.Item>
      ))}
    </List>
  )
}

export function useProvider(provider: string | null) {
  const client = useClient()
  return useQuery({
    queryKey: ['providers', provider],
    enabled: provider !== null,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => client.providers.get(provider!),
  })
}

/** Scopes of a provider as sentences. */
export function useSentences(provider: string | null): Map<string, string> {
  const { data } = useProvider(provider)
  const presets = data ? Object.values(data.scopes).flat() : []
  return new Map(presets.map(({ scope, sentence }) => [scope, sentence]))
}
