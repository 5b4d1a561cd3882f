/** One page of a list, as the API answers it. */
export type ListPage<T> = { data: T[]; next_cursor: string | null }

/** A list: awaited it is its first page, iterated it is every item of every page. Nothing is asked before either. */
export type Page<T> = PromiseLike<ListPage<T>> &
  AsyncIterable<T> & {
    /** Page by page. */
    pages(): AsyncIterable<ListPage<T>>
  }

/** `read` gets the cursor of a page; undefined for the first. */
export function createPage<T>(read: (cursor: string | undefined) => Promise<ListPage<T>>): Page<T> {
  async function* pages(): AsyncGenerator<ListPage<T>> {
    let cursor: string | undefined
    do {
      const page = await read(cursor)
      yield page
      cursor = page.next_cursor ?? undefined
    } while (cursor !== undefined)
  }
  return {
    pages,
    async *[Symbol.asyncIterator]() {
      for await (const page of pages()) yield* page.data
    },
    // biome-ignore lint/suspicious/noThenProperty: awaiting a list gives its first page
    then: (resolve, reject) => read(undefined).then(resolve, reject),
  }
}
