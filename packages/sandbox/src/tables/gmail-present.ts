import { type Random, randomHex } from '../random.ts'
import { bodyText, type Message } from './gmail-mailbox.ts'
import { type MimePart, textOf } from './gmail-mime.ts'

export type MessageFormat = { format: string; headers: string[] }

/** A message as `messages.get` and `threads.get` tell it. */
export const presentMessage = (
  message: Message,
  { format, headers }: MessageFormat,
  random: Random,
): Record<string, unknown> => ({
  id: message.id,
  threadId: message.threadId,
  labelIds: message.labelIds,
  snippet: bodyText(message)
    .replace(/<style[\s\S]*?<\/style>|<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 200),
  sizeEstimate: message.raw.length,
  historyId: '1000',
  internalDate: String(message.at),
  ...(format === 'raw' ? { raw: message.raw.toString('base64url') } : {}),
  ...(format === 'metadata'
    ? { payload: { mimeType: message.mime.type, headers: chosen(message.mime.headers, headers) } }
    : {}),
  ...(format === 'full' ? { payload: presentPart(message, message.mime, '', random) } : {}),
})

const chosen = (headers: MimePart['headers'], wanted: string[]) =>
  wanted.length === 0
    ? headers
    : headers.filter(({ name }) => wanted.some((one) => one.toLowerCase() === name.toLowerCase()))

const presentPart = (
  message: Message,
  part: MimePart,
  number: string,
  random: Random,
): Record<string, unknown> => ({
  partId: number,
  mimeType: part.type,
  filename: part.filename,
  headers: part.headers,
  body: bodyOf(message, part, number, random),
  ...(part.parts.length > 0
    ? {
        parts: part.parts.map((inner, index) =>
          presentPart(message, inner, number === '' ? `${index}` : `${number}.${index}`, random),
        ),
      }
    : {}),
})

/** Texts are answered in UTF-8 whatever their headers say; files under an id that is another one at each reading. */
const bodyOf = (message: Message, part: MimePart, number: string, random: Random) => {
  if (part.parts.length > 0) return { size: 0 }
  if (part.filename !== '')
    return { attachmentId: attachmentId(message.id, number, random), size: part.content.length }
  const bytes = part.type.startsWith('text/') ? Buffer.from(textOf(part)) : part.content
  return { size: bytes.length, data: bytes.toString('base64url') }
}

const attachmentId = (id: string, number: string, random: Random) =>
  `ANGjdJ_${Buffer.from(`${randomHex(random, 16)} ${id} ${number}`).toString('base64url')}`

/** Message and part of an attachment id; null for what is none. */
export const readAttachmentId = (text: string): { id: string; number: string } | null => {
  const [, , id, number] =
    /^([0-9a-f]{32}) (\w+) ([\d.]*)$/.exec(
      Buffer.from(text.replace(/^ANGjdJ_/, ''), 'base64url').toString(),
    ) ?? []
  return id === undefined || number === undefined ? null : { id, number }
}
