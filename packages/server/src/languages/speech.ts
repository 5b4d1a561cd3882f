import type { IncomingHttpHeaders } from 'node:http'
import { type Html, html } from '../http/html.ts'
import { de } from './de.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import { fr } from './fr.ts'
import { ja } from './ja.ts'
import { chooseLanguage, type Language } from './language.ts'
import type { Messages } from './messages.ts'
import { pt } from './pt.ts'

export const catalogues: Record<Language, Messages> = { en, de, fr, es, pt, ja }

export type Key = keyof typeof en

/** What a message in English has in braces. */
type Named<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Named<Rest>
  : never
type Values<K extends Key, Value> = [Named<(typeof en)[K]>] extends [never]
  ? []
  : [{ [Name in Named<(typeof en)[K]>]: Value }]

/** The messages in one language. */
export type Speech = {
  language: Language
  /** A message as text; whoever puts it into markup escapes it. */
  say<K extends Key>(key: K, ...values: Values<K, string>): string
  /** A message as markup, in which names may be marked up. */
  mark<K extends Key>(key: K, ...values: Values<K, string | Html>): Html
  /** How long before `now` it was: “3 hours ago”. Both in milliseconds since the epoch. */
  ago(at: number, now: number): string
}

const placeholder = /\{(\w+)\}/

export function speechIn(language: Language): Speech {
  const messages = catalogues[language]
  return {
    language,
    say: (key, ...[values]) =>
      messages[key]
        .split(placeholder)
        .map((part, i) => (i % 2 === 0 ? part : String((values as Record<string, string>)[part])))
        .join(''),
    mark: (key, ...[values]) =>
      html`${messages[key]
        .split(placeholder)
        .map((part, i) => (i % 2 === 0 ? part : (values as Record<string, string | Html>)[part]))}`,
    ago: (at, now) => inWords(language, now - at),
  }
}

/** In the language that the browser asks for. */
export const speechOf = (headers: IncomingHttpHeaders): Speech =>
  speechIn(chooseLanguage(headers['accept-language']))

const units = [
  ['year', 365 * 86_400_000],
  ['month', 30 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

function inWords(language: Language, ms: number): string {
  const [unit, length] = units.find(([, length]) => ms >= length) ?? ['minute', 60_000]
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(-Math.floor(ms / length), unit)
}
