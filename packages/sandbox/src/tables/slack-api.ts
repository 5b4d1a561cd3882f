import { accounts } from '../accounts.ts'
import { type Answer, json } from '../answer.ts'
import type { ApiCall, ApiRoute } from '../provider-table.ts'

export const team = { id: 'T0SANDBOX', name: 'Analytical Engines' }
export const userOf = (number: number) => `U0SANDBOX${number}`
export const botOf = (number: number) => `B0SANDBOX${number}`

/** Slack says no with status 200. */
export const failed = (error: string, more: Record<string, unknown> = {}): Answer =>
  json(200, { ok: false, error, ...more })

type Channel = {
  id: string
  name: string
  topic: string
  purpose: string
  is_member: boolean
  is_archived: boolean
}
type Message = {
  channel: string
  ts: string
  user: string
  text: string
  thread_ts?: string
  broadcast?: boolean
}
type Workspace = { channels: Channel[]; messages: Message[] }

/** A workspace as one person sees it. Its times are told from when the sandbox first meets the person. */
export const seedSlack = (now: number): Workspace => {
  const ts = (minutesAgo: number) => tsOf(now - minutesAgo * 60_000)
  const channel = (id: string, name: string, more: Partial<Channel> = {}): Channel => ({
    id,
    name,
    topic: '',
    purpose: '',
    is_member: true,
    is_archived: false,
    ...more,
  })
  return {
    channels: [
      channel('C0GENERAL', 'general', { topic: 'Work & announcements', purpose: 'For everybody' }),
      channel('C0ENGINE', 'engine', { topic: 'Gears, cards and mills' }),
      channel('C0RANDOM', 'random', { is_member: false }),
      channel('C0OLD', 'old-plans', { is_archived: true }),
    ],
    messages: [
      { channel: 'C0GENERAL', ts: ts(3000), user: userOf(1), text: 'Good morning, everybody.' },
      {
        channel: 'C0GENERAL',
        ts: ts(2000),
        user: userOf(2),
        text: 'The demonstration is on Thursday. Who brings the cards?',
        thread_ts: ts(2000),
      },
      { channel: 'C0GENERAL', ts: ts(1990), user: userOf(1), text: 'I do.', thread_ts: ts(2000) },
      {
        channel: 'C0GENERAL',
        ts: ts(1980),
        user: userOf(3),
        text: `Thanks, <@${userOf(1)}> :tada:`,
        thread_ts: ts(2000),
      },
      { channel: 'C0GENERAL', ts: ts(60), user: 'U0STRANGER', text: 'Hello from the other workspace.' },
      { channel: 'C0ENGINE', ts: ts(600), user: userOf(3), text: 'The mill turns again: 42 → “done”.' },
    ],
  }
}

const tsOf = (milliseconds: number) => (milliseconds / 1000).toFixed(6)

/** Arguments come by form, JSON or query. */
const argument = ({ body, query }: ApiCall, name: string): string | null => {
  if (body instanceof URLSearchParams) return body.get(name) ?? query.get(name)
  const value = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : null
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : query.get(name)
}

const isBot = ({ token }: ApiCall) => token.kind === 'main'
const workspace = (call: ApiCall) => call.data as Workspace
const channelOf = (call: ApiCall) =>
  workspace(call).channels.find(({ id }) => id === argument(call, 'channel')) ?? null

const cursorOf = (offset: number) => Buffer.from(`next:${offset}`).toString('base64')

/** A page of a list, and the cursor of the next one; null for a cursor that is none. */
const paged = <T>(call: ApiCall, items: T[], most: number): { page: T[]; next: string } | null => {
  const cursor = argument(call, 'cursor') ?? ''
  const start = cursor === '' ? 0 : Number(/^next:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString())?.[1])
  if (Number.isNaN(start)) return null
  const asked = Number(argument(call, 'limit') ?? 100)
  const end = start + Math.min(Number.isInteger(asked) && asked > 0 ? asked : 100, most)
  return { page: items.slice(start, end), next: end < items.length ? cursorOf(end) : '' }
}

const conversations =
  (onlyMine: boolean) =>
  (call: ApiCall): Answer => {
    const types = (argument(call, 'types') ?? 'public_channel').split(',')
    const known = ['public_channel', 'private_channel', 'mpim', 'im']
    if (types.some((type) => !known.includes(type.trim()))) return failed('invalid_types')
    const channels = workspace(call).channels.filter(
      ({ is_archived, is_member }) =>
        types.includes('public_channel') &&
        (argument(call, 'exclude_archived') !== 'true' || !is_archived) &&
        (!onlyMine || is_member),
    )
    const found = paged(call, channels, 1000)
    if (!found) return failed('invalid_cursor')
    return json(200, {
      ok: true,
      channels: found.page.map((channel) => presentChannel(channel, onlyMine)),
      response_metadata: { next_cursor: found.next },
    })
  }

/** The list of one's own leaves out what it says of all of them. */
const presentChannel = ({ topic, purpose, is_member, ...channel }: Channel, onlyMine: boolean) => ({
  ...channel,
  is_channel: true,
  is_group: false,
  is_im: false,
  is_mpim: false,
  is_private: false,
  created: 1_449_252_889,
  creator: userOf(1),
  name_normalized: channel.name,
  context_team_id: team.id,
  topic: { value: topic, creator: topic === '' ? '' : userOf(1), last_set: topic === '' ? 0 : 1_449_252_889 },
  purpose: {
    value: purpose,
    creator: purpose === '' ? '' : userOf(1),
    last_set: purpose === '' ? 0 : 1_449_252_889,
  },
  ...(onlyMine ? {} : { is_member, num_members: is_member ? 3 : 2 }),
})

const presentMessage = (call: ApiCall, { channel, ...message }: Message) => {
  const replies = workspace(call).messages.filter(
    (other) =>
      other.channel === channel && other.thread_ts === message.ts && other.ts !== message.ts && message.ts,
  )
  return {
    type: 'message',
    user: message.user,
    text: message.text,
    ts: message.ts,
    team: team.id,
    ...(message.thread_ts ? { thread_ts: message.thread_ts } : {}),
    ...(replies.length > 0
      ? {
          reply_count: replies.length,
          reply_users: [...new Set(replies.map(({ user }) => user))],
          latest_reply: replies.at(-1)!.ts,
        }
      : {}),
  }
}

const history = (call: ApiCall): Answer => {
  const channel = channelOf(call)
  if (!channel) return failed('channel_not_found')
  if (isBot(call) && !channel.is_member) return failed('not_in_channel')
  const inclusive = argument(call, 'inclusive') === 'true'
  const within = (ts: string) => {
    const [at, oldest, latest] = [ts, argument(call, 'oldest') ?? '0', argument(call, 'latest')].map(Number)
    if (inclusive && (at === oldest || at === latest)) return true
    return at! > oldest! && (argument(call, 'latest') === null || at! < latest!)
  }
  const messages = workspace(call)
    .messages.filter(
      (message) =>
        message.channel === channel.id &&
        (!message.thread_ts || message.thread_ts === message.ts || message.broadcast) &&
        within(message.ts),
    )
    .toSorted((one, other) => Number(other.ts) - Number(one.ts))
  const found = paged(call, messages, 999)
  if (!found) return failed('invalid_cursor')
  return json(200, {
    ok: true,
    messages: found.page.map((message) => presentMessage(call, message)),
    has_more: found.next !== '',
    pin_count: 0,
    channel_actions_ts: null,
    channel_actions_count: 0,
    ...(found.next === '' ? {} : { response_metadata: { next_cursor: found.next } }),
  })
}

const replies = (call: ApiCall): Answer => {
  const channel = channelOf(call)
  if (!channel) return failed('channel_not_found')
  const ts = argument(call, 'ts')
  const thread = workspace(call)
    .messages.filter(
      (message) => message.channel === channel.id && (message.ts === ts || message.thread_ts === ts),
    )
    .toSorted((one, other) => Number(one.ts) - Number(other.ts))
  if (thread.length === 0) return failed('thread_not_found')
  const found = paged(call, thread, 999)
  if (!found) return failed('invalid_cursor')
  return json(200, {
    ok: true,
    messages: found.page.map((message) => presentMessage(call, message)),
    has_more: found.next !== '',
    ...(found.next === '' ? {} : { response_metadata: { next_cursor: found.next } }),
  })
}

const people = (call: ApiCall) => [
  ...accounts.map((account) => ({
    id: userOf(account.number),
    team_id: team.id,
    name: account.given_name.toLowerCase(),
    deleted: false,
    real_name: account.name,
    tz: 'Europe/London',
    tz_label: 'Greenwich Mean Time',
    tz_offset: 0,
    profile: {
      title: account.number === 2 ? 'Rear admiral' : '',
      phone: '',
      real_name: account.name,
      display_name: account.number === 3 ? 'lp' : '',
      status_text: '',
      ...(call.scopes.includes('users:read.email') ? { email: account.email } : {}),
    },
    is_bot: false,
    is_app_user: false,
    updated: 1_502_138_686,
  })),
  {
    id: 'U0GRANTRY',
    team_id: team.id,
    name: 'grantry',
    deleted: false,
    real_name: 'Grantry',
    profile: { real_name: 'Grantry', display_name: '', api_app_id: 'A0SANDBOX', bot_id: 'B0BOT' },
    is_bot: true,
  },
  {
    id: 'U0GONE',
    team_id: team.id,
    name: 'charles',
    deleted: true,
    real_name: 'Charles Babbage',
    profile: { real_name: 'Charles Babbage', display_name: '' },
    is_bot: false,
  },
]

const listUsers = (call: ApiCall): Answer => {
  const found = paged(call, people(call), 1000)
  if (!found) return failed('invalid_cursor')
  return json(200, {
    ok: true,
    members: found.page,
    cache_ts: Math.floor(call.now / 1000),
    response_metadata: { next_cursor: found.next },
  })
}

const userInfo = (call: ApiCall): Answer => {
  const user = people(call).find(({ id }) => id === argument(call, 'user'))
  return user ? json(200, { ok: true, user }) : failed('user_not_found')
}

const permalinkOf = (call: ApiCall, { channel, ts, thread_ts }: Message) =>
  `${call.base}/archives/${channel}/p${ts.replace('.', '')}` +
  (thread_ts && thread_ts !== ts ? `?thread_ts=${thread_ts}&cid=${channel}` : '')

/** For people only. Words must all be there; `in:` and `from:` are played. */
const searchMessages = (call: ApiCall): Answer => {
  if (isBot(call)) return failed('not_allowed_token_type')
  const query = (argument(call, 'query') ?? '').trim()
  if (query === '') return failed('no_query')
  const words = query.toLowerCase().split(/\s+/)
  const nameOf = (user: string) => people(call).find(({ id }) => id === user)?.name ?? ''
  const channelNamed = (id: string) => workspace(call).channels.find((channel) => channel.id === id)!
  const matches = workspace(call)
    .messages.filter((message) =>
      words.every((word) => {
        const [, operator, value = ''] = /^(in|from):[#@]?(.*)$/.exec(word) ?? []
        if (operator === 'in') return channelNamed(message.channel).name === value
        if (operator === 'from') return nameOf(message.user) === value
        return message.text.toLowerCase().includes(word)
      }),
    )
    .toSorted((one, other) => Number(other.ts) - Number(one.ts))
  if (argument(call, 'sort_dir') === 'asc') matches.reverse()
  const count = Math.min(Number(argument(call, 'count') ?? 20), 100)
  const page = Number(argument(call, 'page') ?? 1)
  const pages = Math.ceil(matches.length / count)
  return json(200, {
    ok: true,
    query,
    messages: {
      total: matches.length,
      pagination: {
        total_count: matches.length,
        page,
        per_page: count,
        page_count: pages,
        first: 1,
        last: count,
      },
      paging: { count, total: matches.length, page, pages },
      matches: matches.slice((page - 1) * count, page * count).map((message) => ({
        iid: `iid-${message.ts}`,
        team: team.id,
        score: 0,
        channel: {
          id: message.channel,
          name: channelNamed(message.channel).name,
          is_channel: true,
          is_private: false,
          is_im: false,
          is_mpim: false,
        },
        type: 'message',
        user: message.user,
        username: nameOf(message.user),
        ts: message.ts,
        text: message.text,
        permalink: permalinkOf(call, message),
      })),
    },
  })
}

const postMessage = (call: ApiCall): Answer => {
  const asked = argument(call, 'channel')?.replace(/^#/, '')
  const channel = workspace(call).channels.find(({ id, name }) => id === asked || name === asked)
  if (!channel) return failed('channel_not_found')
  if (channel.is_archived) return failed('is_archived')
  if (!channel.is_member) return failed('not_in_channel')
  const markdown = argument(call, 'markdown_text')
  if (markdown && argument(call, 'text')) return failed('markdown_text_conflict')
  const text = markdown ?? argument(call, 'text')
  if (!text) return failed('no_text')
  if (text.length > (markdown ? 12_000 : 40_000)) return failed('msg_too_long')
  const thread_ts = argument(call, 'thread_ts')
  const { messages } = workspace(call)
  const parent = messages.find(({ channel: at, ts }) => at === channel.id && ts === thread_ts)
  if (thread_ts && !parent) return failed('thread_not_found')
  if (parent) parent.thread_ts ??= parent.ts
  // No two messages of a channel have one `ts`.
  const newest = Math.max(0, ...messages.map(({ ts }) => Math.round(Number(ts) * 1e6)))
  const ts = (Math.max(call.now * 1000, newest + 1) / 1e6).toFixed(6)
  const user = isBot(call) ? botOf(call.account.number) : userOf(call.account.number)
  messages.push({
    channel: channel.id,
    ts,
    user,
    text,
    ...(thread_ts ? { thread_ts } : {}),
    ...(argument(call, 'reply_broadcast') === 'true' ? { broadcast: true } : {}),
  })
  call.send({
    kind: 'message',
    summary: `message to #${channel.name}: ${text}`,
    detail: { channel: channel.id, text, ts, ...(thread_ts ? { thread_ts } : {}) },
  })
  return json(200, {
    ok: true,
    channel: channel.id,
    ts,
    message: {
      type: 'message',
      user,
      text,
      ts,
      team: team.id,
      ...(thread_ts ? { thread_ts } : {}),
      ...(markdown ? { blocks: [{ type: 'markdown', block_id: 'b1', text: markdown }] } : {}),
    },
  })
}

const permalink = (call: ApiCall): Answer => {
  const channel = channelOf(call)
  if (!channel) return failed('channel_not_found')
  const ts = argument(call, 'message_ts')
  const message = workspace(call).messages.find((one) => one.channel === channel.id && one.ts === ts)
  return message
    ? json(200, { ok: true, channel: channel.id, permalink: permalinkOf(call, message) })
    : failed('message_not_found')
}

const channelsRead = ['channels:read', 'groups:read', 'im:read']
const methods: [name: string, scopes: string[], handle: (call: ApiCall) => Answer][] = [
  ['conversations.list', channelsRead, conversations(false)],
  ['users.conversations', channelsRead, conversations(true)],
  ['conversations.history', ['channels:history', 'groups:history', 'im:history'], history],
  ['conversations.replies', ['channels:history', 'groups:history', 'im:history'], replies],
  ['users.list', ['users:read'], listUsers],
  ['users.info', ['users:read'], userInfo],
  ['chat.getPermalink', [], permalink],
]

/**
 * Slack's Web API. Facts from docs.slack.dev/reference/methods: conversations.list, users.conversations, conversations.history,
 * conversations.replies, users.list, users.info, search.messages, chat.postMessage, chat.getPermalink; apis/web-api/pagination.
 */
export const slackRoutes: ApiRoute[] = [
  ...methods.flatMap(([name, scopes, handle]) =>
    (['GET', 'POST'] as const).map((method) => ({
      method,
      path: `/api/${name}`,
      endpoint: 'api' as const,
      scopes,
      handle,
    })),
  ),
  {
    method: 'GET',
    path: '/api/search.messages',
    endpoint: 'api',
    scopes: [],
    // A bot is told that it is one before its scopes are looked at.
    handle: (call) =>
      isBot(call) || call.scopes.includes('search:read')
        ? searchMessages(call)
        : failed('missing_scope', { needed: 'search:read', provided: call.scopes.join(',') }),
  },
  {
    method: 'POST',
    path: '/api/chat.postMessage',
    endpoint: 'api',
    scopes: ['chat:write'],
    handle: postMessage,
  },
]
