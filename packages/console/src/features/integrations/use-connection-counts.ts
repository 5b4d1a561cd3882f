import { useQuery } from '@tanstack/react-query'
import { useClient, useMay } from '../../session.tsx'

/** Living connections by the integration's id; null while that is not known. */
export type Counts = ReadonlyMap<string, number> | null

export function useConnectionCounts(): Counts {
  const client = useClient()
  const { data } = useQuery({
    queryKey: ['overview', 'by-integration'],
    enabled: useMay('connections:read'),
    queryFn: async ({ signal }) => {
      const { by_integration } = await client.overview.get({}, { signal })
      return new Map(
        by_integration.map(({ integration_id, pending, active, needs_reauth }) => [
          integration_id,
          pending + active + needs_reauth,
        ]),
      )
    },
  })
  return data ?? null
}
