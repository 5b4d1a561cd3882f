const units: [seconds: number, name: string][] = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
  [1, 's'],
]

/** A time as people say it: `3 min ago`, `in 2 h`; null where there is none. */
export function ago(time: string | null | undefined, now = Date.now()): string | null {
  if (!time) return null
  const seconds = Math.round((Date.parse(time) - now) / 1000)
  const [size, name] = units.find(([unit]) => Math.abs(seconds) >= unit) ?? [1, 's']
  const count = Math.floor(Math.abs(seconds) / size)
  if (count === 0) return 'now'
  return seconds < 0 ? `${count} ${name} ago` : `in ${count} ${name}`
}
