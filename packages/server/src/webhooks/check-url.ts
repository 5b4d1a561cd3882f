import { encodeId } from '@grantry/api'
import type { Context } from '../context.ts'
import { EgressError } from '../egress/error.ts'
import { problem } from '../errors.ts'

/** @throws ApiError url_refused for an address that may not be called now; each message is judged again */
export async function checkUrl(
  { egress }: Pick<Context, 'egress'>,
  workspace: string,
  url: string,
): Promise<void> {
  try {
    await egress.check(encodeId('ws', workspace), url)
  } catch (error) {
    if (!(error instanceof EgressError)) throw error
    throw problem('url_refused', `url: ${error.message}`, {
      cause: error,
      errors: [{ path: 'url', message: error.message }],
    })
  }
}
