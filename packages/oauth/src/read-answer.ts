import type { TokenResponseQuirks } from './profile.ts'

/** A body brought to one object, or why it is not one. `empty` is a body of nothing but white space. */
export type Answer =
  | { is: 'object'; value: Record<string, unknown> }
  | { is: 'empty' | 'not_utf8' | 'unreadable' }

/**
 * Reads a body as a JSON or form-encoded object, by its look before its content type: JSON comes labelled as text,
 * HTML and form, and a page is never an answer. Bytes must be UTF-8 (RFC 8259 §8.1) whatever the charset says.
 * Rejects only where the body cannot be received.
 */
export async function readAnswer(
  response: Response,
  format: TokenResponseQuirks['format'] = 'auto',
): Promise<Answer> {
  const bytes = await response.arrayBuffer()
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim()
  } catch {
    return { is: 'not_utf8' }
  }
  if (text === '') return { is: 'empty' }
  const json = format === 'json' || (format === 'auto' && text.startsWith('{'))
  return (
    (json ? readJson(text) : readForm(text, response.headers.get('content-type'), format)) ?? {
      is: 'unreadable',
    }
  )
}

function readJson(text: string): Answer | null {
  try {
    const value: unknown = JSON.parse(text)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? { is: 'object', value: value as Record<string, unknown> } : null
  } catch {
    return null
  }
}

function readForm(
  text: string,
  contentType: string | null,
  format: TokenResponseQuirks['format'],
): Answer | null {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? ''
  const mayBeForm =
    format === 'form' || ['', 'text/plain', 'application/x-www-form-urlencoded'].includes(type)
  if (!mayBeForm || !/^[^\s<>=&{}]+=[^\s<>]*$/.test(text)) return null
  const value: Record<string, unknown> = Object.create(null)
  for (const [name, field] of new URLSearchParams(text)) {
    // RFC 6749 §3.1: no parameter twice; which of the two would be the token?
    if (name in value) return null
    value[name] = field
  }
  return { is: 'object', value }
}
