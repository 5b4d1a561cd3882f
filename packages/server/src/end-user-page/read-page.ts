import type { IncomingHttpHeaders } from 'node:http'
import type { Context } from '../context.ts'
import { csrfOf } from '../members/read-session.ts'
import { readCookie } from '../members/session-cookie.ts'
import { readCredential } from '../vault/credential.ts'
import { findPage, type ManagePage } from './store.ts'

type Needs = Pick<Context, 'clock' | 'config' | 'db'>

/** A page that is open in a browser, and what its forms carry. */
export type OpenPage = { page: ManagePage; csrf: string }

/** Sent below `/manage` only. `__Secure-`: only https sets it; `__Host-` would be sent to every path. */
export const manageCookie = ({ config }: Pick<Context, 'config'>): string =>
  config.publicUrl.startsWith('https:') ? '__Secure-grantry-manage' : 'grantry_manage'

/** The page that is open in the browser that sent these headers; null where there is none, or its time is over. */
export async function readPage(ctx: Needs, headers: IncomingHttpHeaders): Promise<OpenPage | null> {
  const secret = readCookie(headers, manageCookie(ctx))
  const handle = secret === null ? null : readCredential('gmc', secret)
  const page = handle && (await findPage(ctx, handle.workspace, handle.row))
  if (!secret || !page || page.cookie_hash !== handle.hash || page.expires_at <= ctx.clock.now()) return null
  return { page, csrf: csrfOf(secret) }
}

/** Nothing opens it again, also not the cookie that the browser still has. */
export async function closePage(ctx: Pick<Context, 'db'>, { workspace_id, id }: ManagePage): Promise<void> {
  await ctx.db
    .updateTable('manage_pages')
    .set({ cookie_hash: null, link_hash: null })
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', id)
    .execute()
}
