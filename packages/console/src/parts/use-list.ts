import type { ListPage } from '@grantry/sdk/transport'
import {
  type InfiniteData,
  keepPreviousData,
  type UseInfiniteQueryResult,
  useInfiniteQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { useEffect } from 'react'

type ReadPage<T> = (
  asked: { cursor?: string; limit: number },
  signal: AbortSignal,
) => PromiseLike<ListPage<T>>

/** Pages that are read again when a list comes back into sight. Each waits for the one before it. */
const mostReadAgain = 5

/**
 * A list of the API, page by page, for {@link Rows}. `read` asks for one page: `(page, signal) => client.x.list({ ...filter,
 * ...page }, { signal })`. What is shown stays until the answer to another filter has come. Of a list that somebody has
 * gone far down in, nothing is read again by itself; where something has changed in it, it begins anew.
 */
export function useList<T>(
  key: readonly unknown[],
  read: ReadPage<T>,
  enabled = true,
): UseInfiniteQueryResult<InfiniteData<ListPage<T>>> {
  const queries = useQueryClient()
  // biome-ignore lint/correctness/useExhaustiveDependencies: when it comes into sight, not when its filter changes
  useEffect(() => {
    const known = queries.getQueryState<InfiniteData<ListPage<T>>>(key)
    if (known?.isInvalidated && isFar(known.data)) void queries.resetQueries({ queryKey: key, exact: true })
  }, [])
  return useInfiniteQuery({
    queryKey: key,
    enabled,
    queryFn: async ({ pageParam, signal }) =>
      await read({ limit: 200, ...(pageParam === null ? {} : { cursor: pageParam }) }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
    refetchOnMount: (query) => !isFar(query.state.data as InfiniteData<unknown> | undefined),
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })
}

const isFar = (data: InfiniteData<unknown> | undefined): boolean => (data?.pages.length ?? 0) > mostReadAgain
