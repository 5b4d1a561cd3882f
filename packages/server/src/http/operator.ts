import { createHash, timingSafeEqual } from 'node:crypto'
import type { Secret } from '@grantry/oauth'
import { firstHand, type Principal } from './principal.ts'

/** Knows the deployment's operator by the one key that may make and end workspaces. */
export function createOperatorAuthenticator(key: Secret | null): (credential: string) => Principal | null {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  const expected = key && digest(key.expose())
  return (credential) =>
    expected && timingSafeEqual(digest(credential), expected)
      ? {
          ...firstHand,
          kind: 'operator',
          workspace: '',
          id: null,
          scopes: new Set(),
          app: null,
          endUser: null,
        }
      : null
}
