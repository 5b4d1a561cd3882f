/** One part of a mail (RFC 2045, RFC 2046): its own headers, and either bytes or further parts. */
export type MimePart = {
  /** As they were written, unfolded, encoded words read. */
  headers: { name: string; value: string }[]
  /** Lower-case, without parameters. */
  type: string
  charset: string | null
  /** Empty where the part is no file. */
  filename: string
  /** Without its transfer encoding. */
  content: Buffer
  parts: MimePart[]
}

/** Reads a mail, as far as a fake mailbox needs it. What is no MIME is plain text. */
export const readMime = (bytes: Buffer): MimePart => {
  // Latin 1 keeps every byte, so that bodies can be cut out of the text and turned back.
  const all = bytes.toString('latin1')
  const blank = /\r?\n\r?\n/.exec(all)
  const headers = readHeaders(blank ? all.slice(0, blank.index) : all)
  const body = blank ? all.slice(blank.index + blank[0].length) : ''
  const contentType = headerOf(headers, 'Content-Type') ?? 'text/plain'
  const type = contentType.split(';')[0]!.trim().toLowerCase()
  const boundary = parameterOf(contentType, 'boundary')
  const inner = type.startsWith('multipart/') && boundary !== null ? splitBody(body, boundary) : []
  const filename =
    parameterOf(headerOf(headers, 'Content-Disposition') ?? '', 'filename') ??
    parameterOf(contentType, 'name')
  return {
    headers,
    type,
    charset: parameterOf(contentType, 'charset'),
    filename: filename ?? '',
    content:
      inner.length > 0
        ? Buffer.alloc(0)
        : decodeTransfer(body, headerOf(headers, 'Content-Transfer-Encoding') ?? ''),
    parts: inner.map((part) => readMime(Buffer.from(part, 'latin1'))),
  }
}

/** The first of this name, whatever its case. */
export const headerOf = (headers: MimePart['headers'], name: string): string | null =>
  headers.find((header) => header.name.toLowerCase() === name.toLowerCase())?.value ?? null

/** Every part, the mail itself first, with its number as Gmail counts: `''`, `'0'`, `'0.1'`. */
export const walkMime = (part: MimePart, number = ''): { part: MimePart; number: string }[] => [
  { part, number },
  ...part.parts.flatMap((inner, index) => walkMime(inner, number === '' ? `${index}` : `${number}.${index}`)),
]

/** The text in UTF-8, whatever it was written in. */
export const textOf = ({ content, charset }: Pick<MimePart, 'content' | 'charset'>): string => {
  try {
    return new TextDecoder(charset ?? 'utf-8').decode(content)
  } catch {
    return content.toString()
  }
}

const readHeaders = (head: string): MimePart['headers'] =>
  Buffer.from(head, 'latin1')
    .toString()
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
    .flatMap((line) => {
      const [, name, value] = /^([^\s:]+):\s*(.*)$/.exec(line) ?? []
      return name ? [{ name, value: decodeWords(value!.trim()) }] : []
    })

const splitBody = (body: string, boundary: string): string[] => {
  const pieces = `\r\n${body}`.split(`\n--${boundary}`)
  return pieces
    .slice(1)
    .filter((piece) => !piece.startsWith('--'))
    .map((piece) => piece.replace(/^[ \t]*\r?\n/, '').replace(/\r$/, ''))
}

const decodeTransfer = (body: string, encoding: string): Buffer => {
  if (/^base64$/i.test(encoding.trim())) return Buffer.from(body, 'base64')
  if (!/^quoted-printable$/i.test(encoding.trim())) return Buffer.from(body, 'latin1')
  return Buffer.from(
    body
      .replace(/[ \t]+(?=\r?\n|$)/g, '')
      .replace(/=\r?\n/g, '')
      .replace(/=([0-9a-f]{2})/gi, (_hex, digits) => String.fromCharCode(Number.parseInt(digits, 16))),
    'latin1',
  )
}

/** A parameter of a structured header; RFC 2231 continuations and charsets too. */
const parameterOf = (value: string, name: string): string | null => {
  const found = [
    ...value.matchAll(/;\s*([^\s=;*]+)(?:\*(\d+))?(\*)?\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]*))/g),
  ].filter(([, key]) => key!.toLowerCase() === name)
  if (found.length === 0) return null
  const pieces = found.sort((a, b) => Number(a[2] ?? 0) - Number(b[2] ?? 0))
  const bytes = pieces.map(([, , , extended, quoted, plain]) => {
    const text = quoted === undefined ? plain! : quoted.replace(/\\(.)/g, '$1')
    return extended ? unescapePercent(text.replace(/^[\w-]*'[\w-]*'/, '')) : Buffer.from(text)
  })
  return decodeWords(Buffer.concat(bytes).toString())
}

const unescapePercent = (text: string): Buffer =>
  Buffer.from(
    text.replace(/%([0-9a-f]{2})/gi, (_hex, digits) => String.fromCharCode(Number.parseInt(digits, 16))),
    'latin1',
  )

/** RFC 2047 encoded words; white space between two of them is not part of the text. */
export const decodeWords = (text: string): string =>
  text.replace(/(\?=)\s+(?==\?)/g, '$1').replace(/(?:=\?[\w-]+\?[bq]\?[^?]*\?=)+/gi, (run) => {
    const pieces: { charset: string; bytes: Buffer[] }[] = []
    for (const [, charset, kind, content] of run.matchAll(/=\?([\w-]+)\?([bq])\?([^?]*)\?=/gi)) {
      // Words of one charset that follow one another may share a character.
      if (pieces.at(-1)?.charset !== charset) pieces.push({ charset: charset!, bytes: [] })
      pieces
        .at(-1)!
        .bytes.push(
          kind!.toLowerCase() === 'b'
            ? Buffer.from(content!, 'base64')
            : decodeTransfer(content!.replaceAll('_', '=20'), 'quoted-printable'),
        )
    }
    return pieces.map(({ charset, bytes }) => textOf({ content: Buffer.concat(bytes), charset })).join('')
  })
