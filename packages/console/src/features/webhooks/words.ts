import type { WebhookEndpoint } from '@grantry/sdk/transport'

/** Which events there are, and what each tells of. */
export const typeWords: Record<string, string> = {
  'connection.created': 'Somebody connected an account',
  'connection.reconnected': 'An account was connected again',
  'connection.refresh_failed': 'A refresh failed, and is tried again',
  'connection.needs_reauth': 'A connection has to be connected again',
  'connection.recovered': 'A connection works again',
  'connection.revoked': 'A connection was ended',
  'connection.expiring': 'A grant ends soon',
  'break_glass.started': 'Many connections are ended at once',
  'break_glass.finished': 'Their providers have all been asked',
}

/** Of which it hears, in short; none is all. */
export const inWords = (types: readonly string[]): string =>
  types.length === 0 ? 'All events' : types.length === 1 ? '1 event' : `${types.length} events`

/** For {@link Status}. */
export const stateOf = ({ enabled, failing_since }: WebhookEndpoint): 'working' | 'failing' | 'stopped' =>
  !enabled ? 'stopped' : failing_since ? 'failing' : 'working'

/** Why it is stopped, and what to do; null where it is not. */
export function stopWords({ enabled, disabled_reason }: WebhookEndpoint): string | null {
  if (enabled) return null
  if (disabled_reason === 'failing')
    return 'Nothing arrived for five days, so it was stopped. Mend the receiver, then let it go on.'
  if (disabled_reason === 'gone')
    return 'The receiver answered 410: it is gone. Change the address, or let it go on.'
  return 'It was stopped by hand. What happens meanwhile is not sent later.'
}
