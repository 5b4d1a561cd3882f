import { useQuery } from '@tanstack/react-query'
import { useClient } from '../../session.tsx'

/** Own sessions, this one first. Nobody has more than a page of them that they would tell apart. */
export function useOwnSessions() {
  const { own } = useClient()
  return useQuery({
    queryKey: ['account', 'sessions'],
    queryFn: async () => {
      const { data } = await own.sessions()
      return data.toSorted((a, b) => Number(b.current) - Number(a.current))
    },
  })
}
