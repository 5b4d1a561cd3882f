import type { Tool, ToolArgument } from '../tool.ts'

const messageId: ToolArgument = {
  type: 'string',
  description: 'Id of a message, as search_messages gives it, like 18c0a1b2c3d4e5f6.',
  minLength: 1,
  maxLength: 64,
}

/** What a list tells of one message. */
const brief = `
  message_id: id, thread_id: threadId,
  from: header(payload.headers, 'From'), to: header(payload.headers, 'To'),
  subject: header(payload.headers, 'Subject'), date: iso_time(internalDate),
  unread: contains(labelIds || \`[]\`, 'UNREAD'), label_ids: labelIds || \`[]\``

const files =
  'mail_attachments(payload)[].{attachment_id: part_id, filename: filename, type: type, size: size}'

const searchMessages: Tool = {
  name: 'search_messages',
  title: 'Search messages',
  description:
    'Finds messages in the mailbox, newest first, with sender, subject, date and a snippet of the text. ' +
    'Read one with read_message, or its whole conversation with read_thread.',
  access: 'read',
  input: {
    type: 'object',
    properties: {
      query: {
        type: 'string',
        description:
          'As in the search box of Gmail: words, and from:, to:, subject:, label:, is:unread, is:starred, in:inbox, has:attachment, ' +
          'newer_than:7d, after:2026/03/01, before:2026/04/01, "exact words", -without, OR. Left out: all messages.',
        maxLength: 1000,
      },
      label_ids: {
        type: 'array',
        description:
          'Only messages with all of these labels: INBOX, UNREAD, STARRED, SENT, or an id that list_labels gives.',
        items: { type: 'string', minLength: 1, maxLength: 100 },
        maxItems: 10,
      },
      include_spam_and_trash: {
        type: 'boolean',
        description: 'Look into spam and trash too.',
        default: false,
      },
      limit: {
        type: 'integer',
        description: 'How many messages at most, 1 to 50.',
        minimum: 1,
        maximum: 50,
        default: 10,
      },
      page_token: {
        type: 'string',
        description: 'The next_page_token of the answer before, with the same query, to go on there.',
        maxLength: 200,
      },
    },
    additionalProperties: false,
  },
  steps: [
    {
      as: 'list',
      method: 'GET',
      path: '/gmail/v1/users/me/messages',
      query: {
        q: 'query',
        labelIds: 'label_ids',
        includeSpamTrash: 'include_spam_and_trash',
        maxResults: 'limit',
        pageToken: 'page_token',
      },
    },
    {
      as: 'found',
      each: 'list.messages',
      method: 'GET',
      path: '/gmail/v1/users/me/messages/{it.id}',
      query: { format: "'metadata'", metadataHeaders: '`["From", "To", "Subject"]`' },
    },
  ],
  output: `{messages: found[].{${brief}, snippet: snippet}, next_page_token: list.nextPageToken}`,
}

const readMessage: Tool = {
  name: 'read_message',
  title: 'Read a message',
  description:
    'One message with its text (HTML mail as plain text), people, date and the list of its attachments. ' +
    'Text files among those can be read with read_attachment. Reading does not mark it as read.',
  access: 'read',
  input: {
    type: 'object',
    properties: {
      message_id: messageId,
      max_characters: {
        type: 'integer',
        description: 'Longer texts are cut there and say how much is missing.',
        minimum: 100,
        maximum: 80_000,
        default: 20_000,
      },
    },
    required: ['message_id'],
    additionalProperties: false,
  },
  steps: [
    {
      as: 'message',
      method: 'GET',
      path: '/gmail/v1/users/me/messages/{message_id}',
      query: { format: "'full'" },
    },
  ],
  output: `let $most = max_characters in message.{${brief},
    cc: header(payload.headers, 'Cc'), bcc: header(payload.headers, 'Bcc'), reply_to: header(payload.headers, 'Reply-To'),
    text: cut(mail_text(payload), $most), attachments: ${files}}`,
}

const readThread: Tool = {
  name: 'read_thread',
  title: 'Read a conversation',
  description:
    'The messages of one conversation, oldest first, with their texts: at most its newest 20. Use it before answering a message.',
  access: 'read',
  input: {
    type: 'object',
    properties: {
      thread_id: {
        type: 'string',
        description: 'The thread_id of a message, as search_messages gives it.',
        minLength: 1,
        maxLength: 64,
      },
      max_characters: {
        type: 'integer',
        description: 'The text of each message is cut there; read_message gives all of one.',
        minimum: 100,
        maximum: 20_000,
        default: 4000,
      },
    },
    required: ['thread_id'],
    additionalProperties: false,
  },
  steps: [
    {
      as: 'thread',
      method: 'GET',
      path: '/gmail/v1/users/me/threads/{thread_id}',
      query: { format: "'full'" },
    },
  ],
  output: `let $most = max_characters, $all = thread.messages || \`[]\` in {
    thread_id: thread.id, message_count: length($all), older_message_ids: $all[:-20].id,
    messages: $all[-20:].{${brief}, cc: header(payload.headers, 'Cc'),
      text: cut(mail_text(payload), $most), attachments: ${files}}}`,
}

const part = 'let $id = attachment_id in mail_attachments(message.payload)[?part_id == $id] | [0]'

/** Files of which a model can read the bytes as text, up to a size. */
const readable = `(${part}) | size <= \`1000000\` && (starts_with(type, 'text/') || ends_with(type, '+json') || ends_with(type, '+xml')
  || contains(\`["application/json", "application/xml", "application/csv", "application/yaml", "application/x-yaml", "application/sql"]\`, type)
  || (type == 'application/octet-stream' && contains(\`["csv", "txt", "md", "log", "json", "xml", "yml", "yaml", "ics"]\`, split(lower(filename), '.')[-1])))`

const readAttachment: Tool = {
  name: 'read_attachment',
  title: 'Read an attachment',
  description:
    'The text of an attachment that is a text file (plain text, CSV, JSON, XML, HTML, calendar) of up to 1 MB. ' +
    'Says so where it is another kind of file, like PDF, Office or an image: those cannot be read here.',
  access: 'read',
  input: {
    type: 'object',
    properties: {
      message_id: messageId,
      attachment_id: {
        type: 'string',
        description: 'The attachment_id that read_message gives for this message, like 1 or 0.2.',
        pattern: '^[0-9]+(\\.[0-9]+)*$',
        maxLength: 40,
      },
      max_characters: {
        type: 'integer',
        description: 'Longer texts are cut there and say how much is missing.',
        minimum: 100,
        maximum: 80_000,
        default: 20_000,
      },
    },
    required: ['message_id', 'attachment_id'],
    additionalProperties: false,
  },
  steps: [
    {
      as: 'message',
      method: 'GET',
      path: '/gmail/v1/users/me/messages/{message_id}',
      query: { format: "'full'" },
    },
    {
      as: 'file',
      when: readable,
      method: 'GET',
      path: `/gmail/v1/users/me/messages/{message_id}/attachments/{(${part}).attachment_id}`,
    },
  ],
  // Not null: the inner scope would take it for a variable that it has not.
  output: `let $part = (${part}) || \`{}\`, $most = max_characters in let $text = base64url_text(file.data, $part.charset) in {
    filename: $part.filename, type: $part.type, size: $part.size,
    text: cut($part.type == 'text/html' ? html_text($text) : $text, $most),
    note: !$part ? 'This message has no such attachment: read_message lists those it has.'
      : !file ? 'It was not read: it is no text file, or larger than 1 MB.' : \`null\`}`,
}

const listLabels: Tool = {
  name: 'list_labels',
  title: 'List labels',
  description:
    'All labels of the mailbox: those of Gmail itself, such as INBOX and UNREAD, and the own ones of this person. Their ids are for search_messages and modify_labels.',
  access: 'read',
  input: { type: 'object', properties: {}, additionalProperties: false },
  steps: [{ method: 'GET', path: '/gmail/v1/users/me/labels' }],
  output: '{labels: (answer.labels || `[]`)[].{label_id: id, name: name, type: type}}',
}

export const gmailReadTools: Tool[] = [searchMessages, readMessage, readThread, readAttachment, listLabels]
