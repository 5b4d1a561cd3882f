import type { FastifyRequest } from 'fastify'
import { problem } from '../errors.ts'
import type { Presented } from './principal.ts'

/** Longer than any credential of ours, and than a proof with an RSA key in it. */
const longestCredential = 1024
const longestProof = 8192

/** Whether the request names anybody at all. */
export function hasCredential({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  return headers.authorization !== undefined || headers['x-api-key'] !== undefined
}

/**
 * The one credential of a request, and how it came. `Authorization: Bearer` and `X-API-KEY` mean the same; two that
 * differ are refused.
 * @throws ApiError unauthenticated
 */
export function readCredential(
  request: FastifyRequest,
  publicUrl: string,
): { credential: string; presented: Presented } {
  refuseDoubled(request)
  const { authorization, dpop } = request.headers
  const key = request.headers['x-api-key']
  const [, scheme, given] = authorization?.match(/^(Bearer|DPoP) +([\x21-\x7e]+)$/i) ?? []
  if (authorization !== undefined && !given)
    throw problem('unauthenticated', 'The Authorization header must be "Bearer" and a credential.')
  if (Array.isArray(key) || (key && given && key !== given))
    throw problem('unauthenticated', 'Two different credentials were given.')
  const credential = given ?? key
  if (!credential || credential.length > longestCredential)
    throw problem('unauthenticated', 'Give an API key as "Authorization: Bearer KEY" or as "X-API-KEY: KEY".')
  const proof = typeof dpop === 'string' && dpop.length <= longestProof ? dpop : null
  return {
    credential,
    presented: {
      scheme: scheme?.toLowerCase() === 'dpop' ? 'dpop' : 'bearer',
      proof,
      method: request.method,
      from: request.ip,
      url: publicUrl + request.url.split('?', 1)[0],
    },
  }
}

/** Of several such headers Node keeps the first or joins them, and a proxy before us may have judged another. */
function refuseDoubled({ raw: { rawHeaders } }: FastifyRequest): void {
  const names = rawHeaders.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase())
  for (const [name, shown] of [
    ['authorization', 'Authorization'],
    ['dpop', 'DPoP'],
  ] as const)
    if (names.indexOf(name) !== names.lastIndexOf(name))
      throw problem('unauthenticated', `More than one ${shown} header was given.`)
}
