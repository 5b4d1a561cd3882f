import { type Answer, json } from '../answer.ts'
import type { ApiCall, ApiRoute } from '../provider-table.ts'
import { SECRET_MARK } from '../secret-mark.ts'
import { googleError, googleTable, googleScope as scope } from './google.ts'
import {
  type Calendar,
  type CalendarData,
  type CalendarEvent,
  type EventBody,
  expanded,
  faultOf,
  newEventId,
  patched,
  presentEvent,
  seedCalendars,
  settled,
  writableOf,
} from './google-calendar-events.ts'
import { instant, inZone, isTimeZone, momentOf } from './google-calendar-times.ts'

const all = scope('calendar')
const readonly = scope('calendar.readonly')
const reads = [all, readonly, scope('calendar.events'), scope('calendar.events.readonly')]
const writes = [all, scope('calendar.events')]
const dataOf = (call: ApiCall) => call.data as CalendarData

const missing = () => googleError(404, 'NOT_FOUND', 'Not Found', 'notFound')
const bad = (message: string, reason = 'invalid') => googleError(400, 'INVALID_ARGUMENT', message, reason)

const findCalendar = (call: ApiCall): Calendar | undefined => {
  const id = call.params.calendarId
  return dataOf(call).calendars.find((calendar) => (id === 'primary' ? calendar.primary : calendar.id === id))
}

/** A calendar of the account; to change it, one that it may write to. */
const inCalendar =
  (handle: (call: ApiCall, calendar: Calendar) => Answer, change = false) =>
  (call: ApiCall): Answer => {
    const calendar = findCalendar(call)
    if (!calendar) return missing()
    if (change && calendar.accessRole === 'reader')
      return googleError(
        403,
        'PERMISSION_DENIED',
        'You need to have writer access to this calendar.',
        'requiredAccessLevel',
      )
    const zone = call.query.get('timeZone')
    if (zone !== null && !isTimeZone(zone)) return bad('Invalid time zone.')
    return handle(call, calendar)
  }

const calendarOf = ({ id, summary, description, timeZone }: Calendar) => ({
  kind: 'calendar#calendar',
  etag: '"sandbox"',
  id,
  summary,
  ...(description ? { description } : {}),
  timeZone,
})

const entryOf = (calendar: Calendar) => ({
  ...calendarOf(calendar),
  kind: 'calendar#calendarListEntry',
  accessRole: calendar.accessRole,
  selected: true,
  ...(calendar.primary ? { primary: true } : {}),
})

/** A page of a list: `items`, and how to go on or that it is the end. */
const paged = ({ query }: ApiCall, items: unknown[], most: number, size: number): Answer | object => {
  const count = Number(query.get('maxResults') ?? size)
  const start = Number(query.get('pageToken') ?? 0)
  if (!Number.isInteger(count) || count < 1) return bad('Invalid value for maxResults')
  if (!Number.isInteger(start) || start < 0) return bad('Invalid page token value.')
  const end = start + Math.min(count, most)
  return {
    items: items.slice(start, end),
    ...(end < items.length ? { nextPageToken: String(end) } : { nextSyncToken: 'sync' }),
  }
}

const listCalendars = (call: ApiCall): Answer => {
  const page = paged(call, dataOf(call).calendars.map(entryOf), 250, 100)
  return 'status' in page
    ? (page as Answer)
    : json(200, { kind: 'calendar#calendarList', etag: '"sandbox"', ...page })
}

const listEvents = (call: ApiCall, calendar: Calendar): Answer => {
  const { query, now } = call
  const bounds = ['timeMin', 'timeMax'].map((name) => query.get(name))
  if (bounds.some((bound) => bound !== null && instant(bound) === null))
    return bad('Bad Request', 'badRequest')
  const [from, to] = bounds.map(instant)
  if (typeof from === 'number' && typeof to === 'number' && to <= from)
    return bad('The specified time range is empty.', 'timeRangeEmpty')
  const single = query.get('singleEvents') === 'true'
  const order = query.get('orderBy')
  if (order !== null && order !== 'startTime' && order !== 'updated') return bad('Invalid value for orderBy')
  if (order === 'startTime' && !single)
    return bad('The requested ordering is not available for the particular query.')
  const own = dataOf(call).events.filter(({ calendarId }) => calendarId === calendar.id)
  const words = (query.get('q') ?? '').toLowerCase()
  const at = (event: CalendarEvent, end: 'start' | 'end') => momentOf(event[end], calendar.timeZone)!
  const found = (single ? expanded(own, calendar, to ?? now + 366 * 86_400_000) : own)
    .filter((event) => typeof from !== 'number' || at(event, 'end') > from)
    .filter((event) => typeof to !== 'number' || at(event, 'start') < to)
    .filter(({ summary, description, location, attendees }) =>
      JSON.stringify([summary, description, location, attendees]).toLowerCase().includes(words),
    )
  if (order === 'startTime') found.sort((a, b) => at(a, 'start') - at(b, 'start'))
  const people = Number(query.get('maxAttendees') ?? Number.POSITIVE_INFINITY)
  const page = paged(
    call,
    found.map((event) => presentEvent(event, call, calendar, people)),
    2500,
    250,
  )
  if ('status' in page) return page as Answer
  return json(200, {
    kind: 'calendar#events',
    etag: '"sandbox"',
    summary: calendar.summary,
    timeZone: query.get('timeZone') ?? calendar.timeZone,
    accessRole: calendar.accessRole,
    defaultReminders: [],
    ...page,
  })
}

/** An event of its own, or one occurrence of a recurring one. */
const findEvent = (call: ApiCall, calendar: Calendar): CalendarEvent | undefined => {
  const own = dataOf(call).events.filter(({ calendarId }) => calendarId === calendar.id)
  const id = call.params.eventId
  return (
    own.find((event) => event.id === id) ??
    expanded(own, calendar, call.now + 3660 * 86_400_000).find((event) => event.id === id)
  )
}

const getEvent = (call: ApiCall, calendar: Calendar): Answer => {
  const event = findEvent(call, calendar)
  return event ? json(200, presentEvent(event, call, calendar)) : missing()
}

const updates = ['all', 'externalOnly', 'none']

const insertEvent = (call: ApiCall, calendar: Calendar): Answer => {
  const body = writableOf(call.body)
  const fault = faultOf(body, calendar) ?? faultOfUpdates(call)
  if (fault) return fault
  const event = {
    ...(settled(body, calendar) as Required<Pick<EventBody, 'start' | 'end'>>),
    id: newEventId(call),
    calendarId: calendar.id,
    organizer: calendar.id,
    sequence: 0,
  }
  dataOf(call).events.push(event)
  tell(call, 'created', event)
  return json(200, presentEvent(event, call, calendar))
}

const faultOfUpdates = ({ query }: ApiCall): Answer | null => {
  const wanted = query.get('sendUpdates')
  return wanted === null || updates.includes(wanted) ? null : bad('Invalid value for sendUpdates')
}

/** What was made or changed, and who hears of it by mail. */
const tell = (call: ApiCall, what: 'created' | 'changed', event: CalendarEvent) => {
  const wanted = call.query.get('sendUpdates') ?? 'none'
  const others = (event.attendees ?? [])
    .map(({ email }) => email)
    .filter((email) => email !== event.organizer)
  const mailed =
    wanted === 'all' ? others : wanted === 'externalOnly' ? others.filter((one) => !call.dataOf(one)) : []
  call.send({
    kind: 'event',
    summary: `event ${what}: ${event.summary ?? '(no title)'}`,
    detail: { ...event, mailed },
  })
}

const patchEvent = (call: ApiCall, calendar: Calendar): Answer => {
  const old = findEvent(call, calendar)
  if (!old) return missing()
  const body = writableOf(patched(writableOf(old), writableOf(call.body)))
  const fault = faultOf(body, calendar) ?? faultOfUpdates(call)
  if (fault) return fault
  const { id, calendarId, organizer, recurringEventId, originalStartTime } = old
  const event = {
    ...(settled(body, calendar) as Required<Pick<EventBody, 'start' | 'end'>>),
    id,
    calendarId,
    organizer,
    ...(recurringEventId ? { recurringEventId } : {}),
    ...(originalStartTime ? { originalStartTime } : {}),
    sequence: old.sequence + 1,
  }
  const { events } = dataOf(call)
  const place = events.findIndex((one) => one.id === id && one.calendarId === calendarId)
  // One occurrence that was changed stands beside its series from now on.
  if (place < 0) events.push(event)
  else events[place] = event
  tell(call, 'changed', event)
  return json(200, presentEvent(event, call, calendar))
}

const freeBusy = (call: ApiCall): Answer => {
  const { timeMin, timeMax, timeZone, items } = (call.body ?? {}) as Record<string, unknown>
  const [from, to] = [timeMin, timeMax].map((time) => instant(typeof time === 'string' ? time : null))
  if (typeof from !== 'number' || typeof to !== 'number') return bad('Missing or invalid timeMin or timeMax.')
  if (to <= from) return bad('The specified time range is empty.', 'timeRangeEmpty')
  if (timeZone !== undefined && (typeof timeZone !== 'string' || !isTimeZone(timeZone)))
    return bad('Invalid time zone.')
  const zone = timeZone ?? 'UTC'
  const busyIn = (id: string) => {
    const calendar = findCalendar({ ...call, params: { calendarId: id } })
    if (!calendar) return { errors: [{ domain: 'global', reason: 'notFound' }], busy: [] }
    const own = dataOf(call).events.filter(({ calendarId }) => calendarId === calendar.id)
    const spans = expanded(own, calendar, to)
      .map((event) => [event.start, event.end].map((time) => momentOf(time, calendar.timeZone)!))
      .filter(([start = 0, end = 0]) => end > from && start < to)
      .sort(([a = 0], [b = 0]) => a - b)
    return {
      busy: spans.map(([start = 0, end = 0]) => ({
        start: inZone(Math.max(start, from), zone),
        end: inZone(Math.min(end, to), zone),
      })),
    }
  }
  const ids = Array.isArray(items) ? items.map(({ id }: { id: string }) => String(id)) : []
  if (ids.length > 50) return bad('Too many calendars requested.', 'tooManyCalendarsRequested')
  return json(200, {
    kind: 'calendar#freeBusy',
    timeMin: new Date(from).toISOString(),
    timeMax: new Date(to).toISOString(),
    calendars: Object.fromEntries(ids.map((id) => [id, busyIn(id)])),
  })
}

const ofEvent = '/calendar/v3/calendars/:calendarId/events/:eventId'
const ofEvents = '/calendar/v3/calendars/:calendarId/events'
const api = (
  method: ApiRoute['method'],
  path: string,
  scopes: string[],
  handle: ApiRoute['handle'],
  endpoint: ApiRoute['endpoint'] = 'api',
): ApiRoute => ({ method, path, endpoint, scopes, handle })

/** Google Calendar. Facts from developers.google.com/workspace/calendar/api/v3/reference. */
export const googleCalendar = googleTable({
  name: 'google-calendar',
  display_name: 'Google Calendar',
  client: {
    client_id: '104729000001-sandbox.apps.googleusercontent.com',
    client_secret: `GOCSPX-${SECRET_MARK}-google-calendar-client`,
  },
  scopes: {
    [all]: { sentence: 'See, change, share and permanently delete your calendars' },
    [readonly]: { sentence: 'See your calendars' },
    [scope('calendar.events')]: { sentence: 'See and change events on all your calendars' },
    [scope('calendar.events.readonly')]: { sentence: 'See events on all your calendars' },
    [scope('calendar.calendarlist.readonly')]: { sentence: 'See the list of your calendars' },
    [scope('calendar.calendars.readonly')]: { sentence: 'See the names of your calendars' },
    [scope('calendar.settings.readonly')]: { sentence: 'See your calendar settings' },
    [scope('calendar.freebusy')]: { sentence: 'See when you are free or busy' },
  },
  routes: [
    api(
      'GET',
      '/calendar/v3/users/me/calendarList',
      [all, readonly, scope('calendar.calendarlist.readonly')],
      listCalendars,
    ),
    api(
      'GET',
      '/calendar/v3/users/me/calendarList/:calendarId',
      [all, readonly, scope('calendar.calendarlist.readonly')],
      inCalendar((_call, calendar) => json(200, entryOf(calendar))),
      'account',
    ),
    api(
      'GET',
      '/calendar/v3/calendars/:calendarId',
      [all, readonly, scope('calendar.calendars.readonly')],
      inCalendar((_call, calendar) => json(200, calendarOf(calendar))),
      'account',
    ),
    api('GET', ofEvents, reads, inCalendar(listEvents)),
    api('POST', ofEvents, writes, inCalendar(insertEvent, true)),
    api('GET', ofEvent, reads, inCalendar(getEvent)),
    api('PATCH', ofEvent, writes, inCalendar(patchEvent, true)),
    api('POST', '/calendar/v3/freeBusy', [all, readonly, scope('calendar.freebusy')], freeBusy),
  ],
  seed: seedCalendars,
  api_path: '/calendar/v3',
})
