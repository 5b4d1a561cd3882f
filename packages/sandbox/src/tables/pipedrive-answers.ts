import { type Answer, json } from '../answer.ts'
import type { ApiCall } from '../provider-table.ts'
import type { Company } from './pipedrive-book.ts'

export const found = (data: unknown, additional?: unknown): Answer =>
  json(200, { success: true, data, ...(additional === undefined ? {} : { additional_data: additional }) })

/** A refusal by v1. */
export const failed = (status: number, error: string): Answer =>
  json(status, {
    success: false,
    error,
    error_info: 'Please check developers.pipedrive.com',
    data: null,
    additional_data: null,
  })

/** A refusal by v2. */
export const refused = (status: number, error: string): Answer =>
  json(status, {
    success: false,
    error,
    code: status === 404 ? 'ERR_NOT_FOUND' : 'ERR_SCHEMA_VALIDATION_FAILED',
  })

export const companyOf = (call: ApiCall): Company => call.data as Company

export const bodyOf = (call: ApiCall): Record<string, unknown> => {
  if (call.body instanceof URLSearchParams) return Object.fromEntries(call.body)
  return typeof call.body === 'object' && call.body !== null ? (call.body as Record<string, unknown>) : {}
}

export const nextId = (call: ApiCall): number => {
  companyOf(call).next += 1
  return companyOf(call).next
}

/** v1: `start` and `limit`, and null for an empty list. */
export const pagesByStart = <T>(
  items: T[],
  query: URLSearchParams,
  present: (item: T) => unknown,
): Answer => {
  const start = Number(query.get('start') ?? 0)
  const limit = Math.min(Number(query.get('limit') ?? 100), 500)
  if (!Number.isInteger(start) || !Number.isInteger(limit) || start < 0 || limit < 1)
    return failed(400, 'Bad request')
  const part = items.slice(start, start + limit)
  const more = start + limit < items.length
  return found(part.length > 0 ? part.map(present) : null, {
    pagination: {
      start,
      limit,
      more_items_in_collection: more,
      ...(more ? { next_start: start + limit } : {}),
    },
  })
}

/** v2: an opaque cursor; `wrap` puts the items where this endpoint has them. */
export const pagesByCursor = <T>(
  items: T[],
  query: URLSearchParams,
  present: (item: T) => unknown,
  wrap: (items: unknown[]) => unknown = (list) => list,
): Answer => {
  const limit = Number(query.get('limit') ?? 100)
  const cursor = query.get('cursor')
  const start = Number(
    cursor === null ? 0 : /^at:(\d+)$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1],
  )
  if (!Number.isInteger(limit) || limit < 1 || limit > 500)
    return refused(400, 'Validation failed: limit: must be between 1 and 500')
  if (!Number.isInteger(start)) return refused(400, 'Validation failed: cursor: is invalid')
  const next = start + limit < items.length ? Buffer.from(`at:${start + limit}`).toString('base64url') : null
  return found(wrap(items.slice(start, start + limit).map(present)), { next_cursor: next })
}

export const plainTime = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ')
export const rfcTime = (at: unknown): string | null =>
  typeof at === 'number' ? `${new Date(at).toISOString().slice(0, 19)}Z` : null
