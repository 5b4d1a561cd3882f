/** Answers that another try may change. */
const passing = new Set([429, 502, 503, 504])
const idempotent = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])

/** Faults of a connection that was never made, so that nothing of the request can have arrived. */
const unsent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** Whether a request may be sent again after this answer. */
export const mayRepeatAfter = (method: string, response: Response): boolean =>
  idempotent.has(method) && passing.has(response.status)

/** Whether a request may be sent again after no answer came. */
export const mayRepeatAfterFault = (method: string, error: unknown): boolean =>
  idempotent.has(method) || unsent.has(codeOf(error))

/** `fetch` wraps the socket's error; several addresses make an AggregateError of it. */
function codeOf(error: unknown): string {
  const { cause } = error as { cause?: { code?: string; errors?: { code?: string }[] } }
  return cause?.code ?? cause?.errors?.[0]?.code ?? ''
}

/**
 * Seconds to wait before try number `tried` + 1: what the server asks for, with a little jitter on top so that not all
 * come back at once; else anything up to a bound that doubles.
 */
export function waitOf(tried: number, retryAfter: number | null, random: () => number): number {
  if (retryAfter !== null) return retryAfter + random() * 0.5
  return random() * Math.min(8, 0.25 * 2 ** tried)
}

/** Seconds, from either form of the header (RFC 9110 §10.2.3). */
export function retryAfterOf(response: Response, now = Date.now()): number | null {
  const header = response.headers.get('retry-after')
  if (header === null) return null
  if (/^\d+$/.test(header)) return Number(header)
  const at = Date.parse(header)
  return Number.isNaN(at) ? null : Math.max(0, (at - now) / 1000)
}
