import { createHash } from 'node:crypto'
import type { JWK } from 'jose'
import type { Context } from '../context.ts'
import { type ApiError, problem } from '../errors.ts'
import { dpopAlgorithms } from './dpop-algorithms.ts'
import type { Presented } from './principal.ts'

/** How far a proof's `iat` may be from our time, to either side. */
const windowMs = 60_000

/** Loaded when the first proof comes: most deployments never see one. */
const jose = () => import('jose')

type Needs = Pick<Context, 'clock' | 'db'>

/**
 * Holds an access token to the way it must be presented: one that is bound to a key by a proof of that key, any other
 * by none. To be called once the token is known, so that strangers make no rows.
 * @param thumbprint of the key that the token is bound to (RFC 7638), null for a bearer token
 * @throws ApiError unauthenticated
 * @see RFC 9449 §7
 */
export async function checkPresentation(
  ctx: Needs,
  thumbprint: string | null,
  token: string,
  presented: Presented,
): Promise<void> {
  if (thumbprint === null) {
    if (presented.scheme === 'bearer') return
    throw problem('unauthenticated', 'This token is bound to no key: give it as "Authorization: Bearer".')
  }
  // RFC 9449 §7.1: whoever took a bound token must not get in by calling it a bearer token.
  if (presented.scheme === 'bearer')
    throw problem(
      'unauthenticated',
      'This token is bound to a key: give it as "Authorization: DPoP", with a proof.',
      { challenge: { scheme: 'DPoP', error: 'invalid_token' } },
    )
  const proof = await readProof(ctx, token, presented)
  if (proof.thumbprint !== thumbprint) throw refused('The proof is by another key than the token’s.')
  await useOnce(ctx, proof)
}

type Proof = { thumbprint: string; jti: string; at: number }

/** RFC 9449 §4.3, checks 1 to 12. */
async function readProof(ctx: Needs, token: string, { proof, method, url }: Presented): Promise<Proof> {
  if (proof === null) throw refused('A DPoP header with one proof is needed.')
  const now = ctx.clock.now()
  const { payload, protectedHeader } = await verify(proof, now)
  const { jti, htm, htu, ath, iat } = payload as Record<string, unknown>
  if (typeof jti !== 'string' || jti === '' || jti.length > 256) throw refused('The proof needs a jti.')
  if (htm !== method) throw refused('The proof is for another method (htm).')
  if (typeof htu !== 'string' || !sameAddress(htu, url)) throw refused('The proof is for another URL (htu).')
  if (typeof iat !== 'number' || Math.abs(now - iat * 1000) > windowMs)
    throw refused('The proof is not of this minute (iat).')
  if (ath !== createHash('sha256').update(token).digest('base64url'))
    throw refused('The proof is for another access token (ath).')
  return {
    thumbprint: await (await jose()).calculateJwkThumbprint(protectedHeader.jwk as JWK, 'sha256'),
    jti,
    at: iat * 1000,
  }
}

/** Signature, algorithm and type; the key in its header must be a public one. */
async function verify(proof: string, now: number) {
  try {
    const { EmbeddedJWK, jwtVerify } = await jose()
    return await jwtVerify(proof, EmbeddedJWK, {
      algorithms: [...dpopAlgorithms],
      typ: 'dpop+jwt',
      currentDate: new Date(now),
      clockTolerance: windowMs / 1000,
    })
  } catch (error) {
    throw refused('The proof is not a JWT that its own public key has signed.', error)
  }
}

/** The same but for query and fragment, after normalising as RFC 3986 §6.2 says. */
function sameAddress(given: string, expected: string): boolean {
  if (!URL.canParse(given)) return false
  const url = new URL(given)
  url.search = ''
  url.hash = ''
  return url.href === new URL(expected).href
}

/** Over all processes: the row of a proof is there until it is too old to be taken anyway. */
async function useOnce({ db }: Needs, { thumbprint, jti, at }: Proof): Promise<void> {
  const hash = createHash('sha256').update(`${thumbprint} ${jti}`).digest('hex')
  const inserted = await db
    .insertInto('dpop_proofs')
    .values({ hash, expires_at: at + 2 * windowMs })
    .onConflict((conflict) => conflict.column('hash').doNothing())
    .executeTakeFirst()
  if (inserted.numInsertedOrUpdatedRows !== 1n) throw refused('This proof has been used.')
}

/** Forgets proofs that are too old to be taken. */
export async function pruneProofs({ db, clock }: Needs): Promise<void> {
  await db.deleteFrom('dpop_proofs').where('expires_at', '<', clock.now()).execute()
}

function refused(detail: string, cause?: unknown): ApiError {
  return problem('unauthenticated', detail, {
    challenge: { scheme: 'DPoP', error: 'invalid_dpop_proof' },
    cause,
  })
}
