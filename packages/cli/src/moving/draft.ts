import type { ImportItem } from '@grantry/sdk'

/** A connection as a file tells of it, before it is known which integration here it belongs to. */
export type Draft = {
  key: string
  /** What the file calls its integration: an id, a name, another product's key. */
  integration: string | null
  provider: string | null
  /** Of the OAuth app that its tokens were granted to; null where the file does not say. */
  clientId: string | null
  item: Omit<ImportItem, 'key' | 'integration'>
  /** What is in the file and cannot come along. */
  notes: string[]
}

/** What is wrong with one line; it names fields, and never quotes what stands in them. */
export class LineFault extends Error {
  override readonly name = 'LineFault'
  readonly path: string

  constructor(path: string, message: string) {
    super(message)
    this.path = path
  }
}

/** One record of a file: where it begins, counted from 1, and what was made of it. */
export type Entry = { line: number } & ({ draft: Draft } | { key: string | null; fault: LineFault })

/** Makes an entry of a record, whatever it throws. */
export function toEntry(line: number, record: unknown, read: (record: Fields) => Draft): Entry {
  try {
    if (typeof record !== 'object' || record === null || Array.isArray(record))
      throw new LineFault('', 'is not an object')
    return { line, draft: read(record as Fields) }
  } catch (error) {
    if (!(error instanceof LineFault)) throw error
    return { line, key: null, fault: error }
  }
}

export type Fields = Record<string, unknown>

/** Text, or null where there is none; an empty one is none. */
export function textOf(fields: Fields, name: string, path = name): string | null {
  const value = fields[name]
  if (value === undefined || value === null || value === '') return null
  if (typeof value === 'string') return value
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  throw new LineFault(path, 'must be text')
}

/** An object, or an empty one where there is none. */
export function objectOf(fields: Fields, name: string, path = name): Fields {
  const value = fields[name]
  if (value === undefined || value === null) return {}
  if (typeof value === 'object' && !Array.isArray(value)) return value as Fields
  throw new LineFault(path, 'must be an object')
}

/** RFC 3339, or seconds or milliseconds since the epoch, as RFC 3339 in UTC. */
export function timeOf(fields: Fields, name: string, path = name): string | undefined {
  const text = textOf(fields, name, path)
  if (text === null) return undefined
  const number = /^\d{9,14}$/.test(text) ? Number(text) : null
  const date = new Date(number === null ? text : number < 1e11 ? number * 1000 : number)
  const told = number !== null || /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(text)
  if (!told || Number.isNaN(date.getTime()))
    throw new LineFault(path, 'must be a time, such as 2026-11-21T16:00:00Z')
  return date.toISOString()
}

/** Only what is there: the API refuses fields without a value. */
export function present<T extends object>(fields: T): T {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  ) as T
}
