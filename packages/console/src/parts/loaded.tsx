import { Skeleton, Stack } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Fault } from './fault.tsx'

/** What a query brought; until then its outline, and where it failed why. */
export function Loaded<T>({
  query,
  children,
}: {
  query: UseQueryResult<T>
  children: (data: T) => ReactNode
}) {
  if (query.data !== undefined) return children(query.data)
  if (query.error) return <Fault error={query.error} onRetry={query.refetch} />
  return (
    <Stack aria-busy="true" aria-label="Loading" role="status">
      <Skeleton height={40} />
      <Skeleton height={40} />
      <Skeleton height={40} width="70%" />
    </Stack>
  )
}
