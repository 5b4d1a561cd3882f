import { type Secret, tokenToRevoke } from '@grantry/oauth'
import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import { newId } from '../db/new-id.ts'
import type { RevocationRow, TokenRequestRow } from '../db/schema.ts'
import type { Integration } from '../integrations/store.ts'
import { isUnreachable, isUnreadable } from '../vault/errors.ts'
import { readPointer } from '../vault/sealed-record.ts'
import type { Place } from '../vault/vault.ts'
import { noteMore } from './break-glass/note-answer.ts'
import type { Connection } from './store.ts'
import { tokenPlace } from './token-set.ts'

/** How long revoking is tried before the token is destroyed all the same. */
export const revocationPatienceMs = 7 * 24 * 3_600_000

/** Long enough for the first try, which whoever queued it makes at once. */
const firstTryMs = 30_000

export const revocationPlace = (workspace: string, id: string): Place => ({
  workspace,
  table: 'revocations',
  row: id,
  column: 'token',
  version: 1,
})

/**
 * Seals a token request's token for the revocation queue and takes its tokens from where they were, unless another
 * connection lives on them. One that would have to be fetched from elsewhere stays there until the provider has been asked:
 * nobody waits for a network in a transaction, and a connection can be ended while the vault is away.
 * @returns the queued row; null where the provider has no way to revoke or there is nothing to send
 */
export async function queueRevocation(
  ctx: Pick<Context, 'clock' | 'random' | 'vault'>,
  tx: Db,
  {
    connection,
    integration,
    request,
    keep = false,
    waitMs = firstTryMs,
  }: {
    connection: Connection
    integration: Integration
    request: TokenRequestRow
    keep?: boolean
    /** Until the queue tries; where nobody else does, 0. */
    waitMs?: number
  },
): Promise<RevocationRow | null> {
  const workspace = connection.workspace_id
  const open = async (kind: TokenKind): Promise<Secret | 'elsewhere' | null> => {
    const sealed = request[kind]
    if (!sealed) return null
    if (readPointer(sealed)) return 'elsewhere'
    try {
      return await ctx.vault.open(tokenPlace(workspace, request.id, kind), sealed)
    } catch (error) {
      if (isUnreachable(error)) return 'elsewhere'
      // Nobody can send it anywhere; whoever ends the connection must be able to all the same.
      if (isUnreadable(error)) return null
      throw error
    }
  }
  const { revocation } = integration.profile
  const kind = revocation ? tokenToRevoke(revocation, request) : null
  const target = {
    connection,
    integration,
    account: connection.account_id,
    metadata: JSON.parse(connection.metadata) as Record<string, string>,
  }
  const token = kind && (await open(kind))
  if (token === 'elsewhere') return insertRow(ctx, tx, target, kind!, { restsWith: request.id }, waitMs)
  const queued = token && (await insertRow(ctx, tx, target, kind!, token, waitMs))
  if (!keep) await destroyTokens(tx, request)
  return queued
}

/** The same for tokens that were never stored, with what the provider told of their account; due at once. */
export async function queueTokens(
  ctx: Pick<Context, 'clock' | 'random' | 'vault'>,
  tx: Db,
  target: Target & { tokens: Record<TokenKind, Secret | null> },
): Promise<void> {
  const { revocation } = target.integration.profile
  const kind = revocation ? tokenToRevoke(revocation, target.tokens) : null
  if (kind) await insertRow(ctx, tx, target, kind, target.tokens[kind]!, 0)
}

type TokenKind = RevocationRow['token_kind']
type Target = {
  connection: Pick<Connection, 'workspace_id' | 'id'>
  integration: Integration
  account: string | null
  metadata: Record<string, string>
}

async function insertRow(
  ctx: Pick<Context, 'clock' | 'random' | 'vault'>,
  tx: Db,
  { connection, integration, account, metadata }: Target,
  kind: TokenKind,
  /** Or the token request with which it stays. */
  token: Secret | { restsWith: string },
  waitMs: number,
): Promise<RevocationRow> {
  const { workspace_id: workspace } = connection
  const id = newId(ctx)
  const now = ctx.clock.now()
  const row: RevocationRow = {
    workspace_id: workspace,
    id,
    integration_id: integration.id,
    connection_id: connection.id,
    ...('restsWith' in token
      ? { token: null, token_request_id: token.restsWith }
      : { token: await ctx.vault.seal(revocationPlace(workspace, id), token), token_request_id: null }),
    token_kind: kind,
    attempts: 0,
    next_attempt_at: now + waitMs,
    gives_up_at: now + revocationPatienceMs,
    created_at: now,
    metadata: JSON.stringify(metadata),
    account_id: account,
  }
  await tx.insertInto('revocations').values(row).execute()
  await noteMore(tx, row)
  return row
}

export async function destroyTokens(
  tx: Db,
  { workspace_id, id }: Pick<TokenRequestRow, 'workspace_id' | 'id'>,
): Promise<void> {
  await tx
    .updateTable('token_requests')
    .set({ access_token: null, refresh_token: null })
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', id)
    .execute()
}
