import { authorizationUrl, codeChallenge, codeVerifier, encodeBase64Url, UrlError } from '@grantry/oauth'
import type { Context } from '../../context.ts'
import { newId } from '../../db/new-id.ts'
import type { InvitationRow, OutsideSignInRow } from '../../db/schema.ts'
import { problem } from '../../errors.ts'
import { hashCredential, mintCredential } from '../../vault/credential.ts'
import type { Place } from '../../vault/vault.ts'
import { type IdentityProvider, readMetadata, redirectUri } from './store.ts'

/** As long as a person may take at the provider. */
export const outsideMs = 15 * 60_000

/** What will come of it: a sign-in, a new member by an invitation, or a link with the member of a session. */
export type OutsideWish = {
  next: string
  invitation?: Pick<InvitationRow, 'id' | 'token_hash'> | null
  linkSession?: string | null
}

/**
 * Begins a sign-in at an outside provider (OIDC Core §3.1.2.1): state, nonce, PKCE, and a secret for the browser's cookie,
 * so that only the browser that began it can end it.
 * @returns where to send the browser, and its cookie's value
 */
export async function beginOutside(
  ctx: Pick<Context, 'clock' | 'config' | 'db' | 'random' | 'vault'>,
  provider: IdentityProvider,
  { next, invitation = null, linkSession = null }: OutsideWish,
): Promise<{ url: string; browserSecret: string }> {
  const { workspace_id: workspace } = provider
  const id = newId(ctx)
  const now = ctx.clock.now()
  const state = mintCredential('gos', workspace, id, ctx.random)
  const nonce = encodeBase64Url(ctx.random(24))
  const browserSecret = encodeBase64Url(ctx.random(32))
  const verifier = codeVerifier(ctx.random(32))
  const row: OutsideSignInRow = {
    workspace_id: workspace,
    id,
    identity_provider_id: provider.id,
    state_hash: state.hash,
    browser_hash: hashCredential(browserSecret),
    nonce,
    code_verifier: await ctx.vault.seal(verifierPlace({ workspace_id: workspace, id }), verifier),
    next,
    invitation_id: invitation?.id ?? null,
    invitation_hash: invitation?.token_hash ?? null,
    link_session_id: linkSession,
    created_at: now,
    expires_at: now + outsideMs,
  }
  const { profile } = readMetadata(provider)
  try {
    const url = authorizationUrl({
      profile,
      client_id: provider.client_id,
      redirect_uri: redirectUri(ctx, provider.id),
      scopes: [...new Set(['openid', ...(JSON.parse(provider.scopes) as string[])])],
      state: state.text,
      nonce,
      code_challenge: await codeChallenge(verifier),
    })
    await ctx.db.insertInto('outside_sign_ins').values(row).execute()
    return { url, browserSecret }
  } catch (error) {
    if (!(error instanceof UrlError)) throw error
    throw problem('conflict', `The address of ${provider.label} cannot be used: ${error.message}.`)
  }
}

export const verifierPlace = (row: Pick<OutsideSignInRow, 'workspace_id' | 'id'>): Place => ({
  workspace: row.workspace_id,
  table: 'outside_sign_ins',
  row: row.id,
  column: 'code_verifier',
  version: 1,
})
