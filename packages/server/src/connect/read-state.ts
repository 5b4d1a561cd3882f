import { decodeId } from '@grantry/api'
import type { Context } from '../context.ts'
import { formatUuid } from '../db/new-id.ts'
import { hashCredential } from '../vault/credential.ts'
import { isUnreachable, VaultError } from '../vault/errors.ts'
import { type Authorization, authorizationPlace, findAuthorization } from './store.ts'

/**
 * The authorization request that a state belongs to; null for one that we did not make, or that came to the callback of
 * another authorization server (RFC 9700 §4.4).
 */
export async function readState(
  ctx: Pick<Context, 'db' | 'vault'>,
  callbackKey: string,
  state: string,
): Promise<Authorization | null> {
  if (!/^[A-Za-z0-9_-]{80,1024}$/.test(state)) return null
  const bytes = Buffer.from(state, 'base64url')
  const workspace = formatUuid(bytes.subarray(0, 16))
  const id = formatUuid(bytes.subarray(16, 32))
  const row = await findAuthorization(ctx, workspace, id)
  if (!row || row.state_hash !== hashCredential(state) || row.callback_key !== callbackKey) return null
  try {
    const sealed = await ctx.vault.open(authorizationPlace(row, 'state'), bytes.subarray(32))
    const contents = JSON.parse(sealed.expose()) as { session_id: string }
    return decodeId('cs', contents.session_id) === row.session_id ? row : null
  } catch (error) {
    if (error instanceof VaultError && !isUnreachable(error)) return null
    throw error
  }
}
