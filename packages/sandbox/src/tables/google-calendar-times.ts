export type EventTime = { date?: string; dateTime?: string; timeZone?: string }

/** RFC 3339 with an offset, in milliseconds since the epoch; null for anything else. */
export const instant = (text: string | null | undefined): number | null => {
  if (!text || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i.test(text)) return null
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : at
}

export const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined
  } catch {
    return false
  }
}

/** `+01:00`, as it is in that zone at that time. */
const offsetAt = (at: number, timeZone: string): string => {
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at)
  const offset = parts.find(({ type }) => type === 'timeZoneName')!.value.slice(3)
  return offset === '' ? '+00:00' : offset
}

/** `2026-03-01T09:00:00+01:00`. */
export const inZone = (at: number, timeZone: string): string => {
  const offset = offsetAt(at, timeZone)
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4, 6))
  const local = new Date(at + (offset.startsWith('-') ? -minutes : minutes) * 60_000)
    .toISOString()
    .slice(0, 19)
  return local + (offset === '+00:00' ? 'Z' : offset)
}

/** Where on the line of time it is; days begin at midnight of the calendar's zone. Null for what is no time. */
export const momentOf = (time: EventTime, calendarZone: string): number | null => {
  if (time.date !== undefined)
    return /^\d{4}-\d\d-\d\d$/.test(time.date) ? localMoment(`${time.date}T00:00:00`, calendarZone) : null
  if (time.dateTime === undefined) return null
  return (
    instant(time.dateTime) ??
    (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?$/.test(time.dateTime)
      ? localMoment(time.dateTime, time.timeZone ?? calendarZone)
      : null)
  )
}

const localMoment = (local: string, timeZone: string): number | null => {
  const asUtc = Date.parse(`${local}Z`)
  if (Number.isNaN(asUtc) || !isTimeZone(timeZone)) return null
  return Date.parse(`${local}${offsetAt(asUtc, timeZone)}`)
}

/** The time one occurrence later, by the clock on the wall. */
export const shiftDays = (time: EventTime, days: number, calendarZone: string): EventTime => {
  const move = (day: string) =>
    new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
  if (time.date !== undefined) return { date: move(time.date) }
  const zone = time.timeZone ?? calendarZone
  const local = inZone(momentOf(time, calendarZone)!, zone).slice(0, 19)
  const at = localMoment(`${move(local.slice(0, 10))}${local.slice(10)}`, zone)!
  return { dateTime: inZone(at, zone), timeZone: zone }
}

/** Day numbers, from the first on, of the rules that the sandbox plays: DAILY and WEEKLY with INTERVAL, BYDAY, COUNT and UNTIL. */
export const occurrences = (
  rule: string,
  start: EventTime,
  calendarZone: string,
  until: number,
): number[] => {
  const parts = Object.fromEntries(
    rule
      .replace(/^RRULE:/, '')
      .split(';')
      .map((part) => part.split('=') as [string, string]),
  )
  const interval = Number(parts.INTERVAL ?? 1)
  const most = Number(parts.COUNT ?? 366)
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)/.exec(parts.UNTIL ?? '') ?? []
  const last = year ? Date.parse(`${year}-${month}-${day}T23:59:59Z`) : until
  const names = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA']
  const zone = start.timeZone ?? calendarZone
  const first = start.date ?? inZone(momentOf(start, calendarZone)!, zone).slice(0, 10)
  const weekday = new Date(`${first}T00:00:00Z`).getUTCDay()
  const days = (parts.BYDAY ?? names[weekday]!).split(',')
  const found: number[] = []
  for (let number = 0; found.length < most && number < 3660; number += 1) {
    if (momentOf(shiftDays(start, number, calendarZone), calendarZone)! > Math.min(last, until)) break
    const week = Math.floor((number + ((weekday + 6) % 7)) / 7)
    const fits =
      parts.FREQ === 'WEEKLY'
        ? week % interval === 0 && days.includes(names[(weekday + number) % 7]!)
        : parts.FREQ === 'DAILY'
          ? number % interval === 0
          : number === 0
    if (fits) found.push(number)
  }
  return found
}
