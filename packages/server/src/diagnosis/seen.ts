import type { FailureKind } from '@grantry/oauth'
import type { Catalogue } from '@grantry/providers'
import type { Integration } from '../integrations/store.ts'
import type { Authorization } from './ask-authorization.ts'
import type { ClientWord } from './ask-token.ts'
import type { Check } from './finding.ts'
import type { Failure, History } from './history.ts'
import type { Field } from './reach.ts'
import type { Sight } from './watch.ts'

/** All that the checks judge by. What the provider was not asked for is null. */
export type Seen = {
  integration: Integration
  catalogue: Catalogue
  addresses: Map<Field, string>
  /** The scopes that a connect asks for where nobody says otherwise. */
  asked: string[]
  sights: Sight[]
  authorization: Authorization | null
  client: ClientWord | null
  history: History
}

/** Which check a kind of failure belongs to, wherever it was seen: so that one fault is one finding. */
const checkOf: Partial<Record<FailureKind, Check>> = {
  redirect_uri_mismatch: 'redirect_uri',
  https_required: 'https',
  invalid_scope: 'scopes',
  api_not_enabled: 'api',
  invalid_client: 'client_authentication',
  client_secret_expired: 'client_authentication',
  clock_skew: 'clock',
  no_refresh_token: 'offline_access',
  unreachable_address: 'addresses',
}

/** The check that tells of a failure. */
export const checkFor = ({ kind, in: seenIn }: Pick<Failure, 'kind' | 'in'>): Check => checkOf[kind] ?? seenIn

/** The failure that a check is about: the newest, of those that belong to it. */
export function failureFor(check: Check, { history }: Pick<Seen, 'history'>): Failure | undefined {
  return history.failures.find((failure) => checkFor(failure) === check)
}

/** What the provider said to our authorization request, where it is a refusal that belongs to this check. */
export function refusalFor(check: Check, { authorization }: Pick<Seen, 'authorization'>) {
  const ours = authorization?.ours
  if (ours?.is !== 'refused' || checkFor({ ...ours, in: 'connecting' }) !== check) return null
  const words = ours.description?.includes(ours.error)
    ? ours.description
    : [ours.error, ours.description].filter(Boolean).join(': ')
  return { ...ours, words }
}
