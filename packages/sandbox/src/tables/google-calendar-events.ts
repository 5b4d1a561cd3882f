import { type Account, accounts } from '../accounts.ts'
import type { Answer } from '../answer.ts'
import type { ApiCall } from '../provider-table.ts'
import { randomHex } from '../random.ts'
import { googleError } from './google.ts'
import {
  type EventTime,
  instant,
  inZone,
  isTimeZone,
  momentOf,
  occurrences,
  shiftDays,
} from './google-calendar-times.ts'

export type Attendee = { email: string; displayName?: string; responseStatus?: string; optional?: boolean }

export type CalendarEvent = {
  id: string
  calendarId: string
  summary?: string
  description?: string
  location?: string
  start: EventTime
  end: EventTime
  attendees?: Attendee[]
  recurrence?: string[]
  recurringEventId?: string
  originalStartTime?: EventTime
  organizer: string
  sequence: number
}

export type Calendar = {
  id: string
  summary: string
  description?: string
  timeZone: string
  accessRole: 'owner' | 'writer' | 'reader'
  primary?: true
}

export type CalendarData = { calendars: Calendar[]; events: CalendarEvent[] }

export const seedCalendars = (account: Account, now: number): CalendarData => ({
  calendars: [
    {
      id: account.email,
      summary: account.email,
      timeZone: 'Europe/London',
      accessRole: 'owner',
      primary: true,
    },
    {
      id: 'en.uk#holiday@group.v.calendar.google.com',
      summary: 'Holidays in the United Kingdom',
      description: 'Holidays and Observances',
      timeZone: 'Europe/London',
      accessRole: 'reader',
    },
  ],
  events: [
    {
      id: `sandboxevent${account.number}`,
      calendarId: account.email,
      summary: 'Weekly planning',
      description: 'What the next week brings.',
      location: 'Room 4',
      start: { dateTime: inZone(now + 86_400_000, 'Europe/London'), timeZone: 'Europe/London' },
      end: { dateTime: inZone(now + 90_000_000, 'Europe/London'), timeZone: 'Europe/London' },
      attendees: accounts.map(({ email, name }) => ({
        email,
        displayName: name,
        responseStatus: email === account.email ? 'accepted' : 'needsAction',
      })),
      organizer: account.email,
      sequence: 0,
    },
    {
      id: `sandboxholiday${account.number}`,
      calendarId: 'en.uk#holiday@group.v.calendar.google.com',
      summary: 'Bank holiday',
      start: { date: new Date(now + 7 * 86_400_000).toISOString().slice(0, 10) },
      end: { date: new Date(now + 8 * 86_400_000).toISOString().slice(0, 10) },
      organizer: 'en.uk#holiday@group.v.calendar.google.com',
      sequence: 0,
    },
  ],
})

/** What an event may be given, of all that it has. */
const writable = ['summary', 'description', 'location', 'start', 'end', 'attendees', 'recurrence'] as const
export type EventBody = Partial<Pick<CalendarEvent, (typeof writable)[number]>>

export const writableOf = (body: unknown): EventBody =>
  Object.fromEntries(
    Object.entries((typeof body === 'object' && body) || {}).filter(([name]) =>
      (writable as readonly string[]).includes(name),
    ),
  )

/** Objects are joined, lists and values take the place of what was, null takes it away. */
export const patched = (old: unknown, change: unknown): unknown => {
  if (typeof change !== 'object' || change === null || Array.isArray(change)) return change
  const base = typeof old === 'object' && old !== null && !Array.isArray(old) ? old : {}
  return Object.fromEntries(
    Object.entries({
      ...base,
      ...Object.fromEntries(
        Object.entries(change).map(([key, value]) => [
          key,
          patched((base as Record<string, unknown>)[key], value),
        ]),
      ),
    }).filter(([, value]) => value !== null),
  )
}

const bad = (message: string, reason = 'invalid'): Answer =>
  googleError(400, 'INVALID_ARGUMENT', message, reason)

/** Why the service would not take it; null where it would. */
export const faultOf = (event: EventBody, calendar: Calendar): Answer | null => {
  const { start, end, recurrence = [], attendees = [] } = event
  for (const [name, time] of [
    ['start', start],
    ['end', end],
  ] as const) {
    if (!time || (time.date === undefined && time.dateTime === undefined))
      return bad(`Missing ${name} time.`, 'required')
    if (time.date !== undefined && time.dateTime !== undefined) return bad(`Invalid ${name} time.`)
    if (time.timeZone !== undefined && !isTimeZone(time.timeZone))
      return bad(`Invalid time zone definition for ${name} time.`)
    if (momentOf(time, calendar.timeZone) === null) return bad(`Invalid value for: ${name} time`)
    const zoneless = time.dateTime !== undefined && instant(time.dateTime) === null
    if (time.dateTime && !time.timeZone && (zoneless || recurrence.length > 0))
      return bad(`Missing time zone definition for ${name} time.`, 'required')
  }
  if ((start!.date === undefined) !== (end!.date === undefined))
    return bad('Start and end times must either both be date or both be dateTime.')
  if (momentOf(end!, calendar.timeZone)! < momentOf(start!, calendar.timeZone)!)
    return bad('The specified time range is empty.', 'timeRangeEmpty')
  if (!Array.isArray(attendees) || attendees.some(({ email }) => !/^[^\s@]+@[^\s@]+$/.test(email ?? '')))
    return bad('Invalid attendee email.')
  if (recurrence.some((rule) => !/^(?:RRULE:(?:[A-Z]+=[^;]+;?)+|(?:EXRULE|RDATE|EXDATE)[:;].+)$/.test(rule)))
    return bad('Invalid recurrence rule.')
  return null
}

/** Times as the service gives them back: with the offset of their zone. */
export const settled = (body: EventBody, calendar: Calendar): EventBody => {
  const told = (time: EventTime): EventTime =>
    time.date !== undefined
      ? { date: time.date }
      : {
          dateTime: inZone(momentOf(time, calendar.timeZone)!, time.timeZone ?? calendar.timeZone),
          timeZone: time.timeZone ?? calendar.timeZone,
        }
  const { start, end, attendees } = body
  return {
    ...body,
    ...(start ? { start: told(start) } : {}),
    ...(end ? { end: told(end) } : {}),
    ...(attendees ? { attendees: attendees.map((one) => ({ responseStatus: 'needsAction', ...one })) } : {}),
  }
}

const stampOf = (time: EventTime, zone: string): string =>
  time.date !== undefined
    ? time.date.replaceAll('-', '')
    : `${new Date(momentOf(time, zone)!).toISOString().replaceAll(/[-:]|\.\d+/g, '')}`

/** The single occurrences up to a time, those that were changed in their own form. */
export const expanded = (events: CalendarEvent[], { timeZone }: Calendar, until: number): CalendarEvent[] => {
  const changed = new Set(events.filter(({ recurringEventId }) => recurringEventId).map(({ id }) => id))
  return events.flatMap((event) => {
    const rule = event.recurrence?.find((line) => line.startsWith('RRULE:'))
    if (!rule) return [event]
    const { recurrence: _, ...rest } = event
    return occurrences(rule, event.start, timeZone, until)
      .map((days) => {
        const start = shiftDays(event.start, days, timeZone)
        return {
          ...rest,
          id: `${event.id}_${stampOf(start, timeZone)}`,
          recurringEventId: event.id,
          originalStartTime: start,
          start,
          end: shiftDays(event.end, days, timeZone),
        }
      })
      .filter(({ id }) => !changed.has(id))
  })
}

export const presentEvent = (
  event: CalendarEvent,
  call: ApiCall,
  calendar: Calendar,
  maxAttendees = Number.POSITIVE_INFINITY,
) => {
  const { calendarId: _, organizer, attendees, start, end, ...rest } = event
  const zone = call.query.get('timeZone')
  const shown = (time: EventTime) =>
    zone === null || time.dateTime === undefined
      ? time
      : { ...time, dateTime: inZone(momentOf(time, calendar.timeZone)!, zone) }
  const self = (email: string) => (email === call.account.email ? { self: true } : {})
  const told = attendees?.map((one) => ({ ...one, ...self(one.email) }))
  const cut = told !== undefined && told.length > maxAttendees
  return {
    kind: 'calendar#event',
    etag: `"${event.sequence}sandbox"`,
    status: 'confirmed',
    htmlLink: `https://www.google.com/calendar/event?eid=${Buffer.from(`${event.id} ${calendar.id}`).toString('base64url')}`,
    ...rest,
    creator: { email: organizer, ...self(organizer) },
    organizer: { email: organizer, ...self(organizer) },
    start: shown(start),
    end: shown(end),
    iCalUID: `${event.id}@google.com`,
    ...(told === undefined
      ? {}
      : cut
        ? { attendees: told.filter((one) => 'self' in one), attendeesOmitted: true }
        : { attendees: told }),
    reminders: { useDefault: true },
    eventType: 'default',
  }
}

export const newEventId = (call: ApiCall): string =>
  [...randomHex(call.random, 13)].map((digit) => (digit === '0' ? 'v' : digit)).join('')
