import type { Tool, ToolArgument } from '../tool.ts'
import { calendarId, event, eventId } from './google-calendar-read.ts'

const time = (description: string): ToolArgument => ({
  type: 'string',
  description:
    `${description} A time with offset, as 2026-03-01T09:00:00+01:00; or one without, as 2026-03-01T09:00:00, together with time_zone; ` +
    'or a date, as 2026-03-01, for an all-day event.',
  pattern: '^\\d{4}-\\d\\d-\\d\\d(T\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)?)?$',
  maxLength: 40,
})

const people = (description: string): ToolArgument => ({
  type: 'array',
  description,
  items: { type: 'string', pattern: '^[^\\s@<>,;]+@[^\\s@<>,;]+$', maxLength: 320 },
  maxItems: 100,
})

const facts: Record<string, ToolArgument> = {
  start: time('When it begins.'),
  end: time('When it ends; of an all-day event the day after its last.'),
  time_zone: {
    type: 'string',
    description:
      'IANA name, as Europe/Zurich: for times without offset, and needed for recurring events that are not all-day.',
    pattern: '^[A-Za-z0-9_+/-]+$',
    maxLength: 60,
  },
  location: { type: 'string', description: 'Where it is.', maxLength: 1000 },
  description: { type: 'string', description: 'What it is about; simple HTML is shown.', maxLength: 8000 },
  recurrence: {
    type: 'array',
    description: 'How it recurs (RFC 5545), as RRULE:FREQ=WEEKLY;BYDAY=MO,WE;COUNT=10. No DTSTART or DTEND.',
    items: { type: 'string', pattern: '^(RRULE|EXRULE|RDATE|EXDATE)[:;]\\S+$', maxLength: 1000 },
    maxItems: 10,
  },
}

const title: ToolArgument = { type: 'string', description: 'What it is called.', maxLength: 1000 }

const sendUpdates: ToolArgument = {
  type: 'string',
  description:
    'Who is told by mail: all attendees, only those who do not use Google Calendar (externalOnly), or none.',
  enum: ['all', 'externalOnly', 'none'],
  default: 'none',
}

/** `2026-03-01` is a date, anything longer a time. */
const timeOf = (name: string) =>
  `${name} && (length(${name}) == \`10\` ? {date: ${name}} : {dateTime: ${name}, timeZone: time_zone})`

const createEvent: Tool = {
  name: 'create_event',
  title: 'Create an event',
  description:
    'Puts an event into a calendar: timed or all-day, once or recurring, with attendees. Set send_updates to all to invite them by mail.',
  access: 'write',
  input: {
    type: 'object',
    properties: {
      calendar_id: calendarId,
      title,
      ...facts,
      attendees: people('Addresses of those who are invited, as ada@example.com.'),
      send_updates: sendUpdates,
    },
    required: ['title', 'start', 'end'],
    additionalProperties: false,
  },
  steps: [
    {
      as: 'made',
      method: 'POST',
      path: '/calendars/{calendar_id}/events',
      query: { sendUpdates: 'send_updates' },
      body: `{summary: title, start: ${timeOf('start')}, end: ${timeOf('end')}, location: location, description: description,
        recurrence: recurrence, attendees: attendees && attendees[].{email: @}}`,
    },
  ],
  output: `made.{${event}}`,
}

/** Google joins what comes with what was: the form that the event had before, date or time, is taken away. */
const movedTo = (name: string) =>
  `${name} && (length(${name}) == \`10\` ? keep_nulls({date: ${name}, dateTime: \`null\`, timeZone: \`null\`})
    : time_zone ? keep_nulls({dateTime: ${name}, date: \`null\`, timeZone: time_zone}) : keep_nulls({dateTime: ${name}, date: \`null\`}))`

/** Those who stay, as they are, and then the new ones: a list that is sent takes the place of the one that was. */
const withPeople = `let $gone = map(&lower(@), remove_attendees || \`[]\`), $there = before.attendees || \`[]\` in
  let $known = $there[].lower(email), $stay = $there[?!contains($gone, lower(email))] in
  let $people = [$stay, (add_attendees || \`[]\`)[?!contains($known, lower(@))].{email: @}][] in`

const updateEvent: Tool = {
  name: 'update_event',
  title: 'Change an event',
  description:
    'Changes what is given of an event and leaves the rest. Move it with start and end together. Set send_updates to all to tell the attendees by mail.',
  access: 'write',
  destructive: true,
  idempotent: true,
  input: {
    type: 'object',
    properties: {
      calendar_id: calendarId,
      event_id: eventId,
      title,
      ...facts,
      add_attendees: people('Addresses of those who are invited in addition.'),
      remove_attendees: people('Addresses of those who are no longer invited.'),
      send_updates: sendUpdates,
    },
    required: ['event_id'],
    additionalProperties: false,
  },
  steps: [
    {
      as: 'before',
      when: 'add_attendees || remove_attendees',
      method: 'GET',
      path: '/calendars/{calendar_id}/events/{event_id}',
    },
    {
      as: 'changed',
      method: 'PATCH',
      path: '/calendars/{calendar_id}/events/{event_id}',
      query: { sendUpdates: 'send_updates' },
      body: `${withPeople} {summary: title, start: ${movedTo('start')}, end: ${movedTo('end')}, location: location,
        description: description, recurrence: recurrence, attendees: (add_attendees || remove_attendees) && $people}`,
    },
  ],
  output: `changed.{${event}}`,
}

export const googleCalendarWriteTools: Tool[] = [createEvent, updateEvent]
