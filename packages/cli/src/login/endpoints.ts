import { Failure } from '../failure.ts'
import { post } from './post.ts'

/** The command line as the server knows it: built in there, so nothing has to be registered. */
export const clientId = 'grantry-cli'

export type Endpoints = { device: string; token: string; revocation: string }

/**
 * Where the server's authorization endpoints are (RFC 8414).
 * @throws Failure where it is no Grantry, cannot be reached, or calls itself otherwise (§3.3): what it gave would then be sent elsewhere
 */
export async function findEndpoints(url: string, signal: AbortSignal): Promise<Endpoints> {
  const { status, body } = await post(`${url}/.well-known/oauth-authorization-server`, null, signal)
  const { issuer, device_authorization_endpoint, token_endpoint, revocation_endpoint } = body
  if (status !== 200 || typeof issuer !== 'string')
    throw new Failure(`${url} answers, but not as a Grantry server does (status ${status}).`, {
      next: 'check --url',
    })
  if (issuer !== url)
    throw new Failure(`The server at ${url} calls itself ${issuer}.`, {
      next: `grantry login --url ${issuer}`,
    })
  const found = {
    device: device_authorization_endpoint,
    token: token_endpoint,
    revocation: revocation_endpoint,
  }
  for (const [name, address] of Object.entries(found))
    if (typeof address !== 'string' || new URL(address).origin !== url)
      throw new Failure(
        `The server at ${url} names no ${name} endpoint of its own: signing in is not possible there.`,
      )
  return found as Endpoints
}
