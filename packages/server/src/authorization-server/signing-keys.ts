import { generateKeyPair, type JsonWebKey } from 'node:crypto'
import { promisify } from 'node:util'
import { Secret } from '@grantry/oauth'
import type { Context } from '../context.ts'
import { isUniqueViolation } from '../db/constraint.ts'
import type { SigningKeyRow } from '../db/schema.ts'
import { deployment, prepareDeploymentKey } from '../vault/deployment.ts'

type Needs = Pick<Context, 'clock' | 'db' | 'random' | 'vault'>

/** What signs ID tokens (as JWKs, the first signs), and what signs cookies and handles. */
export type SigningKeys = { jwks: JsonWebKey[]; secret: string }

/** One id each, so that of several processes that start at once one makes them. */
const ids = {
  RS256: '00000000-0000-7000-8000-000000000001',
  ES256: '00000000-0000-7000-8000-000000000002',
  secret: '00000000-0000-7000-8000-000000000003',
}

/** The deployment's signing keys, made when they are first needed. */
export async function loadSigningKeys(ctx: Needs): Promise<SigningKeys> {
  const stored = (await read(ctx)) ?? (await make(ctx))
  return stored
}

async function read(ctx: Needs): Promise<SigningKeys | null> {
  const rows = await ctx.db
    .selectFrom('signing_keys')
    .selectAll()
    .where('workspace_id', '=', deployment)
    .orderBy('id')
    .execute()
  if (rows.length === 0) return null
  const open = async (row: SigningKeyRow) =>
    (await ctx.vault.open(signingKeyPlace(row.id), row.sealed)).expose()
  const texts = await Promise.all(rows.map(open))
  return {
    jwks: texts.flatMap((text, i) => (rows[i]!.kind === 'jwk' ? [JSON.parse(text) as JsonWebKey] : [])),
    secret: texts[rows.findIndex(({ kind }) => kind === 'cookie')]!,
  }
}

async function make(ctx: Needs): Promise<SigningKeys> {
  try {
    await prepareDeploymentKey(ctx)
    const generate = promisify(generateKeyPair)
    const rsa = await generate('rsa', { modulusLength: 2048 })
    const ec = await generate('ec', { namedCurve: 'P-256' })
    const values: [string, SigningKeyRow['kind'], string][] = [
      [ids.RS256, 'jwk', jwkOf(rsa.privateKey.export({ format: 'jwk' }), 'RS256')],
      [ids.ES256, 'jwk', jwkOf(ec.privateKey.export({ format: 'jwk' }), 'ES256')],
      [ids.secret, 'cookie', Buffer.from(ctx.random(32)).toString('base64url')],
    ]
    const rows = await Promise.all(
      values.map(async ([id, kind, text]) => ({
        workspace_id: deployment,
        id,
        kind,
        sealed: await ctx.vault.seal(signingKeyPlace(id), new Secret(text)),
        created_at: ctx.clock.now(),
      })),
    )
    await ctx.db.insertInto('signing_keys').values(rows).execute()
  } catch (error) {
    if (!isUniqueViolation(error, 'signing_keys_pkey')) throw error
  }
  return (await read(ctx))!
}

const jwkOf = (jwk: JsonWebKey, alg: string) => JSON.stringify({ ...jwk, alg, use: 'sig' })

export const signingKeyPlace = (row: string) => ({
  workspace: deployment,
  table: 'signing_keys',
  row,
  column: 'sealed',
  version: 1,
})
