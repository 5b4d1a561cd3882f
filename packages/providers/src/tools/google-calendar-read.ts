import type { Tool, ToolArgument } from '../tool.ts'

/** RFC 3339 with an offset; Google takes it no shorter. */
const instant = (description: string): ToolArgument => ({
  type: 'string',
  description: `${description} ISO 8601 with offset, as 2026-03-01T09:00:00+01:00 or 2026-03-01T08:00:00Z.`,
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)$',
  maxLength: 40,
})

export const calendarId: ToolArgument = {
  type: 'string',
  description: 'A calendar_id that list_calendars gives; primary is the own calendar of the account.',
  minLength: 1,
  maxLength: 300,
  default: 'primary',
}

export const eventId: ToolArgument = {
  type: 'string',
  description:
    'An event_id that list_events gives. That of one occurrence is for this one, its recurring_event_id for the whole series.',
  minLength: 1,
  maxLength: 1100,
}

const timeZone: ToolArgument = {
  type: 'string',
  description: 'IANA name of the time zone for the times in the answer, as Europe/Zurich.',
  pattern: '^[A-Za-z0-9_+/-]+$',
  maxLength: 60,
}

/** What is told of an event. */
export const event = `
  event_id: id, title: summary, status: status,
  start: start.dateTime || start.date, end: end.dateTime || end.date,
  all_day: start.date != \`null\`, time_zone: start.timeZone,
  location: location, description: cut(description, \`4000\`),
  organizer: organizer.email, attendees: (attendees || \`[]\`)[].{email: email, name: displayName, response: responseStatus, optional: optional},
  attendees_omitted: attendeesOmitted, recurrence: recurrence, recurring_event_id: recurringEventId,
  meeting_link: hangoutLink, web_link: htmlLink`

const listCalendars: Tool = {
  name: 'list_calendars',
  title: 'List calendars',
  description:
    'The calendars of the account: own, shared and subscribed ones, with their time zones and what the account may do there.',
  access: 'read',
  input: {
    type: 'object',
    properties: {
      limit: {
        type: 'integer',
        description: 'How many calendars at most, 1 to 100.',
        minimum: 1,
        maximum: 100,
        default: 50,
      },
      page_token: {
        type: 'string',
        description: 'The next_page_token of the answer before, to go on there.',
        maxLength: 1000,
      },
    },
    additionalProperties: false,
  },
  steps: [
    {
      method: 'GET',
      path: '/users/me/calendarList',
      query: { maxResults: 'limit', pageToken: 'page_token' },
    },
  ],
  output: `{calendars: (answer.items || \`[]\`)[].{calendar_id: id, name: summaryOverride || summary, description: description,
    time_zone: timeZone, access_role: accessRole, primary: primary || \`false\`}, next_page_token: answer.nextPageToken}`,
}

const listEvents: Tool = {
  name: 'list_events',
  title: 'List events',
  description:
    'The events of a calendar in a span of time, by their start; recurring ones as single occurrences. Times come with their offset, all-day events as dates whose end is the day after the last.',
  access: 'read',
  input: {
    type: 'object',
    properties: {
      calendar_id: calendarId,
      from: instant('Events that end after this time.'),
      to: instant('Events that start before this time. Left out: without an end.'),
      query: {
        type: 'string',
        description: 'Words to look for in title, description, location and people.',
        maxLength: 500,
      },
      time_zone: timeZone,
      limit: {
        type: 'integer',
        description: 'How many events at most, 1 to 100.',
        minimum: 1,
        maximum: 100,
        default: 25,
      },
      page_token: {
        type: 'string',
        description:
          'The next_page_token of the answer before, with the same other arguments, to go on there.',
        maxLength: 1000,
      },
    },
    required: ['from'],
    additionalProperties: false,
  },
  steps: [
    {
      method: 'GET',
      path: '/calendars/{calendar_id}/events',
      query: {
        timeMin: 'from',
        timeMax: 'to',
        q: 'query',
        timeZone: 'time_zone',
        singleEvents: '`true`',
        orderBy: "'startTime'",
        // Beyond these only the account's own answer is told, and that others were left out.
        maxAttendees: '`50`',
        maxResults: 'limit',
        pageToken: 'page_token',
      },
    },
  ],
  output: `{calendar: answer.summary, time_zone: answer.timeZone, events: (answer.items || \`[]\`)[].{${event}},
    next_page_token: answer.nextPageToken}`,
}

const getEvent: Tool = {
  name: 'get_event',
  title: 'Get an event',
  description:
    'One event with its people and their answers; of a recurring_event_id the rule by which it recurs.',
  access: 'read',
  input: {
    type: 'object',
    properties: { calendar_id: calendarId, event_id: eventId, time_zone: timeZone },
    required: ['event_id'],
    additionalProperties: false,
  },
  steps: [
    {
      method: 'GET',
      path: '/calendars/{calendar_id}/events/{event_id}',
      query: { timeZone: 'time_zone' },
    },
  ],
  output: `answer.{${event}}`,
}

const freeBusy: Tool = {
  name: 'free_busy',
  title: 'See when people are busy',
  description:
    'The busy times of calendars in a span of time, to find when all are free. Takes calendar ids and, where their calendars are shared with the account, addresses of people.',
  access: 'read',
  input: {
    type: 'object',
    properties: {
      calendar_ids: {
        type: 'array',
        description:
          'Calendars or addresses of people, at most 50. Left out: the own calendar of the account.',
        items: { type: 'string', minLength: 1, maxLength: 300 },
        maxItems: 50,
      },
      from: instant('Start of the span.'),
      to: instant('End of the span, at most about two months later.'),
      time_zone: timeZone,
    },
    required: ['from', 'to'],
    additionalProperties: false,
  },
  steps: [
    {
      method: 'POST',
      path: '/freeBusy',
      body: `{timeMin: from, timeMax: to, timeZone: time_zone, items: (calendar_ids || \`["primary"]\`)[].{id: @}}`,
    },
  ],
  output: `{from: answer.timeMin, to: answer.timeMax, calendars: items(answer.calendars || \`{}\`)[*].{calendar_id: [0], busy: [1].busy || \`[]\`,
    error: [1].errors[0].reason}}`,
}

export const googleCalendarReadTools: Tool[] = [listCalendars, listEvents, getEvent, freeBusy]
