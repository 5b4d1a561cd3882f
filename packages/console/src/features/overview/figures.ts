const whole = new Intl.NumberFormat('en')
const share = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 })

export const inFigures = (count: number): string => whole.format(count)

/** Of none there is no share. */
export function inPercent(part: number, all: number): string {
  if (all === 0) return 'none'
  // What is not all must not be rounded to it.
  const rounded = part < all ? Math.min(part / all, 0.999) : 1
  return share.format(rounded)
}

/** A time in the unit that people would say. */
export function inSeconds(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`
  if (seconds < 120) return `${Number(seconds.toPrecision(3))} s`
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`
  return `${Math.round(seconds / 3600)} h`
}
