import { isUtf8 } from 'node:buffer'
import addressParser from 'nodemailer/lib/addressparser'
import type { Json } from './evaluate.ts'
import { htmlText } from './html-text.ts'

type Part = {
  partId?: string
  mimeType?: string
  filename?: string
  headers?: { name: string; value: string }[]
  body?: { data?: string; size?: number; attachmentId?: string }
  parts?: Part[]
}

/** What a mail says, out of Gmail's tree of parts: the plain text, else the HTML as text. */
export function mailText(payload: Json | undefined): Json {
  const parts = partsOf(payload as Part | null).filter((part) => !part.filename)
  const texts = (type: string) =>
    parts
      .filter(({ mimeType, body }) => mimeType?.toLowerCase() === type && body?.data)
      .map((part) => base64urlText(part.body!.data!, charsetOf(part)) as string)
  // Some mailers send a blank text beside their HTML.
  const plain = texts('text/plain').join('\n').trim()
  if (plain !== '') return plain
  const html = texts('text/html')
  return html.length > 0 ? htmlText(html.join('<br>')) : null
}

/** The files of a mail: `{part_id, filename, type, charset, size, attachment_id}`. A part id stays, an attachment id is another one at each reading. */
export function mailAttachments(payload: Json | undefined): Json {
  return partsOf(payload as Part | null)
    .filter(({ filename }) => filename)
    .map((part) => ({ ...part, charset: charsetOf(part) }))
    .map(({ partId, filename, mimeType, charset, body }) => ({
      part_id: partId ?? null,
      filename: filename!,
      type: mimeType ?? null,
      charset,
      size: body?.size ?? null,
      attachment_id: body?.attachmentId ?? null,
    }))
}

function partsOf(part: Part | null | undefined, depth = 0): Part[] {
  if (!part || depth > 20) return []
  return [part, ...(part.parts ?? []).flatMap((inner) => partsOf(inner, depth + 1))]
}

function charsetOf({ headers }: Part): string | null {
  const type = header((headers ?? []) as Json, 'content-type')
  return typeof type === 'string' ? (/charset="?([^\s";]+)/i.exec(type)?.[1] ?? null) : null
}

/** The first of this name, whatever its case; null where there is none. */
export function header(headers: Json | undefined, name: string): Json {
  if (!Array.isArray(headers)) return null
  const wanted = name.toLowerCase()
  const found = (headers as unknown as NonNullable<Part['headers']>).find(
    (entry) => entry?.name?.toLowerCase() === wanted,
  )
  return found?.value ?? null
}

/** The people of an address header, one `"Name" <address>` each; [] for none. Groups are their members; a name that looks like an address is left out. */
export function mailAddresses(header: Json | undefined): Json {
  if (typeof header !== 'string') return []
  return addressParser(header, { flatten: true })
    .filter(({ address }) => address !== '')
    .map(({ name, address }) =>
      name === '' || /[@<>]/.test(name) ? address : `${JSON.stringify(name)} <${address}>`,
    )
}

/**
 * Bytes as text. What reads as UTF-8 is UTF-8, whatever charset is declared: Gmail answers text parts in UTF-8 below their old
 * headers. Else the charset counts, and without one windows-1252. What it does not know becomes U+FFFD. null stays null.
 */
export function base64urlText(data: Json | undefined, charset: Json | undefined = null): Json {
  if (typeof data !== 'string') return null
  const bytes = Buffer.from(data, 'base64url')
  const declared = typeof charset === 'string' ? charset : ''
  const [first = 0, second = 0] = bytes
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  // These write other scripts in bytes that are good UTF-8 too, but never without an escape or a zero.
  const escaped = /^(?:utf-?16|iso-2022)/i.test(declared) && (bytes.includes(0x1b) || bytes.includes(0))
  if (!escaped && isUtf8(bytes)) return new TextDecoder().decode(bytes)
  return decoderOf(declared || 'windows-1252').decode(bytes)
}

function decoderOf(charset: string) {
  try {
    return new TextDecoder(charset)
  } catch {
    // A charset that nobody knows: mail of old programs says such things, and most of it is ASCII.
    return new TextDecoder()
  }
}
