import { encodeId } from '@grantry/api'
import type { Secret } from '@grantry/oauth'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { dialectOf } from '../db/connect.ts'
import { newId } from '../db/new-id.ts'
import type { WebhookEndpointRow } from '../db/schema.ts'
import { transaction } from '../db/transaction.ts'
import { problem } from '../errors.ts'
import type { Actor } from '../http/principal.ts'
import { checkUrl } from './check-url.ts'
import { mintSecret } from './sign.ts'
import { originOf, secretPlace } from './store.ts'

/** Of one workspace: each event is written once for each that hears of it. */
const most = 20

/** @throws ApiError url_refused, conflict where there are as many as there may be */
export async function createEndpoint(
  ctx: Pick<Context, 'clock' | 'db' | 'egress' | 'random' | 'vault'>,
  wish: {
    workspace: string
    app: string | null
    url: string
    types: readonly string[]
    description: string
    actor: Actor
  },
): Promise<{ row: WebhookEndpointRow; secret: Secret }> {
  const { workspace, app, url, types, description, actor } = wish
  await checkUrl(ctx, workspace, url)
  const id = newId(ctx)
  const now = ctx.clock.now()
  const secret = mintSecret(ctx.random)
  const row: WebhookEndpointRow = {
    workspace_id: workspace,
    id,
    app_id: app,
    url,
    types: JSON.stringify([...new Set(types)]),
    description,
    enabled: 1,
    disabled_reason: null,
    secret: await ctx.vault.seal(secretPlace(workspace, id, 1), secret),
    secret_version: 1,
    old_secret: null,
    old_secret_until: null,
    failing_since: null,
    retry_at: null,
    claimed_until: null,
    created_at: now,
    updated_at: now,
  }
  await transaction(ctx.db, async (tx) => {
    // One at a time, so that several at once do not pass the limit together.
    await tx
      .selectFrom('workspaces')
      .select('id')
      .where('id', '=', workspace)
      .$if(dialectOf(tx) === 'postgres', (query) => query.forUpdate())
      .execute()
    const { count } = await tx
      .selectFrom('webhook_endpoints')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('workspace_id', '=', workspace)
      .executeTakeFirstOrThrow()
    if (count >= most)
      throw problem(
        'conflict',
        `There are ${most} webhook endpoints, and there cannot be more. End one first.`,
      )
    await tx.insertInto('webhook_endpoints').values(row).execute()
    await record(ctx, tx, {
      workspace,
      type: 'webhook_endpoint.created',
      actor,
      app,
      data: { endpoint: encodeId('whe', id), origin: originOf(url), types: [...types] },
    })
  })
  return { row, secret }
}
