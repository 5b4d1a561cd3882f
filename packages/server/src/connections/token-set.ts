import type { Secret, TokenSet } from '@grantry/oauth'
import type { Clock } from '../context.ts'
import type { TokenRequestRow } from '../db/schema.ts'
import { hashCredential } from '../vault/credential.ts'
import type { Place, Vault } from '../vault/vault.ts'

type TokenColumn = 'access_token' | 'refresh_token'

/** Where the vault knows a token by. A token request's answer never changes, so its version is always 1. */
export const tokenPlace = (workspace: string, request: string, column: TokenColumn): Place => ({
  workspace,
  table: 'token_requests',
  row: request,
  column,
  version: 1,
})

/** A token set as it is brought: an import may have nothing but a refresh token. */
export type BroughtTokens = Omit<TokenSet, 'access_token'> & { access_token: Secret | null }

/** The columns that a token request gets with its answer. */
export type ReceivedTokens = Pick<
  TokenRequestRow,
  | 'received_at'
  | 'access_token'
  | 'refresh_token'
  | 'refresh_token_hash'
  | 'token_type'
  | 'scopes'
  | 'expires_at'
  | 'lifetime'
  | 'refresh_lifetime'
>

/**
 * Seals an answer. Its lifetime counts from `sentAt`, the earliest moment that the provider can have meant.
 * A refresh that brought no new refresh token keeps the one that it spent (RFC 6749 §6).
 */
export async function sealTokens(
  ctx: { vault: Pick<Vault, 'seal'>; clock: Pick<Clock, 'now'> },
  target: { workspace: string; request: string; sentAt: number; keep: Secret | null },
  tokens: BroughtTokens,
): Promise<ReceivedTokens> {
  const { workspace, request, sentAt } = target
  const refreshToken = tokens.refresh_token ?? target.keep
  const seal = (column: TokenColumn, secret: Secret) =>
    ctx.vault.seal(tokenPlace(workspace, request, column), secret)
  // One that is brought may have expired already.
  const left = tokens.expires_in === null ? null : tokens.expires_in * 1000
  const lifetime = left === null ? null : Math.max(0, left)
  return {
    received_at: ctx.clock.now(),
    access_token: tokens.access_token && (await seal('access_token', tokens.access_token)),
    refresh_token: refreshToken && (await seal('refresh_token', refreshToken)),
    refresh_token_hash: refreshToken && hashCredential(refreshToken.expose()),
    token_type: tokens.token_type,
    scopes: tokens.scopes && JSON.stringify(tokens.scopes),
    expires_at: left === null ? null : sentAt + left,
    lifetime,
    refresh_lifetime: tokens.refresh_expires_in === null ? null : tokens.refresh_expires_in * 1000,
  }
}
