import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { connectTools } from '../support/connected-tools.ts'

let calendar: Awaited<ReturnType<typeof connectTools>>
beforeAll(async () => {
  calendar = await connectTools('google-calendar')
})
afterAll(() => calendar?.close())
beforeEach(async () => {
  calendar.sandbox.control.reset()
  await calendar.connect()
})

type Args = Parameters<typeof calendar.value>[1]
const outbox = () => calendar.sandbox.control.outbox() as { kind: string; detail: Record<string, unknown> }[]
const create = (args: Args) => calendar.value('create_event', args)
const update = (args: Args) => calendar.value('update_event', args)
/** The events of one week in 2031, where nothing is unless a test puts it there. */
const week = async (args: Args = {}) =>
  (
    await calendar.value('list_events', {
      from: '2031-03-03T00:00:00Z',
      to: '2031-03-10T00:00:00Z',
      ...args,
    })
  ).events
const timed = {
  title: 'Talk',
  start: '2031-03-04T09:00:00+01:00',
  end: '2031-03-04T10:00:00+01:00',
} as const
const tricky = 'Grüße 👋 „aus“ Köln — "quoted" \\ <b>&amp;</b>\n-- next'

describe('reading', () => {
  test('calendars', async () => {
    expect(await calendar.value('list_calendars')).toEqual({
      calendars: [
        {
          calendar_id: 'ada@example.com',
          name: 'ada@example.com',
          time_zone: 'Europe/London',
          access_role: 'owner',
          primary: true,
        },
        {
          calendar_id: 'en.uk#holiday@group.v.calendar.google.com',
          name: 'Holidays in the United Kingdom',
          description: 'Holidays and Observances',
          time_zone: 'Europe/London',
          access_role: 'reader',
          primary: false,
        },
      ],
    })
    const first = await calendar.value('list_calendars', { limit: 1 })
    const rest = await calendar.value('list_calendars', { limit: 1, page_token: first.next_page_token })
    expect([first.calendars.length, rest.calendars.length, rest.next_page_token]).toEqual([1, 1, undefined])
  })

  test('an event with its people; none is an empty list', async () => {
    const { events } = await calendar.value('list_events', { from: '2020-01-01T00:00:00Z' })
    expect(events).toEqual([
      {
        event_id: 'sandboxevent1',
        title: 'Weekly planning',
        status: 'confirmed',
        start: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/),
        end: expect.any(String),
        all_day: false,
        time_zone: 'Europe/London',
        location: 'Room 4',
        description: 'What the next week brings.',
        organizer: 'ada@example.com',
        attendees: [
          { email: 'ada@example.com', name: 'Ada Lovelace', response: 'accepted' },
          { email: 'grace@example.com', name: 'Grace Hopper', response: 'needsAction' },
          { email: 'linus@example.com', name: 'Linus Pauling', response: 'needsAction' },
        ],
        web_link: expect.stringContaining('https://www.google.com/calendar/event?eid='),
      },
    ])
    expect(await week()).toEqual([])
    const words = { from: '2020-01-01T00:00:00Z', query: 'no such words' }
    expect((await calendar.value('list_events', words)).events).toEqual([])
  })

  test('an all-day event of another calendar, whose id has signs of its own', async () => {
    const calendar_id = 'en.uk#holiday@group.v.calendar.google.com'
    const { events } = await calendar.value('list_events', { calendar_id, from: '2020-01-01T00:00:00Z' })
    expect(events).toMatchObject([
      {
        title: 'Bank holiday',
        all_day: true,
        start: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
        attendees: [],
      },
    ])
  })

  test('in pages, in order, in a time zone', async () => {
    for (const day of ['06', '04', '05'])
      await create({
        title: `Day ${day}`,
        start: `2031-03-${day}T09:00:00Z`,
        end: `2031-03-${day}T09:30:00Z`,
      })
    const ask = { from: '2031-03-01T00:00:00Z', limit: 2, time_zone: 'Asia/Kolkata' }
    const first = await calendar.value('list_events', ask)
    const rest = await calendar.value('list_events', { ...ask, page_token: first.next_page_token })
    expect(
      [...first.events, ...rest.events].map(({ title, start }: Record<string, string>) => [title, start]),
    ).toEqual([
      ['Day 04', '2031-03-04T14:30:00+05:30'],
      ['Day 05', '2031-03-05T14:30:00+05:30'],
      ['Day 06', '2031-03-06T14:30:00+05:30'],
    ])
    expect(rest.next_page_token).toBeUndefined()
  })

  test('who is busy; a calendar that is not shared says so', async () => {
    await create(timed)
    const span = { from: '2031-03-04T00:00:00Z', to: '2031-03-05T00:00:00Z' }
    expect(await calendar.value('free_busy', span)).toEqual({
      from: '2031-03-04T00:00:00.000Z',
      to: '2031-03-05T00:00:00.000Z',
      calendars: [
        {
          calendar_id: 'primary',
          busy: [{ start: '2031-03-04T08:00:00Z', end: '2031-03-04T09:00:00Z' }],
        },
      ],
    })
    const calendar_ids = ['ada@example.com', 'nobody@example.com']
    expect(
      (await calendar.value('free_busy', { ...span, calendar_ids, time_zone: 'Europe/Berlin' })).calendars,
    ).toEqual([
      {
        calendar_id: 'ada@example.com',
        busy: [{ start: '2031-03-04T09:00:00+01:00', end: '2031-03-04T10:00:00+01:00' }],
      },
      { calendar_id: 'nobody@example.com', busy: [], error: 'notFound' },
    ])
    expect((await calendar.value('free_busy', { ...span, calendar_ids: [] })).calendars).toMatchObject([
      { calendar_id: 'primary' },
    ])
  })

  test('needs no more than the scope for reading', async () => {
    await calendar.connect({ access: 'read' })
    expect((await calendar.value('list_calendars')).calendars).toHaveLength(2)
    expect((await calendar.value('get_event', { event_id: 'sandboxevent1' })).title).toBe('Weekly planning')
    expect((await calendar.value('list_events', { from: '2020-01-01T00:00:00Z' })).events).toHaveLength(1)
    const span = { from: '2031-03-04T00:00:00Z', to: '2031-03-05T00:00:00Z' }
    expect((await calendar.value('free_busy', span)).calendars[0].busy).toEqual([])
    expect(await calendar.refusal('create_event', timed)).toMatch(
      /\(403\).*connect it again with more access/,
    )
  })
})

describe('create_event', () => {
  test('timed, in any script, with people who are told only if asked', async () => {
    const made = await create({
      ...timed,
      title: tricky,
      description: tricky,
      location: 'Café Ö',
      attendees: ['grace@example.com', 'someone@elsewhere.example'],
    })
    expect(made).toMatchObject({
      title: tricky,
      description: tricky,
      location: 'Café Ö',
      start: '2031-03-04T08:00:00Z',
      all_day: false,
      attendees: [
        { email: 'grace@example.com', response: 'needsAction' },
        { email: 'someone@elsewhere.example', response: 'needsAction' },
      ],
    })
    expect(await week()).toMatchObject([{ event_id: made.event_id, title: tricky }])
    expect(outbox()).toMatchObject([{ kind: 'event', detail: { summary: tricky, mailed: [] } }])
    await create({ ...timed, attendees: ['grace@example.com'], send_updates: 'all' })
    expect(outbox()[1]!.detail.mailed).toEqual(['grace@example.com'])
  })

  test('nobody invited', async () => {
    expect((await create({ ...timed, attendees: [] })).attendees).toEqual([])
    expect((await create(timed)).attendees).toEqual([])
  })

  test('all-day, over several days', async () => {
    expect(await create({ title: 'Fair', start: '2031-03-04', end: '2031-03-07' })).toMatchObject({
      start: '2031-03-04',
      end: '2031-03-07',
      all_day: true,
    })
  })

  test('a time without offset is one of its time zone', async () => {
    const local = { title: 'Call', start: '2031-07-04T09:00:00', end: '2031-07-04T09:30:00' }
    expect(await create({ ...local, time_zone: 'America/New_York' })).toMatchObject({
      start: '2031-07-04T09:00:00-04:00',
      time_zone: 'America/New_York',
    })
    expect(await calendar.refusal('create_event', local)).toMatch(/Missing time zone definition/)
  })

  test('recurring: its occurrences by the clock on the wall', async () => {
    const made = await create({
      title: 'Standup',
      start: '2031-03-27T09:00:00',
      end: '2031-03-27T09:15:00',
      time_zone: 'Europe/Berlin',
      recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=TH,MO;COUNT=3'],
    })
    expect(made.recurrence).toEqual(['RRULE:FREQ=WEEKLY;BYDAY=TH,MO;COUNT=3'])
    const { events } = await calendar.value('list_events', {
      from: '2031-03-20T00:00:00Z',
      to: '2031-04-20T00:00:00Z',
      time_zone: 'Europe/Berlin',
    })
    expect(
      events.map(({ start, recurring_event_id }: Record<string, string>) => [start, recurring_event_id]),
    ).toEqual([
      ['2031-03-27T09:00:00+01:00', made.event_id],
      ['2031-03-31T09:00:00+02:00', made.event_id],
      ['2031-04-03T09:00:00+02:00', made.event_id],
    ])
    const moved = { event_id: events[1].event_id, title: 'Standup, later', time_zone: 'Europe/Berlin' }
    await update({ ...moved, start: '2031-03-31T11:00:00', end: '2031-03-31T11:15:00' })
    const after = await calendar.value('list_events', {
      from: '2031-03-20T00:00:00Z',
      to: '2031-04-20T00:00:00Z',
    })
    expect(after.events.map(({ title }: { title: string }) => title)).toEqual([
      'Standup',
      'Standup, later',
      'Standup',
    ])
    expect((await calendar.value('get_event', { event_id: made.event_id })).title).toBe('Standup')
  })

  test.each([
    ['an end before its start', { ...timed, end: '2031-03-04T08:00:00+01:00' }, /time range is empty/],
    ['a date and a time', { ...timed, end: '2031-03-05' }, /both be date or both be dateTime/],
    ['no such calendar', { ...timed, calendar_id: 'x/../y' }, /\(404\): Not Found\. Check the id/],
    [
      'a calendar of others',
      { ...timed, calendar_id: 'en.uk#holiday@group.v.calendar.google.com' },
      /writer access/,
    ],
  ])('%s is refused', async (_, args, message) => {
    expect(await calendar.refusal('create_event', args)).toMatch(message)
    expect(outbox()).toEqual([])
  })
})

describe('update_event', () => {
  test('changes what is given and leaves the rest', async () => {
    const { event_id } = await create({ ...timed, location: 'Room 1', attendees: ['grace@example.com'] })
    expect(await update({ event_id, title: tricky })).toMatchObject({
      event_id,
      title: tricky,
      location: 'Room 1',
      start: '2031-03-04T08:00:00Z',
      attendees: [{ email: 'grace@example.com', response: 'needsAction' }],
    })
    expect(calendar.asked.map(({ method }) => method)).toEqual(['PATCH'])
    expect((await update({ event_id, location: '' })).location).toBe('')
  })

  test('invites more and fewer, and keeps the answers of those who stay', async () => {
    const change = (more: object) => update({ event_id: 'sandboxevent1', ...more })
    const emails = ({ attendees }: { attendees: { email: string }[] }) => attendees.map(({ email }) => email)
    const more = await change({
      add_attendees: ['new@example.com', 'Grace@example.com'],
      remove_attendees: ['LINUS@example.com'],
      send_updates: 'externalOnly',
    })
    expect(more.attendees).toEqual([
      { email: 'ada@example.com', name: 'Ada Lovelace', response: 'accepted' },
      { email: 'grace@example.com', name: 'Grace Hopper', response: 'needsAction' },
      { email: 'new@example.com', response: 'needsAction' },
    ])
    expect(outbox()[0]!.detail.mailed).toEqual(['new@example.com'])
    expect(emails(await change({ add_attendees: [], title: 'x' }))).toHaveLength(3)
    const gone = ['ada@example.com', 'grace@example.com', 'new@example.com']
    expect(emails(await change({ remove_attendees: gone }))).toEqual([])
    expect(emails(await change({ add_attendees: ['grace@example.com'] }))).toEqual(['grace@example.com'])
  })

  test('moves it, and makes it all-day and timed again', async () => {
    const { event_id } = await create({ ...timed, attendees: ['grace@example.com'] })
    const moved = { start: '2031-03-05T09:00:00Z', end: '2031-03-05T10:00:00Z' }
    expect(await update({ event_id, ...moved })).toMatchObject({ ...moved, all_day: false })
    expect(await update({ event_id, start: '2031-03-06', end: '2031-03-07', title: 'Fair' })).toMatchObject({
      title: 'Fair',
      all_day: true,
      start: '2031-03-06',
      attendees: [{ email: 'grace@example.com' }],
    })
    expect(await update({ event_id, ...moved })).toMatchObject({ ...moved, title: 'Fair', all_day: false })
    await update({ event_id, start: '2031-03-06', end: '2031-03-07' })
    const local = { start: '2031-03-06T09:00:00', end: '2031-03-06T10:00:00', time_zone: 'Asia/Tokyo' }
    expect(await update({ event_id, ...local })).toMatchObject({
      all_day: false,
      start: '2031-03-06T09:00:00+09:00',
      time_zone: 'Asia/Tokyo',
    })
  })

  test('an event that is not there', async () => {
    expect(await calendar.refusal('update_event', { event_id: 'none', title: 'x' })).toMatch(
      /\(404\).*search or list first/,
    )
  })
})

test('too many calls say when to go on', async () => {
  calendar.sandbox.control.fault({
    provider: 'google-calendar',
    endpoint: 'api',
    fault: 'status',
    status: 429,
    retry_after: 5,
  })
  expect(await calendar.refusal('list_calendars')).toMatch(/wait 5 seconds/)
})
