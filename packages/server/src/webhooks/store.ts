import { encodeId, type WebhookType } from '@grantry/api'
import type { Secret } from '@grantry/oauth'
import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import type { WebhookDeliveryRow, WebhookEndpointRow } from '../db/schema.ts'
import { notFound } from '../errors.ts'
import type { Principal } from '../http/principal.ts'
import type { Place } from '../vault/vault.ts'

/** One try of a message, as the delivery log keeps it. */
export type Try = {
  at: number
  status: number | null
  error: string | null
  ms: number
  answer: string | null
}

export const secretPlace = (workspace: string, id: string, version: number): Place => ({
  workspace,
  table: 'webhook_endpoints',
  row: id,
  column: 'secret',
  version,
})

/** What the audit log tells of an address: the rest of it may be a secret. */
export const originOf = (url: string): string => new URL(url).origin

/** @throws ApiError not_found, for another app's endpoint too where the credential is narrowed to one, and for any where it is narrowed to providers */
export async function loadEndpoint(
  db: Db,
  { workspace, app, services }: Pick<Principal, 'workspace' | 'app' | 'services'>,
  id: string | null,
): Promise<WebhookEndpointRow> {
  const row =
    id === null || services !== null
      ? undefined
      : await db
          .selectFrom('webhook_endpoints')
          .selectAll()
          .where('workspace_id', '=', workspace)
          .where('id', '=', id)
          .executeTakeFirst()
  if (!row || (app && row.app_id !== app)) throw notFound('webhook endpoint')
  return row
}

/** The secrets that sign now, the newest first. */
export async function openSecrets(
  ctx: Pick<Context, 'clock' | 'vault'>,
  { workspace_id, id, secret, secret_version, old_secret, old_secret_until }: WebhookEndpointRow,
): Promise<Secret[]> {
  const secrets = [await ctx.vault.open(secretPlace(workspace_id, id, secret_version), secret)]
  if (old_secret && old_secret_until !== null && old_secret_until > ctx.clock.now())
    secrets.push(await ctx.vault.open(secretPlace(workspace_id, id, secret_version - 1), old_secret))
  return secrets
}

export function presentEndpoint(row: WebhookEndpointRow, now: number) {
  const overlaps = row.old_secret_until !== null && row.old_secret_until > now
  return {
    id: encodeId('whe', row.id),
    url: row.url,
    types: JSON.parse(row.types) as WebhookType[],
    description: row.description,
    app_id: row.app_id && encodeId('app', row.app_id),
    enabled: row.enabled === 1,
    disabled_reason: row.disabled_reason,
    failing_since: toTime(row.failing_since),
    next_try_at: toTime(row.enabled === 1 ? row.retry_at : null),
    old_secret_until: overlaps ? toTime(row.old_secret_until) : null,
    created_at: toTime(row.created_at)!,
    updated_at: toTime(row.updated_at)!,
  }
}

export function presentDelivery(row: WebhookDeliveryRow) {
  return {
    id: encodeId('evt', row.event_id),
    type: row.type as WebhookType,
    status: row.status,
    tries: (JSON.parse(row.tries) as Try[]).map((one) => ({ ...one, at: toTime(one.at)! })),
    delivered_at: toTime(row.delivered_at),
  }
}

const toTime = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())
