import { expect, test } from 'vitest'
import { instant, inZone, momentOf, occurrences, shiftDays } from './google-calendar-times.ts'

const zone = 'Europe/Berlin'

test('times need an offset, or a zone that gives one', () => {
  expect(instant('2031-03-04T09:00:00')).toBeNull()
  expect(instant('2031-03-04')).toBeNull()
  expect(instant('2031-03-04T09:00:00+01:00')).toBe(Date.UTC(2031, 2, 4, 8))
  expect(momentOf({ dateTime: '2031-07-04T09:00:00', timeZone: zone }, 'UTC')).toBe(Date.UTC(2031, 6, 4, 7))
  expect(momentOf({ date: '2031-03-04' }, zone)).toBe(Date.UTC(2031, 2, 3, 23))
  expect(momentOf({ dateTime: '2031-07-04T09:00:00', timeZone: 'Nowhere/At' }, 'UTC')).toBeNull()
  expect(momentOf({}, zone)).toBeNull()
})

test.each([
  [zone, '2031-03-04T09:00:00+01:00'],
  ['America/St_Johns', '2031-03-04T04:30:00-03:30'],
  ['Asia/Kolkata', '2031-03-04T13:30:00+05:30'],
  ['UTC', '2031-03-04T08:00:00Z'],
])('the offset of %s', (name, text) => {
  expect(inZone(Date.UTC(2031, 2, 4, 8), name)).toBe(text)
})

test('a day later is the same hour on the wall, also where the clocks change', () => {
  const start = { dateTime: '2031-03-29T09:00:00+01:00', timeZone: zone }
  expect(shiftDays(start, 1, zone)).toEqual({ dateTime: '2031-03-30T09:00:00+02:00', timeZone: zone })
  expect(shiftDays({ date: '2031-12-31' }, 1, zone)).toEqual({ date: '2032-01-01' })
})

test.each([
  ['FREQ=DAILY;COUNT=3', [0, 1, 2]],
  ['FREQ=DAILY;INTERVAL=2;UNTIL=20310310T000000Z', [0, 2, 4, 6]],
  ['FREQ=WEEKLY;COUNT=3', [0, 7, 14]],
  // From a Tuesday on.
  ['FREQ=WEEKLY;BYDAY=MO,TU;COUNT=4', [0, 6, 7, 13]],
  ['FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU;COUNT=4', [0, 13, 14, 27]],
  ['FREQ=YEARLY', [0]],
])('%s', (rule, days) => {
  const until = Date.UTC(2031, 5, 1)
  expect(occurrences(`RRULE:${rule}`, { date: '2031-03-04' }, 'UTC', until)).toEqual(days)
})
