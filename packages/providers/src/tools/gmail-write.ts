import type { Tool, ToolArgument, ToolStep } from '../tool.ts'

const people = (description: string): ToolArgument => ({
  type: 'array',
  description,
  items: { type: 'string', minLength: 3, maxLength: 320 },
  maxItems: 100,
})

const letter: Record<string, ToolArgument> = {
  to: people(
    'Whom it goes to, each as ada@example.com or Ada Lovelace <ada@example.com>. May be left out in a reply: then it goes to whoever wrote the message.',
  ),
  cc: people('Who gets a copy.'),
  bcc: people('Who gets a copy without the others knowing.'),
  subject: {
    type: 'string',
    description:
      'One line, in any script. May be left out in a reply: then it is that of the message, with Re: before it.',
    maxLength: 900,
  },
  text: {
    type: 'string',
    description: 'The mail as plain text, without a quoted original.',
    maxLength: 500_000,
  },
  html: {
    type: 'string',
    description: 'The mail as HTML, where formatting matters. Give text too, for readers without HTML.',
    maxLength: 500_000,
  },
  reply_to_message_id: {
    type: 'string',
    description:
      'Makes it a reply to this message, in the same conversation. An id that search_messages gives.',
    minLength: 1,
    maxLength: 64,
  },
  attachments: {
    type: 'array',
    description: 'Files that go along: at most 5, each up to 1 MB, together up to 2.5 MB.',
    items: {
      type: 'object',
      properties: {
        filename: {
          type: 'string',
          description: 'With its ending: report.csv.',
          minLength: 1,
          maxLength: 200,
        },
        content_type: {
          type: 'string',
          description: 'Media type, like text/csv. Left out: judged by the ending.',
          pattern: '^[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+$',
          maxLength: 100,
        },
        content: { type: 'string', description: 'The bytes of the file in base64.', maxLength: 1_400_000 },
      },
      required: ['filename', 'content'],
      additionalProperties: false,
    },
    maxItems: 5,
  },
}

/** The message that is answered; some mailers write Message-Id. */
const original: ToolStep = {
  as: 'original',
  when: 'reply_to_message_id',
  method: 'GET',
  path: '/gmail/v1/users/me/messages/{reply_to_message_id}',
  query: {
    format: "'metadata'",
    metadataHeaders: '`["Message-ID", "Message-Id", "References", "Subject", "From", "Reply-To", "To"]`',
  },
}

/** A reply to what one sent oneself goes to the same people again. Its headers make it one conversation for every mailer (RFC 5322 §3.6.4). */
const mail = `let $head = original.payload.headers in
  let $id = header($head, 'Message-ID'), $before = header($head, 'References'),
    $about = not_null(header($head, 'Subject'), ''),
    $answered = contains(original.labelIds || \`[]\`, 'SENT')
      ? header($head, 'To') : not_null(header($head, 'Reply-To'), header($head, 'From')) in {
  to: to || mail_addresses($answered), cc: cc, bcc: bcc,
  subject: not_null(subject, original && (starts_with(lower($about), 're:') ? $about : join('', ['Re: ', $about])), ''),
  text: text || html ? text : '', html: html, attachments: attachments,
  in_reply_to: $id,
  references: $before && $id ? join(' ', [$before, $id]) : $id}`

const sendMessage: Tool = {
  name: 'send_message',
  title: 'Send a message',
  description:
    'Sends a mail from the connected account at once, or a reply to a message. It cannot be taken back: where the person should look at it first, use create_draft.',
  access: 'write',
  input: { type: 'object', properties: letter, additionalProperties: false },
  steps: [
    original,
    {
      as: 'sent',
      method: 'POST',
      path: '/gmail/v1/users/me/messages/send',
      mail,
      body: '{raw: mime, threadId: original.threadId}',
    },
  ],
  output: 'sent.{message_id: id, thread_id: threadId, label_ids: labelIds || `[]`}',
}

const createDraft: Tool = {
  name: 'create_draft',
  title: 'Create a draft',
  description:
    'Puts a mail, or a reply to a message, into the drafts, where the person can change and send it. Nothing is sent.',
  access: 'write',
  input: { type: 'object', properties: letter, additionalProperties: false },
  steps: [
    original,
    {
      as: 'draft',
      method: 'POST',
      path: '/gmail/v1/users/me/drafts',
      mail,
      body: '{message: {raw: mime, threadId: original.threadId}}',
    },
  ],
  output: '{draft_id: draft.id, message_id: draft.message.id, thread_id: draft.message.threadId}',
}

const labels = (description: string): ToolArgument => ({
  type: 'array',
  description,
  items: { type: 'string', minLength: 1, maxLength: 100 },
  maxItems: 20,
})

const modifyLabels: Tool = {
  name: 'modify_labels',
  title: 'Change labels',
  description:
    'Adds labels to messages and takes labels off: archive (remove INBOX), mark as read (remove UNREAD), star (add STARRED), move to the trash (add TRASH), or the own labels of this person.',
  access: 'write',
  destructive: true,
  idempotent: true,
  input: {
    type: 'object',
    properties: {
      message_ids: {
        type: 'array',
        description: 'The messages, 1 to 50 ids that search_messages gives.',
        items: { type: 'string', minLength: 1, maxLength: 64 },
        minItems: 1,
        maxItems: 50,
      },
      add_label_ids: labels('Labels to add: ids that list_labels gives, such as STARRED or Label_12.'),
      remove_label_ids: labels('Labels to take off, as INBOX or UNREAD.'),
    },
    required: ['message_ids'],
    additionalProperties: false,
  },
  steps: [
    {
      as: 'changed',
      each: 'message_ids',
      method: 'POST',
      path: '/gmail/v1/users/me/messages/{it}/modify',
      body: '{addLabelIds: add_label_ids, removeLabelIds: remove_label_ids}',
    },
  ],
  output: '{messages: changed[].{message_id: id, thread_id: threadId, label_ids: labelIds || `[]`}}',
}

export const gmailWriteTools: Tool[] = [createDraft, sendMessage, modifyLabels]
