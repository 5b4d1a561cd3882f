import type { ListPage, Page } from '@grantry/sdk/transport'
import {
  type InfiniteData,
  keepPreviousData,
  type UseInfiniteQueryResult,
  useInfiniteQuery,
} from '@tanstack/react-query'

type ReadPage<T> = (asked: { cursor?: string; limit: number }, signal: AbortSignal) => Page<T>

/**
 * A list of the API, page by page, for {@link Rows}. `read` asks for one page: `(page, signal) => client.x.list({ ...filter,
 * ...page }, { signal })`. What is shown stays until the answer to another filter has come.
 */
export function useList<T>(
  key: readonly unknown[],
  read: ReadPage<T>,
): UseInfiniteQueryResult<InfiniteData<ListPage<T>>> {
  return useInfiniteQuery({
    queryKey: key,
    queryFn: async ({ pageParam, signal }) =>
      await read({ limit: 100, ...(pageParam === null ? {} : { cursor: pageParam }) }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  })
}
