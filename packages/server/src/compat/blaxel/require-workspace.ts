import { decodeId } from '@grantry/api'
import type { FastifyRequest } from 'fastify'
import type { Context } from '../../context.ts'
import { problem } from '../../errors.ts'
import type { Principal } from '../../http/principal.ts'
import { loadWorkspace } from '../../workspaces/store.ts'

/**
 * `X-Blaxel-Workspace` says which workspace is meant, by id or name; the credential says which it may be.
 * @throws ApiError not_found for any other, whether there is such a one or not
 */
export async function requireWorkspace(
  ctx: Pick<Context, 'db'>,
  { workspace }: Principal,
  { headers }: FastifyRequest,
): Promise<void> {
  const named = headers['x-blaxel-workspace']
  if (named === undefined || named === workspace) return
  if (typeof named === 'string' && decodeId('ws', named) === workspace) return
  if (named === (await loadWorkspace(ctx, workspace)).name) return
  throw problem('not_found', 'X-Blaxel-Workspace: this credential has no workspace of that id or name.', {
    errors: [{ path: 'X-Blaxel-Workspace', message: "is not the credential's workspace" }],
  })
}
