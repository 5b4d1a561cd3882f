import { useQuery } from '@tanstack/react-query'
import { useClient, useMay } from '../../session.tsx'

/** What to call the member with an id; for who may see members, and where there are not more than one page of them. */
export function useMemberNames(): (id: string | null) => string | null {
  const client = useClient()
  const { data } = useQuery({
    queryKey: ['members', 'names'],
    queryFn: async ({ signal }) => {
      const { data } = await client.members.list({ limit: 200 }, { signal })
      return new Map(data.map(({ id, name, email }) => [id, name ?? email]))
    },
    enabled: useMay('admin'),
  })
  return (id) => (id === null ? null : (data?.get(id) ?? null))
}
