import type { Scope } from '@grantry/api'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import { newId } from '../db/new-id.ts'
import type { ApiKeyRow } from '../db/schema.ts'
import type { Actor } from '../http/principal.ts'
import { hashCredential } from '../vault/credential.ts'
import { insertLimits, type KeyLimits, presentLimits } from './key-limits.ts'

export type NewApiKey = {
  workspace: string
  name: string
  secret: string
  scopes: Scope[]
  app: string | null
  /** None where nothing is said. */
  limits?: KeyLimits
  expiresAt: number | null
  /** UUID of the member who makes it, or whose own key makes it. */
  createdBy?: string | null
  actor: Actor
}

/** `gk_` and 256 random bits. */
export function mintApiKey(random: (bytes: number) => Uint8Array): string {
  return `gk_${Buffer.from(random(32)).toString('base64url')}`
}

/** Stores the key and, of its secret, the hash. */
export async function insertApiKey(
  ctx: Pick<Context, 'clock' | 'random'>,
  tx: Db,
  key: NewApiKey,
): Promise<ApiKeyRow> {
  const { limits = { services: null, networks: null } } = key
  const row: ApiKeyRow = {
    workspace_id: key.workspace,
    id: newId(ctx),
    name: key.name,
    scopes: JSON.stringify(key.scopes),
    app_id: key.app,
    created_by: key.createdBy ?? null,
    created_at: ctx.clock.now(),
    expires_at: key.expiresAt,
    last_used_at: null,
    by_service: limits.services ? 1 : 0,
    by_network: limits.networks ? 1 : 0,
  }
  await tx.insertInto('api_keys').values(row).execute()
  await tx
    .insertInto('api_key_secrets')
    .values({ hash: hashCredential(key.secret), workspace_id: key.workspace, key_id: row.id, ends_at: null })
    .execute()
  await insertLimits(tx, row, limits)
  const { providers, integrations, networks } = presentLimits(limits)
  await record(ctx, tx, {
    workspace: key.workspace,
    type: 'api_key.created',
    actor: key.actor,
    app: key.app,
    data: {
      key: row.id,
      name: key.name,
      scopes: key.scopes,
      ...(limits.services && { providers, integrations }),
      ...(networks && { networks }),
    },
  })
  return row
}
