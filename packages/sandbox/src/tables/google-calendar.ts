import { type Answer, json } from '../answer.ts'
import type { ApiCall } from '../provider-table.ts'
import { randomHex } from '../random.ts'
import { SECRET_MARK } from '../secret-mark.ts'
import { googleError, googleTable, googleScope as scope } from './google.ts'

type Event = { id: string; summary: string; start: string; end: string }

const all = scope('calendar')
const readonly = scope('calendar.readonly')
const reads = [all, readonly, scope('calendar.events'), scope('calendar.events.readonly')]
const writes = [all, scope('calendar.events')]
const eventsOf = (call: ApiCall) => call.data as Event[]

/** `primary`, or the account's own address; other calendars are not there. */
const inCalendar =
  (handle: (call: ApiCall) => Answer) =>
  (call: ApiCall): Answer =>
    call.params.calendarId === 'primary' || call.params.calendarId === call.account.email
      ? handle(call)
      : googleError(404, 'NOT_FOUND', 'Not Found', 'notFound')

const calendarOf = ({ account }: ApiCall) => ({
  kind: 'calendar#calendar',
  etag: '"sandbox"',
  id: account.email,
  summary: account.email,
  timeZone: 'Europe/London',
})

const entryOf = (call: ApiCall) => ({
  ...calendarOf(call),
  kind: 'calendar#calendarListEntry',
  accessRole: 'owner',
  selected: true,
  primary: true,
})

const present =
  ({ account }: ApiCall) =>
  ({ id, summary, start, end }: Event) => ({
    kind: 'calendar#event',
    etag: '"sandbox"',
    id,
    status: 'confirmed',
    summary,
    creator: { email: account.email, self: true },
    organizer: { email: account.email, self: true },
    start: { dateTime: start, timeZone: 'Europe/London' },
    end: { dateTime: end, timeZone: 'Europe/London' },
    eventType: 'default',
  })

const listEvents = (call: ApiCall): Answer =>
  json(200, {
    kind: 'calendar#events',
    etag: '"sandbox"',
    summary: call.account.email,
    timeZone: 'Europe/London',
    accessRole: 'owner',
    defaultReminders: [],
    items: eventsOf(call).map(present(call)),
  })

const getEvent = (call: ApiCall): Answer => {
  const event = eventsOf(call).find(({ id }) => id === call.params.eventId)
  return event ? json(200, present(call)(event)) : googleError(404, 'NOT_FOUND', 'Not Found', 'notFound')
}

const insertEvent = (call: ApiCall): Answer => {
  const {
    summary = '',
    start,
    end,
  } = (call.body ?? {}) as Partial<Record<'start' | 'end', { dateTime?: string }>> & { summary?: string }
  if (!start?.dateTime || !end?.dateTime)
    return googleError(
      400,
      'INVALID_ARGUMENT',
      `Missing ${start?.dateTime ? 'end' : 'start'} time.`,
      'required',
    )
  const event = { id: randomHex(call.random, 13), summary, start: start.dateTime, end: end.dateTime }
  eventsOf(call).push(event)
  call.send({ kind: 'event', summary: `event created: ${summary}`, detail: event })
  return json(200, present(call)(event))
}

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
    {
      method: 'GET',
      path: '/calendar/v3/users/me/calendarList',
      endpoint: 'api',
      scopes: [all, readonly, scope('calendar.calendarlist.readonly')],
      handle: (call) =>
        json(200, {
          kind: 'calendar#calendarList',
          etag: '"sandbox"',
          nextSyncToken: 'sync',
          items: [entryOf(call)],
        }),
    },
    {
      method: 'GET',
      path: '/calendar/v3/users/me/calendarList/:calendarId',
      endpoint: 'account',
      scopes: [all, readonly, scope('calendar.calendarlist.readonly')],
      handle: inCalendar((call) => json(200, entryOf(call))),
    },
    {
      method: 'GET',
      path: '/calendar/v3/calendars/:calendarId',
      endpoint: 'account',
      scopes: [all, readonly, scope('calendar.calendars.readonly')],
      handle: inCalendar((call) => json(200, calendarOf(call))),
    },
    {
      method: 'GET',
      path: '/calendar/v3/calendars/:calendarId/events',
      endpoint: 'api',
      scopes: reads,
      handle: inCalendar(listEvents),
    },
    {
      method: 'POST',
      path: '/calendar/v3/calendars/:calendarId/events',
      endpoint: 'api',
      scopes: writes,
      handle: inCalendar(insertEvent),
    },
    {
      method: 'GET',
      path: '/calendar/v3/calendars/:calendarId/events/:eventId',
      endpoint: 'api',
      scopes: reads,
      handle: inCalendar(getEvent),
    },
  ],
  seed: (account, now): Event[] => [
    {
      id: `sandboxevent${account.number}`,
      summary: 'Weekly planning',
      start: new Date(now + 86_400_000).toISOString(),
      end: new Date(now + 90_000_000).toISOString(),
    },
  ],
  api_path: '/calendar/v3',
})
