import type { Secret } from './secret.ts'

/** What any provider's token answer comes down to, whatever its shape was. */
export type TokenSet = {
  access_token: Secret
  /** Always `Bearer` after normalising; a type we cannot use is refused. */
  token_type: string
  refresh_token: Secret | null
  /** Seconds from the moment the request was sent; null when the provider did not say and the profile has no default. */
  expires_in: number | null
  /** There where the provider did not say and `expires_in` is the profile's default: whoever can ask may know better. */
  expires_in_assumed?: true
  /** Seconds until the refresh token ends, where the provider says so. */
  refresh_expires_in: number | null
  /** Granted scopes; null when the provider did not say (RFC 6749 §5.1: then they are the ones asked for). */
  scopes: string[] | null
  id_token: Secret | null
  /** Values captured from the answer or the callback as the profile asks (`instance_url`, `realmId`, …). */
  metadata: Record<string, string>
}
