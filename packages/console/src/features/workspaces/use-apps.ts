import type { App } from '@grantry/sdk/transport'
import { useQuery } from '@tanstack/react-query'
import { useClient, useMay } from '../../session.tsx'

/** The apps of the workspace, as many as a list to choose from can hold; none for who may not see them. */
export function useApps(): App[] {
  const client = useClient()
  const { data } = useQuery({
    queryKey: ['apps', 'choice'],
    queryFn: async ({ signal }) => (await client.apps.list({ limit: 200 }, { signal })).data,
    enabled: useMay('admin'),
  })
  return data ?? []
}
