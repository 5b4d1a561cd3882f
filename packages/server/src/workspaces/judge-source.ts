import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { problem } from '../errors.ts'
import { networkOf } from '../http/network.ts'
import type { Principal } from '../http/principal.ts'
import { isFrom } from '../http/source-network.ts'

/** Somebody who goes on trying fills no log: of a key it is written down once in this time, and in each process. */
const quietMs = 10 * 60_000
const mostKept = 1000

/** What a credential says of itself; `key` is the UUID of the API key that it is, or comes of. */
type Judged = Pick<Principal, 'workspace' | 'app' | 'networks'> & { key: string }

/**
 * Refuses a credential that comes from elsewhere than it may be used from. Of what it may do and where, nothing is said.
 * @throws ApiError network_not_allowed
 */
export type JudgeSource = (credential: Judged, from: string) => Promise<void>

export function createSourceJudge(
  ctx: Pick<Context, 'clock' | 'db' | 'log' | 'metrics' | 'random'>,
): JudgeSource {
  const told = new Map<string, { at: number; since: number }>()

  return async ({ workspace, app, key, networks }, from) => {
    if (networks === null || isFrom(networks, from)) return
    ctx.metrics.sourceRefused()
    const now = ctx.clock.now()
    const last = told.get(key)
    if (last && now - last.at < quietMs) last.since++
    else {
      told.delete(key)
      told.set(key, { at: now, since: 0 })
      if (told.size > mostKept) told.delete(told.keys().next().value as string)
      await record(ctx, ctx.db, {
        workspace,
        type: 'api_key.refused',
        actor: { kind: 'api_key', id: key, requestId: null },
        app,
        data: { key, network: networkOf(from), ...(last?.since && { more_before: last.since }) },
      }).catch((error: unknown) => ctx.log.error({ err: error }, 'a refused API key was not written down'))
    }
    throw problem('network_not_allowed', 'This credential cannot be used from here.')
  }
}
