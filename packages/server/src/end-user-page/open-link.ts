import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { transaction } from '../db/transaction.ts'
import { mintCredential, readCredential } from '../vault/credential.ts'
import { actorOf, findPage, pageMs } from './store.ts'

/**
 * Opens the page for the browser that followed the link: the link's handle is spent for a secret that only this browser's
 * cookie has.
 * @returns that secret; null for a link that is unknown, used or too old
 */
export async function openLink(
  ctx: Pick<Context, 'clock' | 'db' | 'random'>,
  text: string,
  requestId: string,
): Promise<string | null> {
  const handle = readCredential('gml', text)
  const page = handle && (await findPage(ctx, handle.workspace, handle.row))
  if (!handle || !page || page.link_hash !== handle.hash || page.expires_at <= ctx.clock.now()) return null
  const cookie = mintCredential('gmc', handle.workspace, handle.row, ctx.random)
  return transaction(ctx.db, async (tx) => {
    const opened = await tx
      .updateTable('manage_pages')
      .set({ link_hash: null, cookie_hash: cookie.hash, expires_at: ctx.clock.now() + pageMs })
      .where('workspace_id', '=', page.workspace_id)
      .where('id', '=', page.id)
      .where('link_hash', '=', handle.hash)
      .executeTakeFirst()
    if (opened.numUpdatedRows === 0n) return null
    await record(ctx, tx, {
      workspace: page.workspace_id,
      type: 'manage_page.opened',
      actor: actorOf(page, requestId),
      app: page.app_id,
      endUser: page.end_user_id,
    })
    return cookie.text
  })
}
