import { encodeId } from '@grantry/api'
import {
  authorizationUrl,
  codeChallenge,
  codeVerifier,
  encodeBase64Url,
  Secret,
  UrlError,
} from '@grantry/oauth'
import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import { newId, parseUuid } from '../db/new-id.ts'
import { problem } from '../errors.ts'
import type { Integration } from '../integrations/store.ts'
import { hashCredential } from '../vault/credential.ts'
import { type Authorization, authorizationPlace, type Session, stateMs } from './store.ts'

type Needs = Pick<Context, 'clock' | 'random' | 'vault'>

/**
 * Begins one authorization request at the provider: a one-use state that seals what it belongs to, a PKCE verifier, and
 * the row that waits for the answer (RFC 6749 §4.1.1, RFC 7636, RFC 9700 §4.7).
 * @param browserSession of the member or end user who is signed in where it begins: it must end there
 * @returns the row to store, and where to send the browser
 * @throws ApiError conflict where the integration's endpoints lack a parameter
 */
export async function beginAuthorization(
  ctx: Needs,
  session: Session,
  integration: Integration,
  browserSession: string | null = null,
): Promise<{ row: Authorization; url: string }> {
  const id = newId(ctx)
  const now = ctx.clock.now()
  const key = { workspace_id: session.workspace_id, id }
  const state = await sealState(ctx, key, {
    ...(session.reconnect_id ? { connection_id: encodeId('con', session.reconnect_id) } : {}),
    session_id: encodeId('cs', session.id),
    timestamp: new Date(now).toISOString(),
    nonce: encodeBase64Url(ctx.random(16)),
  })
  const verifier = codeVerifier(ctx.random(32))
  const row: Authorization = {
    ...key,
    session_id: session.id,
    integration_id: integration.id,
    browser_session_id: browserSession,
    state_hash: hashCredential(state),
    callback_key: integration.callbackKey,
    redirect_uri: integration.redirectUri,
    code_verifier: await ctx.vault.seal(authorizationPlace(key, 'code_verifier'), verifier),
    created_at: now,
    expires_at: Math.min(now + stateMs, session.expires_at),
    consumed_at: null,
    code: null,
    code_expires_at: null,
    callback_metadata: '{}',
    confirm_hash: null,
    finish_hash: null,
    finish_used_at: null,
    settled_at: null,
    exchanged_at: null,
  }
  try {
    const url = authorizationUrl({
      profile: integration.profile,
      params: integration.params,
      client_id: integration.clientId,
      redirect_uri: integration.redirectUri,
      scopes: JSON.parse(session.scopes) as string[],
      state,
      code_challenge: await codeChallenge(verifier),
      extra: integration.extraAuthorizeParams,
    })
    return { row, url }
  } catch (error) {
    if (!(error instanceof UrlError)) throw error
    throw problem('conflict', `The integration's endpoints cannot be filled in: ${error.message}.`, {
      cause: error,
    })
  }
}

export async function storeAuthorization(db: Db, row: Authorization): Promise<void> {
  await db.insertInto('authorizations').values(row).execute()
}

type StateContents = { connection_id?: string; session_id: string; timestamp: string; nonce: string }
type Key = Pick<Authorization, 'workspace_id' | 'id'>

/** workspace ‖ row ‖ sealed contents: it says where to look, and cannot be made by anyone else. */
async function sealState(ctx: Needs, key: Key, contents: StateContents): Promise<string> {
  const sealed = await ctx.vault.seal(authorizationPlace(key, 'state'), new Secret(JSON.stringify(contents)))
  return Buffer.concat([parseUuid(key.workspace_id), parseUuid(key.id), sealed]).toString('base64url')
}
