import { encodeId } from '@grantry/api'
import type { Fetch } from '@grantry/oauth'
import type { Context } from '../context.ts'

/** The guarded fetch of one workspace, as the OAuth package wants it. A call is cut off after `deadlineMs`. */
export function outbound(ctx: Pick<Context, 'egress'>, workspace: string, deadlineMs?: number): Fetch {
  const send = ctx.egress.forWorkspace(encodeId('ws', workspace))
  const within = deadlineMs === undefined ? {} : { deadlineMs }
  return ((url, init) => send(url, { ...init, ...within })) as Fetch
}
