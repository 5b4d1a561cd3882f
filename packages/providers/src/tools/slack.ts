import type { Tool, ToolArgument, ToolStep } from '../tool.ts'

const channelId: ToolArgument = {
  type: 'string',
  description: 'Id of the channel, as list_channels gives it, like C0123456789; no name.',
  pattern: '^[A-Z][A-Z0-9]{1,30}$',
}

const messageTs = (description: string): ToolArgument => ({
  type: 'string',
  description: `${description} Like 1773133200.000256.`,
  pattern: '^\\d{1,12}\\.\\d{1,6}$',
})

const cursor: ToolArgument = {
  type: 'string',
  description:
    'The next_cursor of the answer before, with the same other arguments, to go on where that ended.',
  maxLength: 1000,
}

const time = (description: string): ToolArgument => ({
  type: 'string',
  description: `${description} ISO 8601, like 2026-03-01T09:00:00+01:00.`,
  maxLength: 40,
})

// A cursor that is empty means that there is no more.
const nextCursor =
  "next_cursor: (answer.response_metadata.next_cursor == '' ? `null` : answer.response_metadata.next_cursor)"

const limit = (description: string, most: number, normal: number): ToolArgument => ({
  type: 'integer',
  description: `${description}, 1 to ${most}.`,
  minimum: 1,
  maximum: most,
  default: normal,
})

/** Who wrote, each once: messages only hold their ids. Strangers of shared channels have no answer. */
const authors: ToolStep = {
  as: 'people',
  each: 'keys(from_items(answer.messages[?user].[user, user]))',
  optional: true,
  method: 'GET',
  path: '/users.info',
  query: { user: 'it' },
}

const messages = `let $people = people[].user || \`[]\` in answer.messages[].[let $user = user in {
  message_ts: ts,
  time: seconds_to_iso(ts),
  user_id: user,
  author: not_null($people[?id == $user] | [0].not_null(real_name, profile.real_name, name), username, bot_profile.name),
  text: cut(text, \`4000\`),
  thread_ts: thread_ts,
  reply_count: reply_count,
  files: files[].{name: name, type: mimetype, url: permalink},
  reactions: reactions[].{name: name, count: count}
}][]`

const listChannels: Tool = {
  name: 'list_channels',
  title: 'List channels',
  description:
    'Lists the public channels of the workspace with ids, names, topics and whether the person is in them. ' +
    'Read one with read_channel, or write to it with post_message.',
  access: 'read',
  input: {
    type: 'object',
    properties: {
      only_mine: {
        type: 'boolean',
        description: 'Only channels that the person is in.',
        default: false,
      },
      include_archived: { type: 'boolean', description: 'Archived channels too.', default: false },
      limit: limit('How many channels at most', 200, 100),
      cursor,
    },
    additionalProperties: false,
  },
  steps: [
    {
      as: 'mine',
      when: 'only_mine',
      method: 'GET',
      path: '/users.conversations',
      query: {
        types: "'public_channel'",
        exclude_archived: '!include_archived',
        limit: 'limit',
        cursor: 'cursor',
      },
    },
    {
      as: 'all',
      when: '!only_mine',
      method: 'GET',
      path: '/conversations.list',
      query: {
        types: "'public_channel'",
        exclude_archived: '!include_archived',
        limit: 'limit',
        cursor: 'cursor',
      },
    },
  ],
  output: `let $answer = not_null(mine, all), $mine = only_mine in {
  channels: $answer.channels[].{
    channel_id: id, name: name, topic: (topic.value == '' ? \`null\` : cut(topic.value, \`300\`)),
    purpose: (purpose.value == '' ? \`null\` : cut(purpose.value, \`300\`)),
    members: num_members, is_member: ($mine ? \`true\` : is_member), archived: (is_archived ? \`true\` : \`null\`)
  },
  next_cursor: ($answer.response_metadata.next_cursor == '' ? \`null\` : $answer.response_metadata.next_cursor)
}`,
}

const readChannel: Tool = {
  name: 'read_channel',
  title: 'Read a channel',
  description:
    'Reads the messages of a channel, newest first, with authors, times and reply counts. ' +
    'Replies are not in it: where reply_count is given, read them with read_thread.',
  access: 'read',
  input: {
    type: 'object',
    properties: {
      channel_id: channelId,
      since: time('Only messages after this time.'),
      until: time('Only messages before this time.'),
      limit: limit('How many messages at most', 100, 15),
      cursor,
    },
    required: ['channel_id'],
    additionalProperties: false,
  },
  steps: [
    {
      method: 'GET',
      path: '/conversations.history',
      query: {
        channel: 'channel_id',
        oldest: 'iso_to_seconds(since)',
        latest: 'iso_to_seconds(until)',
        limit: 'limit',
        cursor: 'cursor',
      },
    },
    authors,
  ],
  output: `{messages: ${messages}, ${nextCursor}}`,
}

const readThread: Tool = {
  name: 'read_thread',
  title: 'Read a thread',
  description: 'Reads a message and the replies to it, oldest first, with authors and times.',
  access: 'read',
  input: {
    type: 'object',
    properties: {
      channel_id: channelId,
      thread_ts: messageTs('thread_ts of a message, or the message_ts of the one that was replied to.'),
      limit: limit('How many messages at most', 100, 15),
      cursor,
    },
    required: ['channel_id', 'thread_ts'],
    additionalProperties: false,
  },
  steps: [
    {
      method: 'GET',
      path: '/conversations.replies',
      query: { channel: 'channel_id', ts: 'thread_ts', limit: 'limit', cursor: 'cursor' },
    },
    authors,
  ],
  output: `{messages: ${messages}, ${nextCursor}}`,
}

const searchMessages: Tool = {
  name: 'search_messages',
  title: 'Search messages',
  description:
    'Finds messages wherever the person can read, newest first, with channel, author, text and link. ' +
    'Read around a hit with read_channel or read_thread.',
  access: 'read',
  input: {
    type: 'object',
    properties: {
      query: {
        type: 'string',
        description:
          'As in the search box of Slack: words, and in:#channel, from:@person, has:link, before:2026-03-01, after:2026-03-01, "exact words", -without.',
        minLength: 1,
        maxLength: 500,
      },
      limit: limit('How many messages at most', 50, 20),
      page: {
        type: 'integer',
        description: 'Which page, from 1; next_page of the answer before.',
        minimum: 1,
        maximum: 100,
        default: 1,
      },
    },
    required: ['query'],
    additionalProperties: false,
  },
  steps: [
    {
      method: 'GET',
      path: '/search.messages',
      query: {
        query: 'query',
        count: 'limit',
        page: 'page',
        sort: "'timestamp'",
        sort_dir: "'desc'",
      },
    },
  ],
  output: `{
  messages: answer.messages.matches[].{
    channel_id: channel.id, channel: channel.name, message_ts: ts, time: seconds_to_iso(ts),
    user_id: user, author: username, text: cut(text, \`2000\`), url: permalink
  },
  total: answer.messages.total,
  next_page: (answer.messages.paging.page < answer.messages.paging.pages ? answer.messages.paging.page + \`1\` : \`null\`)
}`,
}

const person = `{
  user_id: id, name: not_null(real_name, profile.real_name, name),
  display_name: (profile.display_name == '' ? \`null\` : profile.display_name),
  handle: name, email: profile.email, title: (profile.title == '' ? \`null\` : profile.title),
  time_zone: tz, is_bot: (is_bot ? \`true\` : \`null\`), deactivated: (deleted ? \`true\` : \`null\`)
}`

const searchUsers: Tool = {
  name: 'search_users',
  title: 'Search people',
  description:
    'Finds people of the workspace by a part of their name, handle or title; gives their ids. ' +
    'It looks through 1,000 people at a time: where next_cursor is given and the person is not found, go on with it.',
  access: 'read',
  input: {
    type: 'object',
    properties: {
      query: {
        type: 'string',
        description: 'A part of a name, whatever its case. Left out: everybody.',
        maxLength: 100,
      },
      include_bots: { type: 'boolean', description: 'Bots too.', default: false },
      cursor,
    },
    additionalProperties: false,
  },
  steps: [{ method: 'GET', path: '/users.list', query: { limit: '`1000`', cursor: 'cursor' } }],
  output: `let $query = lower(query || ''), $bots = include_bots in {
  users: answer.members[?!deleted && ($bots || (!is_bot && id != 'USLACKBOT')) && contains(
    lower(join(' ', [name || '', real_name || '', profile.display_name || '', profile.title || '', profile.email || ''])), $query
  )] | [:100].${person},
  ${nextCursor}
}`,
}

const getUser: Tool = {
  name: 'get_user',
  title: 'Get a person',
  description:
    'Gives name, handle, title and time zone of one person. For ids in messages, like U0123456789 in <@U0123456789>.',
  access: 'read',
  input: {
    type: 'object',
    properties: {
      user_id: {
        type: 'string',
        description: 'Id of the person, like U0123456789.',
        pattern: '^[UWB][A-Z0-9]{1,30}$',
      },
    },
    required: ['user_id'],
    additionalProperties: false,
  },
  steps: [{ method: 'GET', path: '/users.info', query: { user: 'user_id' } }],
  output: `answer.user.${person}`,
}

const postMessage: Tool = {
  name: 'post_message',
  title: 'Post a message',
  description:
    'Posts a message to a channel as the person, or a reply into a thread. It is seen at once and cannot be taken back from here.',
  access: 'write',
  input: {
    type: 'object',
    properties: {
      channel_id: channelId,
      text: {
        type: 'string',
        description:
          'The message in Markdown, at most 12,000 characters. Mention a person by <@U0123456789>.',
        minLength: 1,
        maxLength: 12_000,
      },
      thread_ts: messageTs('To reply: thread_ts, or message_ts, of the message that is replied to.'),
      also_to_channel: {
        type: 'boolean',
        description: 'Show a reply in the channel too, not only in its thread.',
        default: false,
      },
    },
    required: ['channel_id', 'text'],
    additionalProperties: false,
  },
  steps: [
    {
      method: 'POST',
      path: '/chat.postMessage',
      body: '{channel: channel_id, markdown_text: text, thread_ts: thread_ts, reply_broadcast: (thread_ts && also_to_channel ? `true` : `null`)}',
    },
    {
      as: 'link',
      optional: true,
      method: 'GET',
      path: '/chat.getPermalink',
      query: { channel: 'answer.channel', message_ts: 'answer.ts' },
    },
  ],
  output:
    '{channel_id: answer.channel, message_ts: answer.ts, time: seconds_to_iso(answer.ts), url: link.permalink}',
}

export const slackTools: Tool[] = [
  listChannels,
  readChannel,
  readThread,
  searchMessages,
  searchUsers,
  getUser,
  postMessage,
]

const meanings: Record<string, [status: number, meaning: string]> = {
  channel_not_found: [
    404,
    'There is no such channel, or the person cannot see it. list_channels gives ids of channels',
  ],
  not_in_channel: [
    403,
    'The person is not in this channel (not_in_channel). Ask them to join it in Slack first',
  ],
  is_archived: [400, 'The channel is archived; nothing can be posted to it (is_archived)'],
  thread_not_found: [404, 'There is no such message to reply to (thread_not_found)'],
  user_not_found: [404, 'There is no such person (user_not_found). search_users gives ids'],
  user_not_visible: [403, 'The person may not see this user (user_not_visible)'],
  missing_scope: [403, 'A permission is missing (missing_scope)'],
  not_allowed_token_type: [
    403,
    'Slack does this only for a person, and a bot is connected (not_allowed_token_type)',
  ],
  no_permission: [403, 'The workspace does not allow it (no_permission)'],
  restricted_action: [403, 'The workspace does not allow this person to post here (restricted_action)'],
  ekm_access_denied: [403, 'An administrator has suspended posting (ekm_access_denied)'],
  team_access_not_granted: [403, 'This workspace was not connected (team_access_not_granted)'],
  access_denied: [403, 'The person may not do this (access_denied)'],
  invalid_cursor: [400, 'The cursor is not valid (any more): start again without one (invalid_cursor)'],
  msg_too_long: [413, 'The message is too long (msg_too_long)'],
  markdown_text_conflict: [400, 'The text was given twice (markdown_text_conflict)'],
  no_text: [400, 'The text is empty (no_text)'],
  ratelimited: [429, 'Too many calls at once (ratelimited)'],
  rate_limited: [429, 'Too many messages into this channel (rate_limited)'],
  message_limit_exceeded: [429, 'Too many messages have been posted (message_limit_exceeded)'],
  invalid_auth: [401, 'The access is not valid (invalid_auth)'],
  not_authed: [401, 'No access was given (not_authed)'],
  token_expired: [401, 'The access has expired (token_expired)'],
  token_revoked: [401, 'The access was taken back (token_revoked)'],
  account_inactive: [401, 'The account or the workspace is gone (account_inactive)'],
  internal_error: [500, 'Something went wrong there; part of it may have been done (internal_error)'],
  fatal_error: [500, 'Something went wrong there; part of it may have been done (fatal_error)'],
  service_unavailable: [503, 'It is not available (service_unavailable)'],
  request_timeout: [503, 'It took too long (request_timeout)'],
}

/** Slack says no with status 200, `ok: false` and a word. */
export const slackFailure = `ok == \`false\` ? (let $known = items(\`${JSON.stringify(meanings)}\`)[?@[0] == $.error] | [0][1] in
  $known
    ? {status: $known[0], message: (needed ? join('', [$known[1], ': ', needed]) : $known[1])}
    : {status: \`400\`, message: join(' ', [error || 'no reason given', response_metadata.messages[0] || ''])}
) : \`null\``
