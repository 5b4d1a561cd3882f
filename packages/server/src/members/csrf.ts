import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Context } from '../context.ts'
import { problem } from '../errors.ts'
import type { SignedIn } from './read-session.ts'

type Needs = Pick<Context, 'config'>

/**
 * That a request which changes something comes from a page of ours. Browsers say where it comes from by
 * `Sec-Fetch-Site` (Fetch Metadata) and `Origin`; a page of ours that sends no referrer has the origin `null`, so that
 * the former decides where it is there. A browser that says neither is not let in.
 * @throws ApiError insufficient_scope
 */
export function checkSameOrigin({ config }: Needs, headers: IncomingHttpHeaders): void {
  const { origin } = headers
  const site = headers['sec-fetch-site']
  const fits =
    site === undefined
      ? origin === config.publicUrl
      : site === 'same-origin' && (origin === undefined || origin === 'null' || origin === config.publicUrl)
  if (!fits) throw problem('insufficient_scope', 'This must come from a page of Grantry. Open it again here.')
}

/** Whether the token is the session's, in constant time. */
export function isCsrfToken(session: Pick<SignedIn, 'csrf'>, token: string | null | undefined): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return typeof token === 'string' && timingSafeEqual(digest(token), digest(session.csrf))
}

/**
 * That a form of ours was sent by the signed-in person: its field `csrf` and where it comes from.
 * @throws ApiError insufficient_scope
 */
export function checkForm(
  ctx: Needs,
  headers: IncomingHttpHeaders,
  session: Pick<SignedIn, 'csrf'>,
  form: URLSearchParams,
): void {
  checkSameOrigin(ctx, headers)
  if (!isCsrfToken(session, form.get('csrf')))
    throw problem('insufficient_scope', 'This page is of another session. Go back, reload it, and try again.')
}
