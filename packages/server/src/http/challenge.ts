import type { FastifyRequest } from 'fastify'
import type { ApiError } from '../errors.ts'
import { dpopAlgorithms } from './dpop-algorithms.ts'
import { hasCredential } from './read-credential.ts'
import { metadataOf } from './resource.ts'

/**
 * WWW-Authenticate: what is wrong with a credential (RFC 6750 §3, RFC 9449 §7.1) and where it is told how to get one
 * (RFC 9728 §5.1). null for a refusal that another credential would not change.
 */
export function challenge(error: ApiError, request: FastifyRequest, publicUrl: string): string | null {
  if (error.status !== 401 && error.code !== 'insufficient_scope') return null
  const { headers } = request
  const isDpop = error.challenge?.scheme === 'DPoP' || /^dpop /i.test(headers.authorization ?? '')
  const scope = error.members?.scope
  const parameters: Record<string, string> = {
    realm: 'grantry',
    resource_metadata: metadataOf(request, publicUrl),
    // RFC 6750 §3.1: who has given nothing is told of no error.
    ...(hasCredential(request) ? { error: error.challenge?.error ?? defaultError(error) } : {}),
    ...(typeof scope === 'string' ? { scope } : {}),
    ...(isDpop ? { algs: dpopAlgorithms.join(' ') } : {}),
  }
  const written = Object.entries(parameters).map(([name, value]) => `${name}="${value}"`)
  return `${isDpop ? 'DPoP' : 'Bearer'} ${written.join(', ')}`
}

const defaultError = ({ status }: ApiError) => (status === 401 ? 'invalid_token' : 'insufficient_scope')
