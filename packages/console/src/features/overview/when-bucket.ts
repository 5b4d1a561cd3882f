const hour = new Intl.DateTimeFormat(undefined, {
  weekday: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})
// Days are counted in UTC: in local time the day would begin in the one before.
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' })

/** The begin of an hour (local) or a day (UTC), as a chart's axis has place for. */
export function startInWords(at: string, bucket: 'hour' | 'day'): string {
  return (bucket === 'hour' ? hour : day).format(new Date(at))
}
