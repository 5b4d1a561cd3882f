import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { connectTools } from '../support/connected-tools.ts'

let slack: Awaited<ReturnType<typeof connectTools>>
beforeAll(async () => {
  slack = await connectTools('slack')
})
afterAll(() => slack?.close())
beforeEach(async () => {
  slack.sandbox.control.reset()
  await slack.connect()
})

const general = { channel_id: 'C0GENERAL' }
const words = (answer: { messages: { text: string }[] }) => answer.messages.map(({ text }) => text)

test('lists channels, in pages, all or the person’s own', async () => {
  const all = await slack.value('list_channels')
  expect(all).toEqual({
    channels: [
      {
        channel_id: 'C0GENERAL',
        name: 'general',
        topic: 'Work & announcements',
        purpose: 'For everybody',
        members: 3,
        is_member: true,
      },
      {
        channel_id: 'C0ENGINE',
        name: 'engine',
        topic: 'Gears, cards and mills',
        members: 3,
        is_member: true,
      },
      { channel_id: 'C0RANDOM', name: 'random', members: 2, is_member: false },
    ],
  })
  const mine = await slack.value('list_channels', { only_mine: true, include_archived: true })
  expect(
    mine.channels.map(({ name, is_member, archived }: Record<string, unknown>) => [
      name,
      is_member,
      archived,
    ]),
  ).toEqual([
    ['general', true, undefined],
    ['engine', true, undefined],
    ['old-plans', true, true],
  ])
  expect(slack.asked.map(({ path }) => path)).toEqual(['/users.conversations'])
  const first = await slack.value('list_channels', { limit: 2 })
  const rest = await slack.value('list_channels', { limit: 2, cursor: first.next_cursor })
  expect([first.channels.length, rest.channels.map(({ name }: { name: string }) => name)]).toEqual([
    2,
    ['random'],
  ])
  expect(rest).not.toHaveProperty('next_cursor')
})

test('reads a channel with names of authors, a stranger by id alone', async () => {
  const { messages } = await slack.value('read_channel', general)
  expect(messages).toEqual([
    {
      message_ts: expect.stringMatching(/^\d+\.\d{6}$/),
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      user_id: 'U0STRANGER',
      text: 'Hello from the other workspace.',
    },
    expect.objectContaining({ author: 'Grace Hopper', reply_count: 2 }),
    expect.objectContaining({ author: 'Ada Lovelace', text: 'Good morning, everybody.' }),
  ])
})

test('reads a channel in pages and between times', async () => {
  const first = await slack.value('read_channel', { ...general, limit: 2 })
  const rest = await slack.value('read_channel', { ...general, limit: 2, cursor: first.next_cursor })
  expect([first.messages.length, words(rest)]).toEqual([2, ['Good morning, everybody.']])
  expect(rest).not.toHaveProperty('next_cursor')
  const [newest, middle] = first.messages
  const between = { ...general, since: middle.time, until: newest.time }
  expect(words(await slack.value('read_channel', between))).toEqual([middle.text])
  const none = await slack.value('read_channel', { ...general, until: '2001-01-01T00:00:00+01:00' })
  expect(none).toEqual({ messages: [] })
  expect(slack.asked.map(({ path }) => path)).toEqual(['/conversations.history'])
})

test('reads a thread, oldest first', async () => {
  const { messages } = await slack.value('read_channel', general)
  const { message_ts } = messages[1]
  const thread = await slack.value('read_thread', { ...general, thread_ts: message_ts })
  expect(words(thread)).toEqual([
    'The demonstration is on Thursday. Who brings the cards?',
    'I do.',
    'Thanks, <@U0SANDBOX1> :tada:',
  ])
  expect(thread.messages[2]).toMatchObject({ author: 'Linus Pauling', thread_ts: message_ts })
  const alone = await slack.value('read_thread', { ...general, thread_ts: messages[2].message_ts })
  expect(words(alone)).toEqual(['Good morning, everybody.'])
  expect(await slack.refusal('read_thread', { ...general, thread_ts: '1.000001' })).toBe(
    'Slack refused this (404): There is no such message to reply to (thread_not_found). Check the id: search or list first to get one that exists.',
  )
})

test('searches messages, in pages, and finds one and none', async () => {
  const found = await slack.value('search_messages', { query: 'in:#general from:@ada', limit: 1 })
  expect(found).toEqual({
    messages: [
      {
        channel_id: 'C0GENERAL',
        channel: 'general',
        message_ts: expect.any(String),
        time: expect.any(String),
        user_id: 'U0SANDBOX1',
        author: 'ada',
        text: 'I do.',
        url: expect.stringContaining('/archives/C0GENERAL/p'),
      },
    ],
    total: 2,
    next_page: 2,
  })
  const second = await slack.value('search_messages', { query: 'in:#general from:@ada', limit: 1, page: 2 })
  expect([words(second), second.next_page]).toEqual([['Good morning, everybody.'], undefined])
  expect(await slack.value('search_messages', { query: '→ “done”' })).toMatchObject({ total: 1 })
  expect(await slack.value('search_messages', { query: '-nothing "here"' })).toEqual({
    messages: [],
    total: 0,
  })
})

test('finds people by a part of a name; bots and the gone only where asked for', async () => {
  const named = async (query?: string, more = {}) =>
    (await slack.value('search_users', { ...(query === undefined ? {} : { query }), ...more })).users.map(
      ({ name }: { name: string }) => name,
    )
  expect((await slack.value('search_users', { query: 'LP' })).users).toEqual([
    {
      user_id: 'U0SANDBOX3',
      name: 'Linus Pauling',
      display_name: 'lp',
      handle: 'linus',
      time_zone: 'Europe/London',
    },
  ])
  expect(await named('admiral')).toEqual(['Grace Hopper'])
  expect(await named()).toEqual(['Ada Lovelace', 'Grace Hopper', 'Linus Pauling'])
  expect(await named('grantry', { include_bots: true })).toEqual(['Grantry'])
  expect(await named('babbage')).toEqual([])
})

test('tells of one person, also one who is gone', async () => {
  expect(await slack.value('get_user', { user_id: 'U0GONE' })).toEqual({
    user_id: 'U0GONE',
    name: 'Charles Babbage',
    handle: 'charles',
    deactivated: true,
  })
  expect(await slack.refusal('get_user', { user_id: 'U0NOBODY' })).toMatch(
    /\(404\): There is no such person \(user_not_found\)\. search_users gives ids\. Check the id/,
  )
})

test('posts, replies, and says where it stands', async () => {
  const text = "Zeile 1\n“quoted” 'it' — ünï 🎉 `code` $x {y} <@U0SANDBOX2>"
  const posted = await slack.value('post_message', { ...general, text })
  expect(posted).toEqual({
    channel_id: 'C0GENERAL',
    message_ts: expect.any(String),
    time: expect.any(String),
    url: expect.stringContaining(posted.message_ts.replace('.', '')),
  })
  const reply = { ...general, text: '- done', thread_ts: posted.message_ts }
  await slack.value('post_message', reply)
  await slack.value('post_message', { ...reply, text: 'seen by all', also_to_channel: true })
  expect(words(await slack.value('read_thread', { ...general, thread_ts: posted.message_ts }))).toEqual([
    text,
    '- done',
    'seen by all',
  ])
  expect(words(await slack.value('read_channel', { ...general, limit: 2 }))).toEqual(['seen by all', text])
  expect(slack.sandbox.control.outbox({ provider: 'slack' }).map(({ detail }) => detail.text)).toEqual([
    text,
    '- done',
    'seen by all',
  ])
})

test.each<[string, string, Record<string, string>, string]>([
  ['an unknown channel', 'post_message', { channel_id: 'C0NONE', text: 'x' }, '(404): There is no such'],
  [
    'a channel of others',
    'post_message',
    { channel_id: 'C0RANDOM', text: 'x' },
    'Ask them to join it in Slack',
  ],
  [
    'an archived channel',
    'post_message',
    { channel_id: 'C0OLD', text: 'x' },
    '(400): The channel is archived',
  ],
  ['a cursor that is none', 'read_channel', { ...general, cursor: '!' }, 'start again without one'],
])('%s is told so', async (_, tool, args, message) => {
  expect(await slack.refusal(tool, args)).toContain(message)
  expect(slack.sandbox.control.outbox({ provider: 'slack' })).toEqual([])
})

test('a missing permission is named, a bot is told what it cannot do, the ended and the hurried what to do', async () => {
  await slack.connect({ access: 'read' })
  expect(await slack.refusal('post_message', { ...general, text: 'x' })).toBe(
    'Slack refused this (403): A permission is missing (missing_scope): chat:write. The connected account may not do this, or was not asked for the permission: connect it again with more access, or do something else.',
  )
  await slack.connect({ scopes: ['channels:read', 'chat:write'] })
  expect(await slack.refusal('search_messages', { query: 'x' })).toContain('only for a person')
  slack.sandbox.control.fault({
    endpoint: 'api',
    provider: 'slack',
    fault: 'status',
    status: 429,
    retry_after: 30,
    body: { ok: false, error: 'ratelimited' },
  })
  expect(await slack.refusal('list_channels')).toContain('wait 30 seconds')
  slack.sandbox.control.revokeGrant({ provider: 'slack', account: 'ada@example.com' })
  expect(await slack.refusal('list_channels')).toMatch(
    /^Slack refused this \(401\).*connect the account again/,
  )
})

test('an error that nobody foresaw is told by its word', async () => {
  slack.sandbox.control.fault({
    endpoint: 'api',
    provider: 'slack',
    fault: 'status',
    status: 200,
    body: { ok: false, error: 'method_deprecated', response_metadata: { messages: ['[ERROR] gone'] } },
  })
  expect(await slack.refusal('list_channels')).toBe(
    'Slack refused this (400): method_deprecated [ERROR] gone. Check the arguments.',
  )
})
