import type { Json } from './evaluate.ts'

/** A null that is meant: it is sent, where others are left out. Known by identity, so that no argument can be one. */
export const sentNull: Json = Object.freeze({})

/** The value without the fields and items that are null, at every depth. */
export function withoutNulls(value: Json): Json {
  if (value === sentNull) return null
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) =>
      item === null || item === undefined ? [] : [[key, withoutNulls(item)]],
    ),
  )
}
