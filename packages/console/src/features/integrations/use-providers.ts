import type { Provider } from '@grantry/sdk/transport'
import { useQuery } from '@tanstack/react-query'
import { useClient } from '../../session.tsx'

/** The whole catalogue, to choose from. */
export function useProviders(): Provider[] {
  const client = useClient()
  const { data } = useQuery({
    queryKey: ['providers', 'all'],
    staleTime: 60_000,
    queryFn: async () => {
      const found: Provider[] = []
      for await (const provider of client.providers.list({ limit: 200 })) found.push(provider)
      return found.sort((a, b) => a.name.localeCompare(b.name))
    },
  })
  return data ?? none
}

const none: Provider[] = []
