import type { Scope } from '@grantry/api'
import type { Context } from '../context.ts'
import { firstHand, type Principal } from '../http/principal.ts'
import { hashCredential } from '../vault/credential.ts'
import type { JudgeSource } from './judge-source.ts'
import { limitsOf } from './key-limits.ts'

/** Also how exactly it is known when a key was last used. */
const keptMs = 60_000
const mostKept = 10_000

/** `key`: its UUID; `usedAt`: when it was last noted that somebody used it. */
type Known = { principal: Principal; key: string; usedAt: number; until: number; endsAt: number }

export type ApiKeyAuthenticator = {
  /**
   * @param from the caller's address
   * @throws ApiError network_not_allowed
   */
  find(secret: string, from: string): Promise<Principal | null>
}

/**
 * Finds the API key behind a secret by its hash. What was found is kept for a minute, and used for as long as it is
 * known that nobody has revoked it since.
 */
export function createApiKeyAuthenticator(
  ctx: Pick<Context, 'db' | 'clock' | 'log' | 'invalidation'> & { judgeSource: JudgeSource },
): ApiKeyAuthenticator {
  const known = new Map<string, Known>()
  let epoch = 0
  ctx.invalidation.onChange((workspace) => {
    epoch++
    for (const [hash, { principal }] of known)
      if (workspace === null || principal.workspace === workspace) known.delete(hash)
  })

  async function load(hash: string): Promise<Known | null> {
    const row = await ctx.db
      .selectFrom('api_key_secrets as secret')
      .innerJoin('api_keys as key', (join) =>
        join.onRef('key.workspace_id', '=', 'secret.workspace_id').onRef('key.id', '=', 'secret.key_id'),
      )
      .innerJoin('workspaces as workspace', 'workspace.id', 'key.workspace_id')
      .select([
        'key.workspace_id',
        'key.id',
        'key.scopes',
        'key.app_id',
        'key.created_by',
        'key.expires_at',
        'key.last_used_at',
        'key.by_service',
        'key.by_network',
        'secret.ends_at',
      ])
      .where('secret.hash', '=', hash)
      // A key that was being made while its workspace ended is still there.
      .where('workspace.deleted_at', 'is', null)
      .executeTakeFirst()
    if (!row) return null
    const now = ctx.clock.now()
    const endsAt = Math.min(row.ends_at ?? Infinity, row.expires_at ?? Infinity)
    if (endsAt <= now) return null
    const principal: Principal = {
      ...firstHand,
      kind: 'api_key',
      workspace: row.workspace_id,
      id: row.id,
      scopes: new Set(JSON.parse(row.scopes) as Scope[]),
      app: row.app_id,
      endUser: null,
      member: row.created_by,
      ...(await limitsOf(ctx.db, [row])).get(row.id)!,
    }
    return { principal, key: row.id, usedAt: row.last_used_at ?? 0, until: now + keptMs, endsAt }
  }

  function keep(hash: string, found: Known): void {
    known.set(hash, found)
    if (known.size > mostKept) known.delete(known.keys().next().value as string)
  }

  /** What is used from where it may not be is not used at all. */
  async function admit(found: Known, from: string): Promise<Principal> {
    const { principal, key } = found
    await ctx.judgeSource({ ...principal, key }, from)
    const now = ctx.clock.now()
    if (now - found.usedAt >= keptMs) {
      found.usedAt = now
      noteUse(ctx, principal.workspace, key)
    }
    return principal
  }

  return {
    async find(secret, from) {
      const hash = hashCredential(secret)
      if (!ctx.invalidation.isComplete()) {
        const found = await load(hash)
        return found && admit(found, from)
      }
      const now = ctx.clock.now()
      const hit = known.get(hash)
      if (hit && now < hit.until && now >= hit.until - keptMs && now < hit.endsAt) return admit(hit, from)
      known.delete(hash)
      const begun = epoch
      const found = await load(hash)
      if (!found) return null
      // A revocation while we were looking has made what we found stale: use it nowhere else.
      if (begun === epoch) keep(hash, found)
      return admit(found, from)
    },
  }
}

/** Best effort: that a key was used is a hint for people, not worth failing or delaying a request for. */
function noteUse(ctx: Pick<Context, 'db' | 'clock' | 'log'>, workspace: string, id: string): void {
  ctx.db
    .updateTable('api_keys')
    .set({ last_used_at: ctx.clock.now() })
    .where('workspace_id', '=', workspace)
    .where('id', '=', id)
    .execute()
    .catch((error: unknown) => ctx.log.warn({ err: error }, 'last use of an API key was not noted'))
}
