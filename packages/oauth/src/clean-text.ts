import type { Secret } from './secret.ts'

const longest = 300

/**
 * A provider's words, fit to be shown and stored: one line of at most 300 characters, without control and format
 * characters (which reorder or hide text), and with whatever secret was sent along replaced, also in the encodings
 * in which a request carries it. Null when nothing is left.
 */
export function cleanText(text: unknown, secrets: Secret[] = []): string | null {
  if (typeof text !== 'string') return null
  let clean = text
    .toWellFormed()
    .replace(/[\s\u2028\u2029]+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
  for (const form of secrets.flatMap(encodings).sort((a, b) => b.length - a.length)) {
    clean = clean.replaceAll(form, '[redacted]')
  }
  clean = clean.trim()
  return clean === ''
    ? null
    : clean.length > longest
      ? `${clean.slice(0, longest - 1).toWellFormed()}…`
      : clean
}

function encodings(secret: Secret): string[] {
  const text = secret.expose()
  // A very short secret would blot out ordinary words.
  if (text.length < 4) return []
  const form = new URLSearchParams({ s: text }).toString().slice(2)
  const json = JSON.stringify(text).slice(1, -1)
  return [...new Set([text, encodeURIComponent(text.toWellFormed()), form, json])]
}
