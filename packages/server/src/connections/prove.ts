import type { Secret } from '@grantry/oauth'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import { newId } from '../db/new-id.ts'
import { transaction } from '../db/transaction.ts'
import { problem } from '../errors.ts'
import type { Actor } from '../http/principal.ts'
import { adoptTrial, removeTrial } from '../integrations/adopt-trial.ts'
import { holdIntegration } from '../integrations/hold.ts'
import { type Integration, loadIntegration } from '../integrations/store.ts'
import { insertPending, pendingRow, removeUnborn } from './begin.ts'
import { bringRefreshToken } from './bring-refresh-token.ts'
import type { EndUser } from './establish.ts'
import { addTerms, changeTerms } from './keep-terms.ts'
import { loadWithToken } from './load-with-token.ts'
import { lookUp } from './look-up.ts'
import { moveConnection, moveTokens } from './move.ts'
import { refusal } from './obtain.ts'
import { type Connection, eventOf, loadConnection, updateConnection } from './store.ts'
import { tokenPlace } from './token-set.ts'

type Needs = Pick<
  Context,
  'catalogue' | 'clock' | 'config' | 'db' | 'egress' | 'log' | 'random' | 'refresh' | 'vault'
>

/** A refresh token from elsewhere, and the OAuth app that it was given to. */
export type Proof = {
  /** One that is there, or (`trial` in its row) one whose credentials are tried with this refresh token. */
  integration: Integration
  clientSecret: Secret
  refreshToken: Secret
  app: string | null
  endUser: EndUser | null
  actor: Actor
  /** The connection that gets the tokens; null: a new one. */
  renews: Connection | null
  /** What stands and falls with the connection, in the transaction that stores it. */
  alongside?: (tx: Db, connection: Connection) => Promise<void>
}

/**
 * Makes a connection of a refresh token, or renews one, once the provider has taken that token. It is refreshed by the
 * operation that will renew it, so that a pair which the provider gives is journalled and kept like any other; a refusal
 * takes everything away again. A trial becomes the integration of its OAuth app.
 * @throws ApiError provider_rejected_credentials, provider_unusable, provider_unavailable: with the provider's words; quota_exceeded
 */
export async function proveRefreshToken(ctx: Needs, proof: Proof): Promise<Connection> {
  const held = await hold(ctx, proof)
  try {
    const result = await ctx.refresh(held)
    if (!result.ok) throw refusal({ grantType: 'refresh_token' }, result)
    await describe(ctx, proof, held)
    return await settle(ctx, proof, held)
  } catch (error) {
    await transaction(ctx.db, async (tx) => {
      await removeUnborn(tx, held)
      await removeTrial(tx, proof.integration)
    })
    throw error
  }
}

async function hold(ctx: Needs, proof: Proof): Promise<Connection> {
  const { integration, app, endUser, renews } = proof
  const pending = { integration, app, endUser, scopes: integration.scopes }
  return transaction(ctx.db, async (tx) => {
    if (integration.row.trial) await tx.insertInto('integrations').values(integration.row).execute()
    else await holdIntegration(tx, integration)
    const connection = renews ? await insertBeside(ctx, tx, pending) : await insertPending(ctx, tx, pending)
    if (!renews) await proof.alongside?.(tx, connection)
    return bringRefreshToken(ctx, tx, connection, proof.refreshToken)
  })
}

/** For the time of a renewal only, so that it counts for no quota. */
async function insertBeside(
  ctx: Pick<Context, 'clock' | 'random'>,
  tx: Db,
  pending: Parameters<typeof pendingRow>[2],
): Promise<Connection> {
  const row = pendingRow(newId(ctx), ctx.clock.now(), pending)
  await tx.insertInto('connections').values(row).execute()
  await addTerms(tx, [row])
  return row
}

/** Asks whose account it is: without a word on that it is as good a connection. */
async function describe(ctx: Needs, proof: Proof, { workspace_id, id }: Connection): Promise<void> {
  const { integration } = proof
  const found = await loadWithToken(ctx, workspace_id, id)
  if (!found?.access_token || !found.token_request_id) return
  const place = tokenPlace(workspace_id, found.token_request_id, 'access_token')
  const { account, metadata } = await lookUp(ctx, {
    integration,
    tokens: {
      access_token: await ctx.vault.open(place, found.access_token),
      token_type: found.token_type ?? 'Bearer',
      refresh_token: null,
      expires_in: null,
      refresh_expires_in: null,
      scopes: null,
      id_token: null,
      metadata: {},
    },
    app: proof.app,
    endUser: proof.endUser,
    scopes: integration.scopes,
    sentAt: ctx.clock.now(),
    metadata: JSON.parse(found.metadata),
    reconnect: null,
    allowAccountChange: true,
    kind: 'code',
    actor: proof.actor,
  })
  const called = {
    account_id: account?.id ?? null,
    account_label: account?.label ?? null,
    account_email: account?.email ?? null,
  }
  await transaction(ctx.db, async (tx) => {
    await updateConnection(tx, found, {
      ...called,
      metadata: JSON.stringify({ ...metadata, ...account?.metadata }),
    })
    await changeTerms(tx, found, { ...found, ...called })
  })
}

async function settle(ctx: Needs, proof: Proof, held: Connection): Promise<Connection> {
  const { integration: tried, clientSecret: secret, actor, renews } = proof
  return transaction(ctx.db, async (tx) => {
    const within = { ...ctx, db: tx }
    const living = await loadConnection(within, held.workspace_id, held.id)
    if (living.status === 'revoked') throw problem('conflict', 'This connection was ended meanwhile.')
    if (tried.row.trial) {
      const stays = await adoptTrial(ctx, tx, tried, { secret, actor })
      if (stays.id !== tried.id) {
        await moveConnection(tx, held, stays)
        await removeTrial(tx, tried)
      }
    }
    const connection = renews
      ? await moveTokens(ctx, tx, {
          from: held,
          to: renews,
          integration: await loadIntegration(within, renews.workspace_id, renews.integration_id),
        })
      : await loadConnection(within, held.workspace_id, held.id)
    if (renews) await proof.alongside?.(tx, connection)
    const type = renews ? 'connection.reconnected' : 'connection.imported'
    await record(ctx, tx, {
      ...eventOf(connection),
      type,
      actor,
      data: connection.account_id === null ? {} : { account: connection.account_id },
    })
    return connection
  })
}
