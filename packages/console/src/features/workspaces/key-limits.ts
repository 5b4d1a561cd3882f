import type { ApiKey } from '@grantry/sdk/transport'
import { useIntegrations } from '../connections/use-integrations.ts'
import { linesOf } from '../integrations/policy-values.ts'

type Choices = { group: string; items: { value: string; label: string }[] }[]

/** What a key can be narrowed to: providers that the workspace has integrations of, and each integration. */
export function useReachChoices(): Choices {
  const integrations = useIntegrations()
  const providers = [...new Set(integrations.flatMap(({ provider }) => provider ?? []))].sort()
  return [
    { group: 'All integrations of', items: providers.map((name) => ({ value: name, label: name })) },
    { group: 'One integration', items: integrations.map(({ id, label }) => ({ value: id, label })) },
  ]
}

/** The fields of the request; nothing chosen is no limit. */
export function toLimits(reach: readonly string[], networks: string) {
  const isId = (value: string) => value.startsWith('int_')
  const integrations = reach.filter(isId)
  const providers = reach.filter((value) => !isId(value))
  const lines = linesOf(networks)
  return {
    ...(providers.length > 0 ? { providers } : {}),
    ...(integrations.length > 0 ? { integrations } : {}),
    ...(lines.length > 0 ? { networks: lines } : {}),
  }
}

/** What a key reaches besides its app, in words. */
export function reachWords({ providers, integrations }: ApiKey, choices: Choices): string {
  if (providers === null && integrations === null) return 'All providers and integrations'
  const labels = new Map(choices.flatMap(({ items }) => items).map(({ value, label }) => [value, label]))
  return [...(providers ?? []), ...(integrations ?? [])].map((value) => labels.get(value) ?? value).join(', ')
}

/** For a narrow column; null where it is narrowed to nothing. */
export function limitsInShort({ providers, integrations, networks }: ApiKey): string | null {
  const count = (n: number, one: string, many: string) => (n === 0 ? [] : [`${n} ${n === 1 ? one : many}`])
  const said = [
    ...count((providers ?? []).length, 'provider', 'providers'),
    ...count((integrations ?? []).length, 'integration', 'integrations'),
    ...count((networks ?? []).length, 'network', 'networks'),
  ]
  return said.length === 0 ? null : said.join(', ')
}
