import { encodeId } from '@grantry/api'
import type { OAuthClientRow, OAuthClientSecretRow } from '../db/schema.ts'
import { type ClientMetadata, responseTypesOf } from './client-store.ts'

const iso = (ms: number) => new Date(ms).toISOString()

/** A client as the API shows it; of its secrets, when they were made and when they end. */
export function presentClient(
  row: OAuthClientRow,
  secrets: Pick<OAuthClientSecretRow, 'created_at' | 'ends_at'>[],
) {
  const metadata = JSON.parse(row.metadata) as ClientMetadata
  const text = (field: string) => (metadata[field] as string | undefined) ?? null
  return {
    id: encodeId('cli', row.id),
    client_id: row.client_id,
    client_name: metadata.client_name ?? null,
    redirect_uris: metadata.redirect_uris ?? [],
    grant_types: metadata.grant_types ?? ['authorization_code'],
    response_types: responseTypesOf(metadata.grant_types),
    token_endpoint_auth_method: metadata.token_endpoint_auth_method ?? 'client_secret_basic',
    application_type: metadata.application_type ?? ('web' as const),
    scope: metadata.scope ?? '',
    jwks: (metadata.jwks as Record<string, unknown> | undefined) ?? null,
    jwks_uri: text('jwks_uri'),
    client_uri: text('client_uri'),
    logo_uri: text('logo_uri'),
    policy_uri: text('policy_uri'),
    tos_uri: text('tos_uri'),
    origin: row.origin,
    secrets: secrets.map(({ created_at, ends_at }) => ({
      created_at: iso(created_at),
      ends_at: ends_at === null ? null : iso(ends_at),
    })),
    created_at: iso(row.created_at),
    updated_at: iso(row.updated_at),
    last_used_at: row.last_used_at === null ? null : iso(row.last_used_at),
  }
}
