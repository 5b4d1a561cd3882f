import { hash } from 'node:crypto'
import type { Draft } from './draft.ts'

/**
 * What a connection is called by that its file calls nothing: the same line again has the same key. It is a hash, so that
 * no token can be read from it.
 */
export function keyOfTokens(integration: string | null, { end_user, app_id, tokens }: Draft['item']): string {
  const { refresh_token, access_token } = tokens
  const identity = [integration, app_id ?? null, end_user?.id ?? null, refresh_token ?? access_token ?? null]
  return `sha256:${hash('sha256', JSON.stringify(identity))}`
}
