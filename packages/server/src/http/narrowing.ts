import { problem } from '../errors.ts'
import type { Principal } from './principal.ts'

type Narrowing = Pick<Principal, 'app' | 'services' | 'networks'>

/** Whether it reaches the connections of this integration (`provider` is that of the catalogue, null for a generic one). */
export function serves(
  { services }: Pick<Principal, 'services'>,
  { provider, integration }: { provider: string | null; integration: string },
): boolean {
  if (services === null) return true
  return (provider !== null && services.providers.has(provider)) || services.integrations.has(integration)
}

/** Whether it reaches a part of the workspace only: one app, or some providers and integrations. */
export const reachesPart = ({ app, services }: Pick<Narrowing, 'app' | 'services'>): boolean =>
  app !== null || services !== null

/** Whether it reaches all that a workspace has. */
export const reachesAll = (
  principal: Pick<Principal, 'app' | 'connections' | 'endUser' | 'services'>,
): boolean => !reachesPart(principal) && principal.endUser === null && principal.connections === null

/** Whether it is held back at all, also by where it may be used from: it makes nothing that is not. */
export const isHeld = (principal: Narrowing): boolean => reachesPart(principal) || principal.networks !== null

/**
 * For what is the whole workspace's.
 * @throws ApiError insufficient_scope
 */
export function refusePart(principal: Pick<Narrowing, 'app' | 'services'>, what: string): void {
  if (reachesPart(principal)) throw narrowed(what)
}

/**
 * For what lets others in who would not be held back as this credential is: people, partner apps.
 * @throws ApiError insufficient_scope
 */
export function refuseHeld(principal: Narrowing, what: string): void {
  if (isHeld(principal)) throw narrowed(what)
}

const narrowed = (what: string) =>
  problem('insufficient_scope', `A key that is narrowed does not reach ${what}.`)
