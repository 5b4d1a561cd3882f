import { useSyncExternalStore } from 'react'

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' })
const short = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })
const absolute = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' })

/** A time as people say it; the exact one when pointed at, or at once. `at` is ISO 8601; null is `never`. */
export function When({
  at,
  never = 'never',
  exact = false,
}: {
  at: string | null | undefined
  never?: string
  exact?: boolean
}) {
  const now = useNow()
  if (!at) return <span>{never}</span>
  const date = new Date(at)
  if (exact)
    return (
      <time dateTime={at} title={absolute.format(date)}>
        {short.format(date)}
      </time>
    )
  return (
    <time dateTime={at} title={absolute.format(date)}>
      {inWords(date.getTime(), now)}
    </time>
  )
}

export function inWords(time: number, now: number): string {
  const seconds = Math.round((time - now) / 1000)
  const step = steps.find(([, size]) => Math.abs(seconds) >= size)
  if (!step) return seconds > 0 ? 'in a moment' : 'just now'
  return relative.format(Math.trunc(seconds / step[1]), step[0])
}

/** Moves on every half minute, so that a page that is left open does not lie. All times of a page share one timer. */
function useNow(): number {
  useSyncExternalStore(listen, () => ticks)
  return Date.now()
}

let ticks = 0
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

function listen(listener: () => void): () => void {
  if (listeners.size === 0) timer = setInterval(tick, 30_000)
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) clearInterval(timer)
  }
}

function tick(): void {
  ticks++
  for (const listener of listeners) listener()
}
