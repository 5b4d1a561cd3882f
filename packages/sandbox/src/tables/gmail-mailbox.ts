import { type Account, accounts } from '../accounts.ts'
import type { Random } from '../random.ts'
import { randomHex } from '../random.ts'

export type Message = {
  id: string
  threadId: string
  labelIds: string[]
  from: string
  to: string
  subject: string
  text: string
  /** Milliseconds since the epoch. */
  at: number
}

export type Draft = { id: string; message: Message }

/** One person's mail. Newest first. */
export type Mailbox = {
  messages: Message[]
  drafts: Draft[]
  labels: { id: string; name: string; type: 'system' | 'user' }[]
  historyId: number
}

const systemLabels = ['INBOX', 'SENT', 'DRAFT', 'UNREAD', 'STARRED', 'IMPORTANT', 'SPAM', 'TRASH']
const HOUR = 3_600_000

const letters: { subject: string; text: string; hours: number; labels: string[] }[] = [
  {
    subject: 'Notes on the engine',
    text: 'The new plate is engraved. Shall we meet on Thursday at ten?',
    hours: 2,
    labels: ['INBOX', 'UNREAD', 'IMPORTANT'],
  },
  {
    subject: 'A moth in relay 70',
    text: 'It is taped into the logbook. The machine runs again.',
    hours: 26,
    labels: ['INBOX'],
  },
  {
    subject: 'Invoice 2041',
    text: 'Please find the sum of 120.00 EUR enclosed. Payable within 30 days.',
    hours: 75,
    labels: ['INBOX', 'UNREAD'],
  },
  {
    subject: 'Re: Grüße aus Zürich ☀',
    text: 'Danke! Bis bald – wir sehen uns im Frühling.',
    hours: 120,
    labels: ['INBOX', 'STARRED'],
  },
]

/** The same letters for everybody, from the other people of the sandbox. Ids are fixed, so that a test can name them. */
export const seedMailbox = (account: Account, now: number): Mailbox => {
  const others = accounts.filter((other) => other !== account)
  return {
    messages: letters.map((letter, index) => {
      const from = others[index % others.length]!
      const id = (0x18c000000000000n + BigInt(account.number * 256 + index)).toString(16)
      return {
        id,
        threadId: id,
        labelIds: letter.labels,
        from: address(from),
        to: address(account),
        subject: letter.subject,
        text: letter.text,
        at: now - letter.hours * HOUR,
      }
    }),
    drafts: [],
    labels: systemLabels.map((name) => ({ id: name, name, type: 'system' })),
    historyId: 1000,
  }
}

export const address = (account: Account): string => `${account.name} <${account.email}>`

export const newMessage = (
  random: Random,
  facts: Omit<Message, 'id' | 'threadId'> & { threadId?: string },
): Message => {
  const id = `19${randomHex(random, 7)}`
  return { ...facts, id, threadId: facts.threadId ?? id }
}

/** Headers and text of a base64url RFC 5322 message, as far as a fake mailbox needs them; null where it is none. */
export const readRaw = (raw: unknown): { to: string; subject: string; text: string } | null => {
  if (typeof raw !== 'string' || !/^[\w+/=-]+$/.test(raw)) return null
  const message = Buffer.from(raw, 'base64url').toString()
  const blank = /\r?\n\r?\n/.exec(message)
  const head = blank ? message.slice(0, blank.index) : message
  const text = blank ? message.slice(blank.index + blank[0].length) : ''
  const unfolded = head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)
  const header = (name: string) =>
    unfolded
      .find((line) => line.toLowerCase().startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim() ?? ''
  return { to: header('to'), subject: decodeWords(header('subject')), text }
}

/** RFC 2047 encoded words, UTF-8 only. */
const decodeWords = (text: string): string =>
  text.replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_whole, kind: string, content: string) =>
    kind.toLowerCase() === 'b'
      ? Buffer.from(content, 'base64').toString()
      : Buffer.from(
          content
            .replaceAll('_', ' ')
            .replace(/=([0-9a-f]{2})/gi, (_hex, digits) => String.fromCharCode(Number.parseInt(digits, 16))),
          'latin1',
        ).toString(),
  )

/** The addresses of a To header, without names. */
export const addressesOf = (to: string): string[] =>
  to
    .split(',')
    .map((part) => (/<([^>]+)>/.exec(part)?.[1] ?? part).trim().toLowerCase())
    .filter((part) => part !== '')
