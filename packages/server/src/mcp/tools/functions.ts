import { convert } from 'html-to-text'
import type { Json } from './evaluate.ts'
import { sentNull } from './without-nulls.ts'

type Part = {
  mimeType?: string
  filename?: string
  headers?: { name: string; value: string }[]
  body?: { data?: string; size?: number; attachmentId?: string }
  parts?: Part[]
}

/** Bytes as text in their charset; what the charset does not know becomes U+FFFD. null stays null. */
export function base64urlText(data: Json | undefined, charset: Json | undefined = null): Json {
  if (typeof data !== 'string') return null
  return decoderOf(typeof charset === 'string' ? charset : 'utf-8').decode(Buffer.from(data, 'base64url'))
}

function decoderOf(charset: string) {
  try {
    return new TextDecoder(charset)
  } catch {
    // A charset that nobody knows: mail of old programs says such things, and most of it is ASCII.
    return new TextDecoder()
  }
}

/** HTML as a reader sees it, without scripts, styles and images; links keep their address. */
export function htmlText(html: Json | undefined): Json {
  if (typeof html !== 'string') return null
  return convert(html, {
    wordwrap: false,
    selectors: [
      { selector: 'img', format: 'skip' },
      { selector: 'a', options: { hideLinkHrefIfSameAsText: true, ignoreHref: false } },
    ],
    limits: { maxInputLength: 2_000_000 },
  })
}

/** At most so many characters, and then how many more there are. What is no text stays as it is. */
export function cut(text: Json | undefined, most: number): Json {
  if (typeof text !== 'string') return text ?? null
  const characters = text.length <= most ? null : [...text]
  if (characters === null || characters.length <= most) return text
  return `${characters.slice(0, most).join('')}… (${characters.length - most} more characters)`
}

/** The value with the nulls inside it meant: sent as such, to empty a field. A bare null is still nothing. */
export function keepNulls(value: Json | undefined): Json {
  if (Array.isArray(value)) return value.map(meant)
  if (typeof value !== 'object' || value === null) return value ?? null
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, meant(item)]))
}

const meant = (item: Json | undefined): Json =>
  item === null || item === undefined ? sentNull : keepNulls(item)

/** The value without the fields of this name, at every depth. */
export function without(value: Json | undefined, name: string): Json {
  if (Array.isArray(value)) return value.map((item) => without(item, name))
  if (typeof value !== 'object' || value === null) return value ?? null
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (key === name ? [] : [[key, without(item, name)]])),
  )
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

/** What a mail says, out of Gmail's tree of parts: the plain text, else the HTML as text. */
export function mailText(payload: Json | undefined): Json {
  const parts = partsOf(payload as Part | null).filter((part) => !part.filename)
  const texts = (type: string) =>
    parts
      .filter(({ mimeType, body }) => mimeType?.toLowerCase() === type && body?.data)
      .map((part) => base64urlText(part.body!.data!, charsetOf(part)) as string)
  const plain = texts('text/plain')
  if (plain.length > 0) return plain.join('\n').trim()
  const html = texts('text/html')
  return html.length > 0 ? html.map((one) => htmlText(one) as string).join('\n') : null
}

/** The files of a mail: `{filename, type, size, attachment_id}`. */
export function mailAttachments(payload: Json | undefined): Json {
  return partsOf(payload as Part | null)
    .filter(({ filename }) => filename)
    .map(({ filename, mimeType, body }) => ({
      filename: filename!,
      type: mimeType ?? null,
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
