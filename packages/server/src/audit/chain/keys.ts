import {
  createPrivateKey,
  generateKeyPairSync,
  hash,
  type JsonWebKey,
  type KeyObject,
  sign,
} from 'node:crypto'
import { Secret } from '@grantry/oauth'
import type { Context } from '../../context.ts'
import { isUniqueViolation } from '../../db/constraint.ts'
import type { AuditKeyRow } from '../../db/schema.ts'
import { deployment, prepareDeploymentKey } from '../../vault/deployment.ts'

type Needs = Pick<Context, 'clock' | 'db' | 'vault'>

/** A public key, as RFC 8037 writes Ed25519; `kid` is its thumbprint (RFC 7638). */
export type AuditKey = { kty: 'OKP'; crv: 'Ed25519'; x: string; kid: string; alg: 'EdDSA'; use: 'sig' }

/** What signs checkpoints. */
export type AuditKeys = {
  /**
   * What makes a compact JWS (RFC 7515) of a payload, by the newest key, which is made when it is first needed. It may read
   * the database: ask before a transaction.
   */
  signer(): Promise<(payload: unknown) => string>
  /** All that have ever signed, the newest first: what an old one signed holds. */
  published(): Promise<AuditKey[]>
}

/** One id, so that of several processes that start at once one makes it. */
const first = '00000000-0000-7000-8000-000000000001'

export function createAuditKeys(ctx: Needs): AuditKeys {
  let newest: Promise<{ kid: string; key: KeyObject }> | null = null
  return {
    async signer() {
      newest ??= load(ctx)
      const { kid, key } = await newest.catch((error: unknown) => {
        newest = null
        throw error
      })
      const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
      return (payload) => {
        const signed = `${part({ alg: 'EdDSA', kid, typ: 'grantry-checkpoint' })}.${part(payload)}`
        return `${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`
      }
    },
    async published() {
      const rows = await read(ctx)
      return (rows.length > 0 ? rows : [await make(ctx)]).map((row) => toPublicKey(row.public))
    },
  }
}

async function load(ctx: Needs): Promise<{ kid: string; key: KeyObject }> {
  const row = (await read(ctx))[0] ?? (await make(ctx))
  const jwk = JSON.parse((await ctx.vault.open(auditKeyPlace(row), row.sealed)).expose()) as JsonWebKey
  return { kid: toPublicKey(row.public).kid, key: createPrivateKey({ key: jwk, format: 'jwk' }) }
}

function read({ db }: Pick<Needs, 'db'>): Promise<AuditKeyRow[]> {
  return db
    .selectFrom('audit_keys')
    .selectAll()
    .where('workspace_id', '=', deployment)
    .orderBy('id', 'desc')
    .execute()
}

async function make(ctx: Needs): Promise<AuditKeyRow> {
  await prepareDeploymentKey(ctx)
  const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  const place = auditKeyPlace({ id: first })
  const row: AuditKeyRow = {
    workspace_id: deployment,
    id: first,
    public: jwk.x!,
    sealed: await ctx.vault.seal(place, new Secret(JSON.stringify(jwk))),
    created_at: ctx.clock.now(),
  }
  try {
    await ctx.db.insertInto('audit_keys').values(row).execute()
    return row
  } catch (error) {
    if (!isUniqueViolation(error, 'audit_keys_pkey')) throw error
    return (await read(ctx))[0]!
  }
}

function toPublicKey(x: string): AuditKey {
  const thumbprint = hash('sha256', JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }), 'base64url')
  return { kty: 'OKP', crv: 'Ed25519', x, kid: thumbprint, alg: 'EdDSA', use: 'sig' }
}

export const auditKeyPlace = ({ id }: Pick<AuditKeyRow, 'id'>) => ({
  workspace: deployment,
  table: 'audit_keys',
  row: id,
  column: 'sealed',
  version: 1,
})
