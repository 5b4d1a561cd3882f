import { type Answer, json } from '../answer.ts'
import type { ApiCall, ApiRoute } from '../provider-table.ts'
import { randomHex } from '../random.ts'
import {
  bodyText,
  type Draft,
  field,
  filesOf,
  type Letter,
  type Mailbox,
  type Message,
  newMessage,
  plainSubject,
  readRaw,
  recipientsOf,
  threadOf,
} from './gmail-mailbox.ts'
import { walkMime } from './gmail-mime.ts'
import { type MessageFormat, presentMessage, readAttachmentId } from './gmail-present.ts'
import { matching } from './gmail-search.ts'
import { googleError as failed, googleScope as scope } from './google.ts'

const full = 'https://mail.google.com/'
const reads = [full, scope('gmail.modify'), scope('gmail.readonly')]
const readsMetadata = [...reads, scope('gmail.metadata')]
const composes = [full, scope('gmail.modify'), scope('gmail.compose')]
const sends = [...composes, scope('gmail.send')]
const modifies = [full, scope('gmail.modify')]

type Handler = (call: ApiCall, mailbox: Mailbox) => Answer

/** `users/me`, or the account's own address; anybody else's mailbox is out of reach. */
const own =
  (handler: Handler) =>
  (call: ApiCall): Answer =>
    call.params.userId === 'me' || call.params.userId === call.account.email
      ? handler(call, call.data as Mailbox)
      : failed(403, 'PERMISSION_DENIED', `Delegation denied for ${call.account.email}`, 'forbidden')

const missing = (): Answer => failed(404, 'NOT_FOUND', 'Requested entity was not found.', 'notFound')
const invalid = (message: string): Answer => failed(400, 'INVALID_ARGUMENT', message, 'invalidArgument')

const profile = own((call, mailbox) =>
  json(200, {
    emailAddress: call.account.email,
    messagesTotal: mailbox.messages.length,
    threadsTotal: new Set(mailbox.messages.map((message) => message.threadId)).size,
    historyId: String(mailbox.historyId),
  }),
)

const listMessages = own(({ query, now, scopes }, mailbox) => {
  const labels = query.getAll('labelIds')
  const search = query.get('q') ?? ''
  if (search !== '' && !scopes.some((granted) => reads.includes(granted)))
    return failed(403, 'PERMISSION_DENIED', "Metadata scope does not support 'q' parameter", 'forbidden')
  const hidden = ['SPAM', 'TRASH'].filter((label) => !labels.includes(label))
  const everywhere = query.get('includeSpamTrash') === 'true' || /\bin:(?:anywhere|spam|trash)\b/.test(search)
  const found = mailbox.messages
    .filter((message) => labels.every((label) => message.labelIds.includes(label)))
    .filter((message) => everywhere || !message.labelIds.some((label) => hidden.includes(label)))
    .filter(matching(search, mailbox, now))
  return paged(
    'messages',
    found.map(({ id, threadId }) => ({ id, threadId })),
    query,
  )
})

const paged = (name: string, items: unknown[], query: URLSearchParams): Answer => {
  const size = Number(query.get('maxResults') ?? 100)
  if (!Number.isInteger(size) || size < 1) return invalid('Invalid maxResults')
  const start = Number(query.get('pageToken') ?? 0)
  if (!Number.isInteger(start) || start < 0) return invalid('Invalid pageToken')
  const end = start + Math.min(size, 500)
  return json(200, {
    ...(items.length > 0 ? { [name]: items.slice(start, end) } : {}),
    ...(end < items.length ? { nextPageToken: String(end) } : {}),
    resultSizeEstimate: items.length,
  })
}

const formats = ['minimal', 'full', 'raw', 'metadata']

/** The form that is asked for, or why it is not given. */
const formatOf = ({ query, scopes }: ApiCall): MessageFormat | Answer => {
  const format = (query.get('format') ?? 'full').toLowerCase()
  if (!formats.includes(format)) return invalid(`Invalid value at 'format' (type: "${format}")`)
  const onlyMetadata = !scopes.some((granted) => reads.includes(granted))
  if (onlyMetadata && (format === 'full' || format === 'raw'))
    return failed(403, 'PERMISSION_DENIED', "Metadata scope doesn't allow format FULL", 'forbidden')
  return { format, headers: query.getAll('metadataHeaders') }
}

/** Ids are hexadecimal numbers: what is none is not looked for. */
const findMessage = (mailbox: Mailbox, id: string | undefined): Message | Answer => {
  if (!/^[0-9a-f]{1,16}$/.test(id ?? '')) return invalid('Invalid id value')
  return mailbox.messages.find((message) => message.id === id) ?? missing()
}

const getMessage = own((call, mailbox) => {
  const message = findMessage(mailbox, call.params.id)
  if ('status' in message) return message
  const format = formatOf(call)
  return 'status' in format ? format : json(200, presentMessage(message, format, call.random))
})

const getThread = own((call, mailbox) => {
  if (!/^[0-9a-f]{1,16}$/.test(call.params.id ?? '')) return invalid('Invalid id value')
  const messages = mailbox.messages.filter(({ threadId }) => threadId === call.params.id)
  if (messages.length === 0) return missing()
  const format = formatOf(call)
  if ('status' in format) return format
  const oldestFirst = messages.toReversed().map((message) => presentMessage(message, format, call.random))
  return json(200, { id: call.params.id, historyId: '1000', messages: oldestFirst })
})

const getAttachment = own(({ params }, mailbox) => {
  const message = findMessage(mailbox, params.messageId)
  if ('status' in message) return message
  const place = readAttachmentId(params.id ?? '')
  const file = walkMime(message.mime).find(({ number }) => number === place?.number)
  if (place?.id !== message.id || !file) return invalid('Invalid attachment token')
  return json(200, { size: file.part.content.length, data: file.part.content.toString('base64url') })
})

const bodyOf = (call: ApiCall): Record<string, unknown> =>
  typeof call.body === 'object' && call.body !== null ? (call.body as Record<string, unknown>) : {}

/**
 * The conversation that a mail was asked into: only where it also refers to one of its messages and has its subject
 * does the service put it there. Answers an error where there is no such conversation.
 */
const placeOf = (mailbox: Mailbox, letter: Letter, asked: unknown): string | undefined | Answer => {
  if (typeof asked !== 'string' || asked === '') return undefined
  const thread = mailbox.messages.filter(({ threadId }) => threadId === asked)
  if (thread.length === 0) return missing()
  const refers = threadOf(mailbox, letter)?.threadId === asked
  return refers && thread.some((message) => plainSubject(message) === plainSubject(letter))
    ? asked
    : undefined
}

const sendMessage = own((call, mailbox) => {
  const { raw, threadId } = bodyOf(call)
  const letter = readRaw(raw)
  if (!letter)
    return invalid("'raw' RFC822 payload message string or uploading message via /upload/* URL required")
  const refused = refusedRecipients(letter)
  if (refused) return refused
  const place = placeOf(mailbox, letter, threadId)
  return typeof place === 'object' ? place : sent(deliver(call, mailbox, letter, place))
})

const sent = ({ id, threadId, labelIds }: Message): Answer => json(200, { id, threadId, labelIds })

const refusedRecipients = (letter: Letter): Answer | null => {
  if (recipientsOf(letter).length === 0) return invalid('Recipient address required')
  const wrong = recipientsOf(letter).find((recipient) => !/^[^\s@<>]+@[^\s@<>]+$/.test(recipient))
  return wrong === undefined ? null : invalid('Invalid To header')
}

/** Into the sender's SENT, the outbox, and the INBOX of every recipient whom the sandbox has. */
const deliver = (call: ApiCall, mailbox: Mailbox, letter: Letter, threadId?: string): Message => {
  const facts = { account: call.account, at: call.now }
  const message = newMessage(call.random, letter, {
    ...facts,
    labelIds: ['SENT'],
    ...(threadId ? { threadId } : {}),
  })
  mailbox.messages.unshift(message)
  mailbox.historyId += 1
  for (const recipient of recipientsOf(letter)) {
    const other = call.dataOf(recipient) as Mailbox | undefined
    if (!other) continue
    const thread = threadOf(other, letter)?.threadId
    const labelIds = ['INBOX', 'UNREAD']
    const messageId = field(message, 'Message-ID')
    const copy = { ...facts, labelIds, messageId, ...(thread ? { threadId: thread } : {}) }
    other.messages.unshift(newMessage(call.random, letter, copy, true))
  }
  const [to, cc, bcc, subject, inReplyTo, references] = [
    'To',
    'Cc',
    'Bcc',
    'Subject',
    'In-Reply-To',
    'References',
  ].map((name) => field(letter, name))
  call.send({
    kind: 'mail',
    summary: `to ${to}: ${subject || '(no subject)'}`,
    detail: {
      id: message.id,
      thread_id: message.threadId,
      to,
      ...(cc ? { cc } : {}),
      ...(bcc ? { bcc } : {}),
      subject,
      text: bodyText(letter).replaceAll('\r\n', '\n').trimEnd(),
      ...(inReplyTo ? { in_reply_to: inReplyTo } : {}),
      ...(references ? { references } : {}),
      ...attachmentsOf(letter),
    },
  })
  return message
}

const attachmentsOf = (letter: Letter): Record<string, unknown> => {
  const attachments = filesOf(letter).map(({ part: { filename, type, content } }) => ({
    filename,
    type,
    size: content.length,
  }))
  return attachments.length > 0 ? { attachments } : {}
}

/** Set by the service alone. */
const fixedLabels = ['SENT', 'DRAFT', 'CHAT']

const modifyMessage = own((call, mailbox) => {
  const message = findMessage(mailbox, call.params.id)
  if ('status' in message) return message
  const { addLabelIds = [], removeLabelIds = [] } = bodyOf(call)
  if (!Array.isArray(addLabelIds) || !Array.isArray(removeLabelIds)) return invalid('Invalid label list')
  if (addLabelIds.length + removeLabelIds.length === 0) return invalid('No label add or removes specified')
  const unknown = [...addLabelIds, ...removeLabelIds].find(
    (id) => fixedLabels.includes(id) || !mailbox.labels.some((label) => label.id === id),
  )
  if (unknown !== undefined) return invalid(`Invalid label: ${unknown}`)
  const removed = addLabelIds.includes('TRASH') ? [...removeLabelIds, 'INBOX'] : removeLabelIds
  message.labelIds = [...new Set([...message.labelIds, ...addLabelIds])].filter((id) => !removed.includes(id))
  return sent(message)
})

const listLabels = own((_call, mailbox) =>
  json(200, {
    labels: mailbox.labels.map((label) =>
      label.type === 'system'
        ? label
        : { ...label, messageListVisibility: 'show', labelListVisibility: 'labelShow' },
    ),
  }),
)

const listDrafts = own(({ query }, mailbox) => paged('drafts', mailbox.drafts.map(presentDraft), query))

const presentDraft = ({ id, message }: Draft) => ({
  id,
  message: { id: message.id, threadId: message.threadId, labelIds: message.labelIds },
})

const getDraft = own((call, mailbox) => {
  const draft = mailbox.drafts.find(({ id }) => id === call.params.id)
  if (!draft) return missing()
  const format = formatOf(call)
  return 'status' in format
    ? format
    : json(200, { id: draft.id, message: presentMessage(draft.message, format, call.random) })
})

const createDraft = own((call, mailbox) => {
  const { raw, threadId } = (bodyOf(call).message ?? {}) as { raw?: unknown; threadId?: unknown }
  const letter = readRaw(raw)
  if (!letter) return invalid('Missing draft message')
  const place = placeOf(mailbox, letter, threadId)
  if (typeof place === 'object') return place
  const message = newMessage(call.random, letter, {
    account: call.account,
    at: call.now,
    labelIds: ['DRAFT'],
    ...(place ? { threadId: place } : {}),
  })
  const draft = { id: `r-${BigInt(`0x${randomHex(call.random, 7)}`)}`, message }
  mailbox.drafts.unshift(draft)
  mailbox.messages.unshift(message)
  return json(200, presentDraft(draft))
})

const sendDraft = own((call, mailbox) => {
  const draft = mailbox.drafts.find(({ id }) => id === bodyOf(call).id)
  if (!draft) return missing()
  const refused = refusedRecipients(draft.message)
  if (refused) return refused
  mailbox.drafts.splice(mailbox.drafts.indexOf(draft), 1)
  mailbox.messages.splice(mailbox.messages.indexOf(draft.message), 1)
  const { threadId, id } = draft.message
  return sent(deliver(call, mailbox, draft.message, threadId === id ? undefined : threadId))
})

const user = '/gmail/v1/users/:userId'

/** gmail.googleapis.com and openidconnect.googleapis.com, as far as a connection test and a small tool set go. */
export const gmailRoutes: ApiRoute[] = [
  {
    method: 'GET',
    path: `${user}/profile`,
    endpoint: 'account',
    scopes: [...readsMetadata, scope('gmail.compose')],
    handle: profile,
  },
  { method: 'GET', path: `${user}/messages`, endpoint: 'api', scopes: readsMetadata, handle: listMessages },
  { method: 'POST', path: `${user}/messages/send`, endpoint: 'api', scopes: sends, handle: sendMessage },
  { method: 'GET', path: `${user}/messages/:id`, endpoint: 'api', scopes: readsMetadata, handle: getMessage },
  {
    method: 'POST',
    path: `${user}/messages/:id/modify`,
    endpoint: 'api',
    scopes: modifies,
    handle: modifyMessage,
  },
  {
    method: 'GET',
    path: `${user}/messages/:messageId/attachments/:id`,
    endpoint: 'api',
    scopes: reads,
    handle: getAttachment,
  },
  { method: 'GET', path: `${user}/threads/:id`, endpoint: 'api', scopes: readsMetadata, handle: getThread },
  {
    method: 'GET',
    path: `${user}/labels`,
    endpoint: 'api',
    scopes: [...readsMetadata, scope('gmail.labels')],
    handle: listLabels,
  },
  {
    method: 'GET',
    path: `${user}/drafts`,
    endpoint: 'api',
    scopes: [...composes, scope('gmail.readonly')],
    handle: listDrafts,
  },
  { method: 'POST', path: `${user}/drafts`, endpoint: 'api', scopes: composes, handle: createDraft },
  { method: 'POST', path: `${user}/drafts/send`, endpoint: 'api', scopes: composes, handle: sendDraft },
  {
    method: 'GET',
    path: `${user}/drafts/:id`,
    endpoint: 'api',
    scopes: [...composes, scope('gmail.readonly')],
    handle: getDraft,
  },
]
