import { createPage, type ListPage, type Page } from './page.ts'
import type { Send } from './send.ts'

/** How one call is made. */
export type CallOptions = {
  signal?: AbortSignal | undefined
  /** Seconds that it may take in all, with its retries. */
  timeout?: number | undefined
}

export type Sent = CallOptions & {
  query?: object | undefined
  body?: unknown
  headers?: Record<string, string> | undefined
}

/** What the methods of resources are made of. */
export type Call = {
  /** The `data` of the answer. */
  item<T>(method: string, path: string, sent: Sent): Promise<T>
  list<T>(path: string, sent: Sent): Page<T>
}

export function createCall(send: Send): Call {
  return {
    item: async <T>(method: string, path: string, sent: Sent) => {
      const { data } = (await send(method, path, sent)) as { data: T }
      return data
    },
    list: <T>(path: string, sent: Sent) =>
      createPage<T>(async (cursor) => {
        const query = cursor === undefined ? sent.query : { ...sent.query, cursor }
        return (await send('GET', path, { ...sent, query })) as ListPage<T>
      }),
  }
}

/** An id as one part of a path, and never as more: `..` would climb out of it. */
export function segment(id: string): string {
  if (typeof id !== 'string' || id === '' || id === '.' || id === '..')
    throw new TypeError(`an id is a text such as con_01jd3x…, not ${JSON.stringify(id)}`)
  return encodeURIComponent(id)
}
