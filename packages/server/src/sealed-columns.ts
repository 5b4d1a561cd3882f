import { auditKeyPlace } from './audit/chain/keys.ts'
import { signingKeyPlace } from './authorization-server/signing-keys.ts'
import { replayPlace } from './authorization-server/token-endpoint.ts'
import { authorizationPlace } from './connect/store.ts'
import { revocationPlace } from './connections/queue-revocation.ts'
import { tokenPlace } from './connections/token-set.ts'
import { secretPlace as integrationSecret } from './integrations/store.ts'
import { verifierPlace } from './members/outside/begin.ts'
import { secretPlace as identityProviderSecret } from './members/outside/store.ts'
import { type SealedColumn, sealedColumn } from './vault/sealed-column.ts'
import { secretPlace as webhookSecret } from './webhooks/store.ts'

const key = ['workspace_id', 'id'] as const

/** Every column that holds sealed values. */
export const sealedColumns: readonly SealedColumn[] = [
  sealedColumn(
    'integrations',
    'client_secret',
    (row) => integrationSecret(row.workspace_id, row.id, row.secret_version),
    { key, reads: ['secret_version'] },
  ),
  sealedColumn(
    'token_requests',
    'access_token',
    (row) => tokenPlace(row.workspace_id, row.id, 'access_token'),
    { key },
  ),
  sealedColumn(
    'token_requests',
    'refresh_token',
    (row) => tokenPlace(row.workspace_id, row.id, 'refresh_token'),
    { key },
  ),
  sealedColumn('revocations', 'token', (row) => revocationPlace(row.workspace_id, row.id), { key }),
  sealedColumn(
    'webhook_endpoints',
    'secret',
    (row) => webhookSecret(row.workspace_id, row.id, row.secret_version),
    { key, reads: ['secret_version'] },
  ),
  sealedColumn(
    'webhook_endpoints',
    'old_secret',
    (row) => webhookSecret(row.workspace_id, row.id, row.secret_version - 1),
    { key, reads: ['secret_version'] },
  ),
  sealedColumn('identity_providers', 'client_secret', identityProviderSecret, {
    key,
    reads: ['secret_version'],
  }),
  sealedColumn('signing_keys', 'sealed', (row) => signingKeyPlace(row.id), { key }),
  sealedColumn('audit_keys', 'sealed', auditKeyPlace, { key }),
  sealedColumn('authorizations', 'code_verifier', (row) => authorizationPlace(row, 'code_verifier'), {
    key,
    brief: true,
  }),
  sealedColumn('authorizations', 'code', (row) => authorizationPlace(row, 'code'), { key, brief: true }),
  sealedColumn('outside_sign_ins', 'code_verifier', verifierPlace, { key, brief: true }),
  sealedColumn('oauth_records', 'replay', replayPlace, {
    key: ['model', 'id_hash'],
    reads: ['workspace_id'],
    brief: true,
  }),
]
