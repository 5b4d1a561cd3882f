const tenYears = 10 * 365 * 86_400

/**
 * Whole seconds of an `expires_in`: a number or a numeric string, at most ten years. Null for whatever says nothing:
 * absent, zero, negative, NaN, another type.
 */
export function readLifetime(value: unknown, unit: 's' | 'ms' = 's'): number | null {
  const number = typeof value === 'string' && /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) : value
  if (typeof number !== 'number' || Number.isNaN(number)) return null
  const seconds = Math.floor(unit === 'ms' ? number / 1000 : number)
  return seconds < 1 ? null : Math.min(seconds, tenYears)
}

/** Whole seconds from `now` (milliseconds) to a time given as RFC 3339, Unix seconds or Unix milliseconds; null as above. */
export function readLifetimeUntil(value: unknown, now: number): number | null {
  const isNumber = typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value))
  const number = isNumber ? Number(value) : Number.NaN
  // Unix seconds stay below 10¹¹ until the year 5138; milliseconds have been above since 1973.
  const ms = isNumber
    ? number < 1e11
      ? number * 1000
      : number
    : typeof value === 'string'
      ? Date.parse(value)
      : Number.NaN
  return Number.isNaN(ms) ? null : readLifetime((ms - now) / 1000)
}
