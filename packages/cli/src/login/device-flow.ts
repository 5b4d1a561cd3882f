import { setTimeout as pause } from 'node:timers/promises'
import { Failure } from '../failure.ts'
import type { Login } from '../profiles/file.ts'
import { clientId, type Endpoints } from './endpoints.ts'
import { post } from './post.ts'

/** What the person needs to say yes elsewhere (RFC 8628 §3.2). */
export type Device = {
  code: string
  userCode: string
  /** Where the code is typed. */
  address: string
  /** The same with the code in it. */
  fullAddress: string
  intervalMs: number
}

export async function startDevice({ device }: Endpoints, signal: AbortSignal): Promise<Device> {
  const { status, body } = await post(device, { client_id: clientId, scope: 'workspace' }, signal)
  const address = body.verification_uri
  if (status !== 200 || typeof address !== 'string')
    throw refusal('It could not be asked to sign you in', body)
  return {
    code: String(body.device_code),
    userCode: String(body.user_code),
    address,
    fullAddress: String(body.verification_uri_complete ?? address),
    intervalMs: Number(body.interval ?? 5) * 1000,
  }
}

/**
 * Asks until the person has decided (RFC 8628 §3.4, §3.5).
 * @throws Failure when they said no or the code is too old
 */
export async function awaitDevice(
  { token }: Endpoints,
  { code, intervalMs }: Device,
  signal: AbortSignal,
): Promise<Login> {
  const form = {
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    client_id: clientId,
    device_code: code,
  }
  let waitMs = intervalMs
  while (true) {
    const { status, body } = await post(token, form, signal)
    if (status === 200) return readLogin(body)
    if (body.error === 'slow_down') waitMs += 5000
    else if (body.error === 'access_denied')
      throw new Failure('It was not allowed in the browser. Nothing was saved.', { next: 'grantry login' })
    else if (body.error === 'expired_token')
      throw new Failure('Nobody allowed it in time. Nothing was saved.', { next: 'grantry login' })
    else if (body.error !== 'authorization_pending' && status < 500) throw refusal('It was refused', body)
    await pause(waitMs, undefined, { signal })
  }
}

/**
 * New tokens for old (RFC 6749 §6).
 * @returns null where the server says that it is over
 */
export async function renewLogin(
  { token }: Endpoints,
  { refresh_token }: Login,
  signal: AbortSignal,
): Promise<Login | null> {
  const form = { grant_type: 'refresh_token', client_id: clientId, refresh_token }
  const { status, body } = await post(token, form, signal)
  if (status === 200) return readLogin(body)
  if (body.error === 'invalid_grant') return null
  throw refusal(`Your sign-in could not be renewed (status ${status})`, body)
}

/** Ends it at the server (RFC 7009). */
export async function revokeLogin(
  { revocation }: Endpoints,
  { refresh_token }: Login,
  signal: AbortSignal,
): Promise<void> {
  const { status, body } = await post(revocation, { client_id: clientId, token: refresh_token }, signal)
  if (status !== 200) throw refusal(`The server did not end it (status ${status})`, body)
}

function readLogin(body: Record<string, unknown>): Login {
  const { access_token, refresh_token, expires_in } = body
  if (typeof access_token !== 'string' || typeof refresh_token !== 'string')
    throw new Failure('The server answered without tokens. Nothing was saved.')
  return { access_token, refresh_token, expires_at: Date.now() + Number(expires_in ?? 0) * 1000 }
}

function refusal(what: string, { error, error_description }: Record<string, unknown>): Failure {
  return new Failure(`${what}: ${error_description ?? error ?? 'it did not say why'}.`)
}
