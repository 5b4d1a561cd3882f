import { encodeId } from '@grantry/api'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import type { WebhookEndpointRow } from '../db/schema.ts'
import { transaction } from '../db/transaction.ts'
import { notFound } from '../errors.ts'
import type { Actor } from '../http/principal.ts'
import { checkUrl } from './check-url.ts'

type Changes = {
  url?: string | undefined
  types?: readonly string[] | undefined
  description?: string | undefined
  enabled?: boolean | undefined
}

/**
 * What waits is sent to where it then is; a change of address, or letting it go on, tries it at once.
 * @throws ApiError url_refused, not_found
 */
export async function updateEndpoint(
  ctx: Pick<Context, 'clock' | 'db' | 'egress' | 'random'>,
  row: WebhookEndpointRow,
  wish: Changes,
  actor: Actor,
): Promise<WebhookEndpointRow> {
  const { url, types, description, enabled } = wish
  if (url !== undefined) await checkUrl(ctx, row.workspace_id, url)
  const fresh = url !== undefined || (enabled === true && row.enabled === 0)
  const changes = {
    ...(url === undefined ? {} : { url }),
    ...(types === undefined ? {} : { types: JSON.stringify([...new Set(types)]) }),
    ...(description === undefined ? {} : { description }),
    ...(enabled === undefined
      ? {}
      : {
          enabled: enabled ? (1 as const) : (0 as const),
          disabled_reason: enabled ? null : ('by_hand' as const),
        }),
    ...(fresh ? { retry_at: null, failing_since: null } : {}),
  }
  return transaction(ctx.db, async (tx) => {
    const changed = await tx
      .updateTable('webhook_endpoints')
      .set({ ...changes, updated_at: ctx.clock.now() })
      .where('workspace_id', '=', row.workspace_id)
      .where('id', '=', row.id)
      .returningAll()
      .executeTakeFirst()
    if (!changed) throw notFound('webhook endpoint')
    await record(ctx, tx, {
      workspace: row.workspace_id,
      type: 'webhook_endpoint.updated',
      actor,
      app: row.app_id,
      data: { endpoint: encodeId('whe', row.id), changed: namesOf(wish) },
    })
    return changed
  })
}

const namesOf = (wish: Changes): string[] =>
  Object.entries(wish).flatMap(([name, value]) => (value === undefined ? [] : [name]))
