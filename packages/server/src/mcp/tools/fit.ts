import type { Json } from './evaluate.ts'

/** Characters of JSON that one answer may have: about 25,000 tokens. */
const most = 100_000

/**
 * The value, short enough for a model: long texts are cut first, then lists lose their last items, and the answer says so.
 */
export function fit(value: Json): Json {
  if (sizeOf(value) <= most) return value
  for (const longest of [20_000, 5_000, 1_000]) {
    const shorter = cutTexts(value, longest)
    if (sizeOf(shorter) <= most) return told(shorter)
    value = shorter
  }
  for (let share = 0.5; share > 0.001; share /= 2) {
    const fewer = cutLists(value, share)
    if (sizeOf(fewer) <= most) return told(fewer)
  }
  return { truncated: 'The answer is too large to show. Ask for less: fewer items, or one by its id.' }
}

const sizeOf = (value: Json) => JSON.stringify(value).length

function told(value: Json): Json {
  const truncated = 'The answer was shortened. Ask for fewer items, or for one by its id, to see all of it.'
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? { ...value, truncated }
    : { value, truncated }
}

function cutTexts(value: Json, longest: number): Json {
  if (typeof value === 'string')
    return value.length <= longest
      ? value
      : `${value.slice(0, longest).toWellFormed()}… (${value.length - longest} more characters)`
  return each(value, (inner) => cutTexts(inner, longest))
}

function cutLists(value: Json, share: number): Json {
  const shorter = Array.isArray(value) ? value.slice(0, Math.ceil(value.length * share)) : value
  return each(shorter, (inner) => cutLists(inner, share))
}

function each(value: Json, change: (inner: Json) => Json): Json {
  if (Array.isArray(value)) return value.map(change)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, change(inner)]))
}
