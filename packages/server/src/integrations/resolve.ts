import { encodeId } from '@grantry/api'
import type { Context } from '../context.ts'
import { refuseUrl } from '../egress/discover-issuer.ts'
import { EgressError } from '../egress/error.ts'

/** Asks whether each of these may be called; `{placeholders}` are judged when they are filled, at every call. */
export async function checkUrls(
  ctx: Pick<Context, 'egress'>,
  workspace: string,
  urls: Record<string, string | null | undefined>,
): Promise<void> {
  for (const [path, url] of Object.entries(urls)) {
    if (!url || url.includes('{')) continue
    try {
      await ctx.egress.check(encodeId('ws', workspace), url)
    } catch (error) {
      if (error instanceof EgressError) refuseUrl(path, error)
      throw error
    }
  }
}
