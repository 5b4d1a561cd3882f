/** The first `count` of a list, without asking for more pages than they need; all where no count is given. */
export async function* take<Item>(
  items: AsyncIterable<Item>,
  count: number | undefined,
): AsyncGenerator<Item> {
  let left = count ?? Number.POSITIVE_INFINITY
  for await (const item of items) {
    yield item
    if (--left <= 0) return
  }
}
