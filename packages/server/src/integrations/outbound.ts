import { encodeId } from '@grantry/api'
import type { Fetch } from '@grantry/oauth'
import type { Context } from '../context.ts'

/** The guarded fetch of one workspace, as the OAuth package wants it. */
export function outbound(ctx: Pick<Context, 'egress'>, workspace: string): Fetch {
  return ctx.egress.forWorkspace(encodeId('ws', workspace)) as Fetch
}
