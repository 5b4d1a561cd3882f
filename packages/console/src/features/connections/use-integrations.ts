import type { Integration } from '@grantry/sdk/transport'
import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { useClient, useMay } from '../../session.tsx'

/** As many as a choice can hold; of further ones the ids are shown. */
const most = 1000

/** The workspace's integrations, to name and choose them. */
export function useIntegrationsQuery(): UseQueryResult<Integration[]> {
  const client = useClient()
  const may = useMay('integrations:read')
  return useQuery({
    queryKey: ['integrations', 'all'],
    enabled: may,
    staleTime: 60_000,
    queryFn: async () => {
      const found: Integration[] = []
      for await (const integration of client.integrations.list({ limit: 200 })) {
        found.push(integration)
        if (found.length >= most) break
      }
      return found
    },
  })
}

/** The same; none before they are here. */
export const useIntegrations = (): Integration[] => useIntegrationsQuery().data ?? none

const none: Integration[] = []
