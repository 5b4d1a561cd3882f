import { InvalidArgumentError } from 'commander'

const sizes: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 }

/** A time, or how long ago: `90s`, `10m`, `2h`, `7d`. @returns RFC 3339, UTC */
export function readSince(text: string, now = Date.now()): string {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? []
  const at = count && unit ? now - Number(count) * sizes[unit]! * 1000 : Date.parse(text)
  if (Number.isNaN(at))
    throw new InvalidArgumentError('It is a time (2026-01-31T12:00Z), or how long ago (10m, 2h, 7d).')
  return new Date(at).toISOString()
}
