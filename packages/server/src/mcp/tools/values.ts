import type { Json } from './evaluate.ts'
import { sentNull } from './without-nulls.ts'

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
