import { Button, Group, Paper, Text } from '@mantine/core'
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { memo, type ReactNode, useCallback, useEffect, useMemo, useRef } from 'react'
import { Fault } from './fault.tsx'
import style from './rows.module.css'

export type Column<T> = {
  head: string
  cell: (row: T) => ReactNode
  /** CSS width; the others share what is left. */
  width?: string
  /** Left out on a phone. */
  wide?: boolean
}

type ListPage<T> = { data: T[]; next_cursor: string | null }
export type Paged<T> = UseInfiniteQueryResult<InfiniteData<ListPage<T>>>

const rowHeight = 40
const estimateSize = () => rowHeight
/** Rows before the end at which the next page is asked for: more than a window holds. */
const ahead = 60

/**
 * A table of a list that the server pages. Only rows that can be seen are drawn, and the next page is asked for when its
 * end comes near, so that the length does not matter.
 */
export function Rows<T extends { id: string }>({
  label,
  query,
  columns,
  empty,
}: {
  /** Names the table for who does not see it. */
  label: string
  query: Paged<T>
  columns: Column<T>[]
  /** In place of the table where there is no row. */
  empty: ReactNode
}) {
  const rows = useMemo(() => query.data?.pages.flatMap(({ data }) => data) ?? [], [query.data])
  const scroller = useRef<HTMLDivElement>(null)
  // One that is new at each scroll would have every row measured again.
  const getItemKey = useCallback((index: number) => rows[index]?.id ?? index, [rows])
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize,
    overscan: 12,
    getItemKey,
  })
  const seen = virtual.getVirtualItems()
  const last = seen.at(-1)?.index ?? -1
  const { hasNextPage, isFetchingNextPage, fetchNextPage, isFetchNextPageError, isPlaceholderData } = query
  const more = hasNextPage && !isPlaceholderData && !isFetchingNextPage && !isFetchNextPageError
  useEffect(() => {
    if (more && last >= rows.length - ahead) void fetchNextPage()
  }, [more, last, rows.length, fetchNextPage])

  if (query.error && rows.length === 0) return <Fault error={query.error} onRetry={query.refetch} />
  if (query.isPending) return <Outline label={label} />
  if (rows.length === 0) return empty
  const before = seen[0]?.start ?? 0
  const after = virtual.getTotalSize() - (seen.at(-1)?.end ?? 0)
  return (
    <>
      <Paper withBorder className={style.frame}>
        <section
          ref={scroller}
          className={style.scroller}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
          tabIndex={0}
          aria-label={label}
          aria-busy={isPlaceholderData}
          data-scroll-restoration-id={label}
        >
          <table className={style.table} aria-rowcount={hasNextPage ? -1 : rows.length + 1}>
            <caption className="unseen">{label}</caption>
            <thead>
              <tr aria-rowindex={1}>
                {columns.map(({ head, width, wide }) => (
                  <th key={head} scope="col" style={{ width }} className={wide ? style.wide : undefined}>
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {before > 0 && <Space height={before} columns={columns.length} />}
              {seen.map(({ index, key }) => (
                <Row key={key} index={index} row={rows[index]!} columns={columns} />
              ))}
              {after > 0 && <Space height={after} columns={columns.length} />}
            </tbody>
          </table>
        </section>
      </Paper>
      {isFetchNextPageError && (
        <Group>
          <Text>The next rows could not be read.</Text>
          <Button variant="default" size="xs" onClick={() => void fetchNextPage()}>
            Try again
          </Button>
        </Group>
      )}
    </>
  )
}

/** Drawn once, however often the table moves, as long as its columns are the same. */
const Row = memo(function Row<T>({ index, row, columns }: { index: number; row: T; columns: Column<T>[] }) {
  return (
    <tr aria-rowindex={index + 2}>
      {columns.map(({ head, cell, wide }) => (
        <td key={head} className={wide ? style.wide : undefined}>
          <div className={style.cell}>{cell(row)}</div>
        </td>
      ))}
    </tr>
  )
}) as <T>(props: { index: number; row: T; columns: Column<T>[] }) => ReactNode

function Space({ height, columns }: { height: number; columns: number }) {
  return (
    <tr>
      <td colSpan={columns} style={{ height, padding: 0, border: 0 }} />
    </tr>
  )
}

function Outline({ label }: { label: string }) {
  return (
    <Paper withBorder p="sm" h={200} role="status" aria-label={`Loading ${label}`}>
      <Text c="dimmed">Loading …</Text>
    </Paper>
  )
}
