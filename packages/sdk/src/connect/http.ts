/** A request as the handlers see it, whatever framework brought it. */
export type Input<R> = {
  request: R
  method: string
  query: URLSearchParams
  /** The Cookie header. */
  cookies: string
  contentType: string
  /** The parsed body, or its text. */
  body: () => Promise<unknown>
}

export type Answer = { status: number; headers: Record<string, string>; body: string }

const kept = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }

export const redirect = (location: string, cookie?: string): Answer => ({
  status: 303,
  headers: { ...kept, location, ...(cookie === undefined ? {} : { 'set-cookie': cookie }) },
  body: '',
})

export const json = (status: number, value: unknown, cookie?: string): Answer => ({
  status,
  headers: {
    ...kept,
    'content-type': 'application/json',
    ...(cookie === undefined ? {} : { 'set-cookie': cookie }),
  },
  body: JSON.stringify(value),
})

export const html = (status: number, body: string, headers: Record<string, string>): Answer => ({
  status,
  headers: {
    ...kept,
    'content-type': 'text/html; charset=utf-8',
    'x-content-type-options': 'nosniff',
    ...headers,
  },
  body,
})

/** As a web-standard response. */
export const toResponse = ({ status, headers, body }: Answer): Response =>
  new Response(body === '' ? null : body, { status, headers })

export const fromWebRequest = <R>(request: R, web: Request): Input<R> => ({
  request,
  method: web.method,
  query: new URL(web.url).searchParams,
  cookies: web.headers.get('cookie') ?? '',
  contentType: web.headers.get('content-type') ?? '',
  body: () => web.text(),
})
