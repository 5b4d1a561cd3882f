import { type Answer, json } from '../answer.ts'
import type { ApiCall, ApiRoute } from '../provider-table.ts'
import { randomHex } from '../random.ts'
import {
  address,
  addressesOf,
  type Draft,
  type Mailbox,
  type Message,
  newMessage,
  readRaw,
} from './gmail-mailbox.ts'
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

const listMessages = own(({ query }, mailbox) => {
  const labels = query.getAll('labelIds')
  const found = mailbox.messages
    .filter((message) => labels.every((label) => message.labelIds.includes(label)))
    .filter(
      (message) =>
        query.get('includeSpamTrash') === 'true' ||
        !message.labelIds.some((label) => label === 'SPAM' || label === 'TRASH'),
    )
    .filter(matching(query.get('q') ?? ''))
  return paged(
    'messages',
    found.map(({ id, threadId }) => ({ id, threadId })),
    query,
  )
})

/** The commonest search operators; other words are looked for in subject, text and addresses. */
const matching = (search: string) => {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  return (message: Message) =>
    words.every((word) => {
      const [, operator, value = ''] = /^(\w+):(.*)$/.exec(word) ?? []
      if (operator === 'from') return message.from.toLowerCase().includes(value)
      if (operator === 'to') return message.to.toLowerCase().includes(value)
      if (operator === 'subject') return message.subject.toLowerCase().includes(value)
      if (operator === 'is' || operator === 'in' || operator === 'label')
        return message.labelIds.includes(value.toUpperCase())
      return `${message.subject} ${message.text} ${message.from} ${message.to}`.toLowerCase().includes(word)
    })
}

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

const getMessage = own(({ params, query, scopes }, mailbox) => {
  const message = mailbox.messages.find(({ id }) => id === params.id)
  if (!message) return missing()
  const format = query.get('format') ?? 'full'
  const onlyMetadata = !scopes.some((granted) => reads.includes(granted))
  if (onlyMetadata && (format === 'full' || format === 'raw'))
    return failed(403, 'PERMISSION_DENIED', "Metadata scope doesn't allow format FULL", 'forbidden')
  return json(200, present(message, format))
})

const present = (message: Message, format: string): Record<string, unknown> => {
  const body = Buffer.from(message.text)
  const headers = [
    { name: 'From', value: message.from },
    { name: 'To', value: message.to },
    { name: 'Subject', value: message.subject },
    { name: 'Date', value: new Date(message.at).toUTCString() },
    { name: 'Message-ID', value: `<${message.id}@mail.example.com>` },
    { name: 'Content-Type', value: 'text/plain; charset="UTF-8"' },
  ]
  const raw = `${headers.map(({ name, value }) => `${name}: ${value}`).join('\r\n')}\r\n\r\n${message.text}`
  return {
    id: message.id,
    threadId: message.threadId,
    labelIds: message.labelIds,
    snippet: message.text.replace(/\s+/g, ' ').slice(0, 200),
    sizeEstimate: Buffer.byteLength(raw),
    historyId: '1000',
    internalDate: String(message.at),
    ...(format === 'raw' ? { raw: Buffer.from(raw).toString('base64url') } : {}),
    ...(format === 'full' || format === 'metadata'
      ? {
          payload: {
            partId: '',
            mimeType: 'text/plain',
            filename: '',
            headers,
            ...(format === 'full' ? { body: { size: body.length, data: body.toString('base64url') } } : {}),
          },
        }
      : {}),
  }
}

const bodyOf = (call: ApiCall): Record<string, unknown> =>
  typeof call.body === 'object' && call.body !== null ? (call.body as Record<string, unknown>) : {}

const sendMessage = own((call, mailbox) => {
  const { raw, threadId } = bodyOf(call)
  const read = readRaw(raw)
  if (!read)
    return invalid("'raw' RFC822 payload message string or uploading message via /upload/* URL required")
  if (addressesOf(read.to).length === 0) return invalid('Recipient address required')
  const message = deliver(call, mailbox, read, typeof threadId === 'string' ? threadId : undefined)
  return json(200, { id: message.id, threadId: message.threadId, labelIds: message.labelIds })
})

/** Into the sender's SENT, the outbox, and the INBOX of every recipient whom the sandbox has. */
const deliver = (
  call: ApiCall,
  mailbox: Mailbox,
  letter: { to: string; subject: string; text: string },
  threadId?: string,
): Message => {
  const facts = { ...letter, from: address(call.account), at: call.now, ...(threadId ? { threadId } : {}) }
  const message = newMessage(call.random, { ...facts, labelIds: ['SENT'] })
  mailbox.messages.unshift(message)
  mailbox.historyId += 1
  for (const recipient of addressesOf(letter.to)) {
    const other = call.dataOf(recipient) as Mailbox | undefined
    other?.messages.unshift({
      ...newMessage(call.random, { ...facts, labelIds: ['INBOX', 'UNREAD'] }),
      threadId: message.threadId,
    })
  }
  call.send({
    kind: 'mail',
    summary: `to ${letter.to}: ${letter.subject || '(no subject)'}`,
    detail: { id: message.id, to: letter.to, subject: letter.subject, text: letter.text },
  })
  return message
}

const modifyMessage = own((call, mailbox) => {
  const message = mailbox.messages.find(({ id }) => id === call.params.id)
  if (!message) return missing()
  const { addLabelIds = [], removeLabelIds = [] } = bodyOf(call)
  if (!Array.isArray(addLabelIds) || !Array.isArray(removeLabelIds)) return invalid('Invalid label list')
  const unknown = [...addLabelIds, ...removeLabelIds].find(
    (id) => !mailbox.labels.some((label) => label.id === id),
  )
  if (unknown !== undefined) return invalid(`Invalid label: ${unknown}`)
  message.labelIds = [...new Set([...message.labelIds, ...addLabelIds])].filter(
    (id) => !removeLabelIds.includes(id),
  )
  return json(200, { id: message.id, threadId: message.threadId, labelIds: message.labelIds })
})

const listLabels = own((_call, mailbox) =>
  json(200, {
    labels: mailbox.labels.map((label) => ({
      ...label,
      messageListVisibility: 'show',
      labelListVisibility: 'labelShow',
    })),
  }),
)

const listDrafts = own(({ query }, mailbox) => paged('drafts', mailbox.drafts.map(presentDraft), query))

const presentDraft = ({ id, message }: Draft) => ({
  id,
  message: { id: message.id, threadId: message.threadId },
})

const getDraft = own(({ params, query }, mailbox) => {
  const draft = mailbox.drafts.find(({ id }) => id === params.id)
  return draft
    ? json(200, { id: draft.id, message: present(draft.message, query.get('format') ?? 'full') })
    : missing()
})

const createDraft = own((call, mailbox) => {
  const read = readRaw((bodyOf(call).message as { raw?: unknown } | undefined)?.raw)
  if (!read) return invalid('Missing draft message')
  const message = newMessage(call.random, {
    ...read,
    from: address(call.account),
    at: call.now,
    labelIds: ['DRAFT'],
  })
  const draft = { id: `r-${randomHex(call.random, 8)}`, message }
  mailbox.drafts.unshift(draft)
  return json(200, presentDraft(draft))
})

const sendDraft = own((call, mailbox) => {
  const draft = mailbox.drafts.find(({ id }) => id === bodyOf(call).id)
  if (!draft) return missing()
  mailbox.drafts.splice(mailbox.drafts.indexOf(draft), 1)
  const { to, subject, text } = draft.message
  const message = deliver(call, mailbox, { to, subject, text })
  return json(200, { id: message.id, threadId: message.threadId, labelIds: message.labelIds })
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
