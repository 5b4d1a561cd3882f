import { z } from 'zod'
import type { IdKind } from './ids.ts'

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is there to refuse
const printable = /^[^\u0000-\u001f\u007f]*$/

/**
 * Text that is stored, compared or put into a URL: no control characters (PostgreSQL cannot keep NUL), no lone
 * surrogates (UTF-8 cannot hold them, and would silently change them).
 */
export const plain = (max: number) =>
  z
    .string()
    .max(max)
    .regex(printable, 'must not hold control characters')
    .refine((value) => value.isWellFormed(), 'must be well-formed Unicode')

/** The same, trimmed of nothing, never empty. */
export const text = (max: number) => plain(max).min(1)

/** A token as OAuth writes one (RFC 6749 A.12, A.17): no header takes more, nor would an answer with more be taken. */
export const tokenText = z
  .string()
  .max(16_384)
  .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces')

/** An id in a path or a reference. Its form is not checked here: what is not an id is simply not found. */
export const id = (kind: IdKind, what: string) =>
  z
    .string()
    .max(64)
    .describe(`Id of ${what}`)
    .meta({ examples: [`${kind}_01jd3xqv5me8tvh6w5kq2a9xyz`] })

export const idParam = (kind: IdKind, what: string) => z.object({ id: id(kind, what) })

export const time = z.iso.datetime().describe('RFC 3339, UTC')

/** An absolute http(s) URL; whether it may be called is decided by the server. */
export const url = z
  .string()
  .max(2048)
  .regex(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are among what must not be there
    /^https?:\/\/[^\s\\@#\u0000-\u0020\u007f]+$/i,
    'must be an absolute http(s) URL without user info, fragment or spaces',
  )
  .refine((value) => value.isWellFormed(), 'must be well-formed Unicode')

/** RFC 6749 §3.3 scope token. */
export const scopeToken = z
  .string()
  .max(512)
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'must be a scope without spaces or quotes')

export const page = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(256).optional().describe('`next_cursor` of the page before'),
}

export const data = <T extends z.ZodType>(item: T) => z.object({ data: item })

export const list = <T extends z.ZodType>(item: T) =>
  z.object({ data: z.array(item), next_cursor: z.string().nullable().describe('null at the end') })

/** The customer's own user. */
export const endUser = z.strictObject({
  id: text(255),
  email: z.email().max(320).optional(),
  display_name: text(120).optional(),
})

export const endUserShown = z
  .object({ id: z.string(), email: z.string().nullable(), display_name: z.string().nullable() })
  .nullable()
