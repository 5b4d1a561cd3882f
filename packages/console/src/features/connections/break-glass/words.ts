import type { BreakGlass, BreakGlassConnection } from '@grantry/sdk/transport'

type Outcome = BreakGlassConnection['outcome']

/** For `Status`, which has words of its own for connections. */
export const outcomeLooks: Record<Outcome, string> = {
  to_end: 'ending',
  waiting: 'waiting',
  retrying: 'retrying',
  revoked: 'confirmed',
  no_token: 'nothing',
  unsupported: 'by_hand',
  shared: 'spared',
  failed: 'given_up',
}

/** In the order in which they are looked at: what is left to do first. */
export const outcomeWords: Record<Outcome, string> = {
  unsupported: 'The provider has no way to revoke',
  shared: 'Spared: others live on the same grant',
  failed: 'Could not be revoked',
  retrying: 'Failed, and is tried again',
  waiting: 'The provider has not been asked yet',
  to_end: 'Not ended here yet',
  revoked: 'Revoked at the provider',
  no_token: 'Had no token',
}

/** "provider gmail, read since …", as it was asked for. */
export const criteriaWords = ({ criteria }: Pick<BreakGlass, 'criteria'>): string =>
  criteria.everything === true
    ? 'Every connection'
    : Object.entries(criteria)
        .map(([name, value]) => `${name.replace(/_id$/, '').replaceAll('_', ' ')} ${value}`)
        .join(', ')
