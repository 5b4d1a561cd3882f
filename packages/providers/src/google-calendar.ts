import { google, googleAlways, googleProvenance } from './google.ts'
import type { Provider } from './provider.ts'
import { googleCalendarReadTools } from './tools/google-calendar-read.ts'
import { googleCalendarWriteTools } from './tools/google-calendar-write.ts'

export const googleCalendar: Provider = {
  ...google,
  name: 'google-calendar',
  display_name: 'Google Calendar',
  category: 'calendar',
  docs_url: 'https://developers.google.com/workspace/calendar/api/guides/overview',
  api: { base_url: 'https://www.googleapis.com/calendar/v3' },
  scopes: {
    read: [
      {
        scope: 'https://www.googleapis.com/auth/calendar.readonly',
        sentence: 'See your calendars and the events in them.',
      },
    ],
    write: [
      {
        scope: 'https://www.googleapis.com/auth/calendar.readonly',
        sentence: 'See your calendars and the events in them.',
      },
      {
        scope: 'https://www.googleapis.com/auth/calendar.events',
        sentence: 'Add, change and delete events in your calendars.',
      },
    ],
    always: googleAlways,
  },
  tools: [...googleCalendarReadTools, ...googleCalendarWriteTools],
  notes:
    'Both are sensitive scopes: an app for the public passes a verification at Google first. The Calendar API must be enabled in the Google Cloud project. ' +
    'While the consent screen is in testing, refresh tokens end after 7 days.',
  provenance: [...googleProvenance, 'https://developers.google.com/workspace/calendar/api/auth'],
}
