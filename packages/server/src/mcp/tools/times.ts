import type { Json } from './evaluate.ts'

/** Seconds since the epoch, as a number or its digits, in ISO 8601 (UTC, whole seconds); null for what is none. */
export function secondsToIso(seconds: Json | undefined): Json {
  if (typeof seconds !== 'number' && (typeof seconds !== 'string' || seconds.trim() === '')) return null
  const time = new Date(Math.floor(Number(seconds)) * 1000)
  return Number.isNaN(time.getTime()) ? null : time.toISOString().replace('.000Z', 'Z')
}

/** An ISO 8601 time in seconds since the epoch; null for what is none. Without an offset it is UTC. */
export function isoToSeconds(time: Json | undefined): Json {
  if (typeof time !== 'string') return null
  const local = /T[\d:.]+$/i.test(time)
  const milliseconds = Date.parse(local ? `${time}Z` : time)
  return Number.isNaN(milliseconds) ? null : milliseconds / 1000
}

/** Milliseconds since the epoch, as a number or its digits, in ISO 8601 (UTC, whole seconds); null for what is none. */
export function isoTime(milliseconds: Json | undefined): Json {
  const time = new Date(
    milliseconds === null || milliseconds === undefined ? Number.NaN : Number(milliseconds),
  )
  return Number.isNaN(time.getTime()) ? null : time.toISOString().replace(/\.\d+Z$/, 'Z')
}
