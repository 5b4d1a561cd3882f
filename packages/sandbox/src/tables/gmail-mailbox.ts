import { type Account, accounts } from '../accounts.ts'
import type { Random } from '../random.ts'
import { randomHex } from '../random.ts'
import { gmailLetters } from './gmail-letters.ts'
import { headerOf, type MimePart, readMime, textOf, walkMime } from './gmail-mime.ts'

export type Message = {
  id: string
  threadId: string
  labelIds: string[]
  raw: Buffer
  mime: MimePart
  /** Milliseconds since the epoch. */
  at: number
}

export type Draft = { id: string; message: Message }

/** One person's mail. Newest first; the messages of drafts are among the messages. */
export type Mailbox = {
  messages: Message[]
  drafts: Draft[]
  labels: { id: string; name: string; type: 'system' | 'user' }[]
  historyId: number
}

const systemLabels = [
  'CHAT',
  'SENT',
  'INBOX',
  'IMPORTANT',
  'TRASH',
  'DRAFT',
  'SPAM',
  'CATEGORY_PERSONAL',
  'STARRED',
  'UNREAD',
]
const HOUR = 3_600_000

/** The same letters for everybody, from the other people of the sandbox. Ids are fixed, so that a test can name them. */
export const seedMailbox = (account: Account, now: number): Mailbox => {
  const others = accounts.filter((other) => other !== account)
  return {
    messages: gmailLetters.map((letter, index) => {
      const at = now - letter.hours * HOUR
      const id = (0x18c000000000000n + BigInt(account.number * 256 + index)).toString(16)
      const head = [
        `From: ${address(others[index % others.length]!)}`,
        `To: ${address(account)}`,
        `Date: ${new Date(at).toUTCString()}`,
        `Message-ID: <${id}@mail.example.com>`,
        'MIME-Version: 1.0',
      ]
      const raw = Buffer.from(`${head.join('\r\n')}\r\n${letter.mime.replaceAll(/\r?\n/g, '\r\n')}`)
      return { id, threadId: id, labelIds: letter.labels, at, raw, mime: readMime(raw) }
    }),
    drafts: [],
    labels: [
      ...systemLabels.map((name) => ({ id: name, name, type: 'system' as const })),
      { id: 'Label_1', name: 'Receipts', type: 'user' as const },
    ],
    historyId: 1000,
  }
}

export const address = (account: Account): string => `${account.name} <${account.email}>`

/** A mail as its sender wrote it; what the service adds stands before it. */
export type Letter = { raw: Buffer; mime: MimePart }

/** A base64url RFC 5322 message; null where it is none. */
export const readRaw = (raw: unknown): Letter | null => {
  if (typeof raw !== 'string' || !/^[\w+/-]+=*$/.test(raw)) return null
  const bytes = Buffer.from(raw, 'base64url')
  return { raw: bytes, mime: readMime(bytes) }
}

/** With the sender, the date and an id of its own, as the service gives them; `hideBcc` for the copies of recipients. */
export const newMessage = (
  random: Random,
  letter: Letter,
  facts: { account: Account; at: number; labelIds: string[]; threadId?: string; messageId?: string },
  hideBcc = false,
): Message => {
  const id = `19${randomHex(random, 7)}`
  const given = ['from', 'date', 'message-id', ...(hideBcc ? ['bcc'] : [])]
  const head = [
    `From: ${address(facts.account)}`,
    `Date: ${new Date(facts.at).toUTCString()}`,
    `Message-ID: ${facts.messageId ?? `<CA${id}@mail.gmail.com>`}`,
  ]
  const raw = Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n`), withoutHeaders(letter.raw, given)])
  const { at, labelIds } = facts
  return { id, threadId: facts.threadId ?? id, labelIds: [...labelIds], at, raw, mime: readMime(raw) }
}

const withoutHeaders = (raw: Buffer, names: string[]): Buffer => {
  const all = raw.toString('latin1')
  const blank = /\r?\n\r?\n/.exec(all)
  const head = blank ? all.slice(0, blank.index) : all
  const kept = head
    .split(/\r?\n(?![ \t])/)
    .filter((line) => !names.includes(line.split(':')[0]!.trim().toLowerCase()))
  return Buffer.from(`${kept.join('\r\n')}${blank ? all.slice(blank.index) : '\r\n\r\n'}`, 'latin1')
}

export const field = ({ mime }: Letter, name: string): string => headerOf(mime.headers, name) ?? ''

/** What it says: the first plain text, else the HTML as it is. */
export const bodyText = ({ mime }: Letter): string => {
  const texts = walkMime(mime).filter(({ part }) => part.type.startsWith('text/') && part.filename === '')
  const { part } = texts.find((one) => one.part.type === 'text/plain') ?? texts[0] ?? {}
  return part ? textOf(part) : ''
}

export const filesOf = ({ mime }: Letter) => walkMime(mime).filter(({ part }) => part.filename !== '')

/** The addresses of To, Cc and Bcc, without names. */
export const recipientsOf = (letter: Letter): string[] => [
  ...new Set(['To', 'Cc', 'Bcc'].flatMap((name) => addressesOf(field(letter, name)))),
]

const addressesOf = (list: string): string[] =>
  list
    .replace(/"(?:[^"\\]|\\.)*"/g, '')
    .split(',')
    .map((part) => (/<([^>]+)>/.exec(part)?.[1] ?? part).trim().toLowerCase())
    .filter((part) => part !== '')

/** The conversation that a mail belongs to: one that holds a message which it refers to. */
export const threadOf = (mailbox: Mailbox, letter: Letter): Message | undefined => {
  const named = `${field(letter, 'In-Reply-To')} ${field(letter, 'References')}`
    .split(/\s+/)
    .filter((id) => id !== '')
  return mailbox.messages.find((message) => named.includes(field(message, 'Message-ID')))
}

/** Without what answering and forwarding put before it. */
export const plainSubject = (letter: Letter): string =>
  field(letter, 'Subject')
    .replace(/^(?:(?:re|fwd?|aw|wg):\s*)+/i, '')
    .trim()
    .toLowerCase()
