const hour = 3_600_000

/** Milliseconds of a Retry-After header: seconds or an HTTP date (RFC 9110 §10.2.3), at most an hour; null when unreadable. */
export function readRetryAfter(header: string | null, now: number): number | null {
  const text = header?.trim() ?? ''
  const ms = /^\d{1,15}$/.test(text)
    ? Number(text) * 1000
    : /[a-z]{3}/i.test(text)
      ? Date.parse(text) - now
      : Number.NaN
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), hour) : null
}
