import type { Secret } from '@grantry/oauth'
import { record } from '../../audit/record.ts'
import { changeName, nameConnection, nameSpace, type WithName } from '../../connections/names.ts'
import { proveRefreshToken } from '../../connections/prove.ts'
import { eventOf, refuseBeyondChosen, whose } from '../../connections/store.ts'
import type { Context } from '../../context.ts'
import { transaction } from '../../db/transaction.ts'
import { ApiError, invalid, problem, renameFields } from '../../errors.ts'
import type { Actor, Principal } from '../../http/principal.ts'
import { requireFeature } from '../../workspaces/features.ts'
import { loadWorkspace } from '../../workspaces/store.ts'
import { chooseClient } from './choose-client.ts'

export type Secrets = { CLIENT_ID: string; CLIENT_SECRET: Secret; REFRESH_TOKEN: Secret }
export type Metadata = { displayName?: string | undefined; labels?: Record<string, string> | undefined }

/**
 * Makes a connection by its secrets. Its end user is the tenant whom its name stands for: so each has one of its own, and
 * the native API finds it by that name too.
 * @throws ApiError conflict where the name is taken; what choosing the client and proving the token throw
 */
export async function createConnection(
  ctx: Context,
  principal: Principal,
  actor: Actor,
  request: { name: string; metadata: Metadata; integration: string; secret: Secrets },
): Promise<void> {
  const { name, metadata, integration, secret } = request
  requireFeature(await loadWorkspace(ctx, principal.workspace), 'import')
  refuseBeyondChosen(principal)
  const endUser = whose(principal, name, 'metadata.name')
  const now = ctx.clock.now()
  await prove(ctx, principal, actor, integration, secret, {
    app: principal.app,
    endUser: { id: endUser, email: null, name: metadata.displayName ?? null },
    renews: null,
    alongside: (tx, { id }) =>
      nameConnection(tx, {
        ...nameSpace(principal),
        name,
        connection_id: id,
        display_name: metadata.displayName ?? null,
        labels: JSON.stringify(metadata.labels ?? {}),
        stands_on: integration,
        created_at: now,
        updated_at: now,
      }),
  })
}

/**
 * Replaces what is given: the name's words, and the secrets once the provider has taken them.
 * @throws ApiError conflict where it is still being made; what proving the token throws
 */
export async function updateConnection(
  ctx: Context,
  principal: Principal,
  actor: Actor,
  { named, connection }: WithName,
  request: { metadata: Metadata; integration: string | undefined; secret: Secrets | undefined },
): Promise<void> {
  const { metadata, integration, secret } = request
  if (integration !== undefined && integration !== named.stands_on)
    throw invalid(
      'spec.integration',
      `cannot change: this connection is of "${named.stands_on}". Make another connection.`,
    )
  const set = {
    display_name: metadata.displayName ?? named.display_name,
    labels: metadata.labels === undefined ? named.labels : JSON.stringify(metadata.labels),
    updated_at: Math.max(ctx.clock.now(), named.updated_at + 1),
  }
  if (!secret)
    return transaction(ctx.db, async (tx) => {
      await changeName(tx, named, set)
      const changed = (['displayName', 'labels'] as const).filter((field) => metadata[field] !== undefined)
      const data = { name: named.name, changed }
      await record(ctx, tx, { ...eventOf(connection), type: 'connection.updated', actor, data })
    })
  if (connection.status === 'pending')
    throw problem('conflict', 'This connection is still being made. Try again in a moment.')
  await prove(ctx, principal, actor, named.stands_on, secret, {
    app: connection.app_id,
    endUser: null,
    renews: connection,
    alongside: (tx) => changeName(tx, named, set),
  })
}

type Rest = Pick<Parameters<typeof proveRefreshToken>[1], 'app' | 'endUser' | 'renews' | 'alongside'>

async function prove(
  ctx: Context,
  principal: Principal,
  actor: Actor,
  called: string,
  { CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN }: Secrets,
  rest: Rest,
): Promise<void> {
  try {
    const integration = await chooseClient(ctx, principal, {
      integration: called,
      clientId: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      refreshToken: REFRESH_TOKEN,
      actor,
    })
    const proof = { integration, clientSecret: CLIENT_SECRET, refreshToken: REFRESH_TOKEN, actor, ...rest }
    await proveRefreshToken(ctx, proof)
  } catch (error) {
    throw withFields(error)
  }
}

const theirNames: Record<string, keyof Secrets> = {
  client_id: 'CLIENT_ID',
  client_secret: 'CLIENT_SECRET',
  refresh_token: 'REFRESH_TOKEN',
}

/** What the provider refused, under the names that this API has for it. */
function withFields(error: unknown): unknown {
  if (!(error instanceof ApiError) || error.code !== 'provider_rejected_credentials') return error
  return renameFields(error, (path) => (theirNames[path] ? `spec.secret.${theirNames[path]}` : null))
}
