import type { Account } from '@grantry/oauth'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { type Db, dialectOf } from '../db/connect.ts'
import { isUniqueViolation } from '../db/constraint.ts'
import { newId } from '../db/new-id.ts'
import { transaction } from '../db/transaction.ts'
import { ApiError, problem } from '../errors.ts'
import type { Actor } from '../http/principal.ts'
import { holdIntegration } from '../integrations/hold.ts'
import type { Integration } from '../integrations/store.ts'
import { hashCredential } from '../vault/credential.ts'
import { holdQuota, takeQuota } from '../workspaces/quotas.ts'
import { addTerms, changeTerms } from './keep-terms.ts'
import { learnLifetime } from './learn-lifetime.ts'
import { type Found, lookUp } from './look-up.ts'
import { type Columns, columnsOf, journalOf, newRow } from './new-rows.ts'
import { endRefusedGrant } from './refuse-grant.ts'
import { shed } from './shed.ts'
import { type Connection, eventOf, loadConnection } from './store.ts'
import { type BroughtTokens, sealTokens } from './token-set.ts'

type Needs = Pick<Context, 'clock' | 'db' | 'egress' | 'log' | 'random' | 'vault'>

export type EndUser = { id: string; email: string | null; name: string | null }

/** Who consented to what, and the tokens that came of it. */
export type Grant = {
  integration: Integration
  app: string | null
  /** null: the workspace's own. */
  endUser: EndUser | null
  scopes: string[]
  tokens: BroughtTokens
  sentAt: number
  metadata: Record<string, string>
  /** The connection that the caller asked to renew. */
  reconnect: Connection | null
  allowAccountChange: boolean
  kind: 'code' | 'import'
  actor: Actor
}

/**
 * Makes a grant a connection: the one that is being renewed, the one that this end user already has for this account,
 * or a new one. The new tokens are stored before the old ones are let go.
 * @throws ApiError conflict where a renewal came back with another account, or the connection was ended or the
 * integration moved meanwhile; not_found where the integration was ended; quota_exceeded for a new one
 */
export async function establishConnection(ctx: Needs, grant: Grant): Promise<Connection> {
  const found = await lookUp(ctx, grant)
  try {
    if (grant.reconnect && !grant.allowAccountChange) refuseOtherAccount(grant.reconnect, found)
    const connection = await store(ctx, grant, found)
    return await learn(ctx, grant, connection)
  } catch (error) {
    if (error instanceof ApiError && grant.kind === 'code')
      await endRefusedGrant(ctx, grant, found, error.code)
    throw error
  }
}

async function store(ctx: Needs, grant: Grant, { account, metadata, apiError }: Found): Promise<Connection> {
  const { integration, reconnect } = grant
  const { workspace } = integration
  const request = newId(ctx)
  const received = await sealTokens(
    ctx,
    { workspace, request, sentAt: grant.sentAt, keep: null },
    grant.tokens,
  )
  for (let attempt = 1; ; attempt++) {
    try {
      return await transaction(ctx.db, async (tx) => {
        await holdIntegration(tx, integration)
        // Of two first consents for one account, the second must find the first's connection, not a full quota.
        if (!reconnect) await holdQuota(tx, workspace, 'connections')
        const identity = identityOf(grant, account)
        const known = reconnect ?? (await findExisting(tx, grant, account))
        // Read again under its lock: while the provider was asked, a refresh may have brought other tokens.
        const existing = known && (await lockLiving(tx, known))
        if (reconnect && !existing)
          throw problem('conflict', 'This connection was ended while it was being connected again.')
        const row = columnsOf(ctx, grant, { account, metadata, apiError, request, received, existing })
        const connection = existing
          ? await renewRow(tx, existing, identity, row)
          : await insertRow(ctx, tx, integration, identity, row)
        await tx
          .insertInto('token_requests')
          .values(journalOf(grant, connection, request, received))
          .execute()
        if (existing) await shed(ctx, tx, integration, existing, account)
        const type =
          grant.kind === 'import'
            ? 'connection.imported'
            : existing && existing.status !== 'pending'
              ? 'connection.reconnected'
              : 'connection.created'
        await record(ctx, tx, {
          ...eventOf(connection),
          type,
          actor: grant.actor,
          data: account ? { account: account.id } : {},
        })
        return connection
      })
    } catch (error) {
      // Two consents for the same account at once: the second finds the first's row and renews it.
      if (!isUniqueViolation(error)) throw error
      if (attempt > 1)
        throw problem('conflict', 'Another connection of this end user is for the same account.', {
          cause: error,
        })
    }
  }
}

/** Where the provider did not say how long the token lives, but can be asked. */
async function learn(
  ctx: Needs,
  { integration, tokens }: Grant,
  connection: Connection,
): Promise<Connection> {
  const { access_token } = tokens
  if (!access_token || !integration.profile.introspection || connection.token_request_id === null)
    return connection
  await learnLifetime(ctx, integration, {
    connection,
    request: connection.token_request_id,
    tokens: { ...tokens, access_token },
  })
  return loadConnection(ctx, connection.workspace_id, connection.id)
}

/** A renewal must not put another account's tokens under this connection's name, also where nobody can tell. */
function refuseOtherAccount(reconnect: Connection, { account, known }: Found): void {
  if (reconnect.account_id === null || reconnect.account_id === account?.id) return
  const was = reconnect.account_label ?? reconnect.account_email ?? reconnect.account_id
  if (account)
    throw problem(
      'conflict',
      `This connection is for the account ${was}, and another account was chosen. Choose ${was}, or make a new connection for the other one.`,
    )
  if (!known)
    throw problem(
      'provider_failed',
      `The provider did not say whose account this is, and this connection is for ${was}. Try again.`,
    )
}

/**
 * Two consents with the same identity are one connection. An unknown account counts as one account, so that connecting
 * again renews instead of piling up. Imports stand for themselves.
 */
function identityOf(grant: Grant, account: Account | null): string | null {
  if (grant.kind === 'import') return null
  return hashCredential(JSON.stringify([grant.app, grant.endUser?.id ?? null, account?.id ?? null]))
}

/** The one with this account; where there is none, the one of which nobody could tell before whose account it is. */
async function findExisting(tx: Db, grant: Grant, account: Account | null): Promise<Connection | null> {
  for (const candidate of account ? [account, null] : [null]) {
    const identity = identityOf(grant, candidate)
    const found = identity && (await findLiving(tx, grant.integration, identity))
    if (found) return found
  }
  return null
}

async function findLiving(tx: Db, integration: Integration, identity: string): Promise<Connection | null> {
  const row = await tx
    .selectFrom('connections')
    .selectAll()
    .where('workspace_id', '=', integration.workspace)
    .where('integration_id', '=', integration.id)
    .where('identity', '=', identity)
    .where('status', '!=', 'revoked')
    .executeTakeFirst()
  return row ?? null
}

async function lockLiving(tx: Db, { workspace_id, id }: Connection): Promise<Connection | null> {
  const row = await tx
    .selectFrom('connections')
    .selectAll()
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', id)
    .where('status', '!=', 'revoked')
    // SQLite has one writer, and this is it.
    .$if(dialectOf(tx) === 'postgres', (query) => query.forUpdate())
    .executeTakeFirst()
  return row ?? null
}

async function renewRow(
  tx: Db,
  existing: Connection,
  identity: string | null,
  set: Columns,
): Promise<Connection> {
  const row = await tx
    .updateTable('connections')
    .set((eb) => ({
      ...set,
      // What stands for itself (an import, an MCP server's own) goes on doing so.
      identity: existing.identity === existing.id ? existing.id : (identity ?? existing.identity),
      token_version: eb('token_version', '+', 1),
    }))
    .where('workspace_id', '=', existing.workspace_id)
    .where('id', '=', existing.id)
    .returningAll()
    .executeTakeFirstOrThrow()
  await changeTerms(tx, existing, row)
  return row
}

async function insertRow(
  ctx: Needs,
  tx: Db,
  integration: Integration,
  identity: string | null,
  columns: Columns,
): Promise<Connection> {
  await takeQuota(tx, integration.workspace, 'connections')
  const row = newRow(ctx, integration, identity, columns)
  await tx.insertInto('connections').values(row).execute()
  await addTerms(tx, [row])
  return row
}
