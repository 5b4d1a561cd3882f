import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { findClient, type StoredClient } from './client-store.ts'
import { routes } from './paths.ts'
import { readRegistration, readRegistrationUpdate } from './read-registration.ts'
import { RegistrationError } from './registration-error.ts'

type Needs = Pick<Context, 'clock' | 'config' | 'db'>

/**
 * The body that the core gets: where a client registers or changes itself, what is left of it after our own rules, and
 * as it came everywhere else.
 * @throws RegistrationError
 */
export async function registrationBody(
  ctx: Needs,
  request: FastifyRequest,
  body: Buffer | undefined,
): Promise<Buffer | undefined> {
  const { method, routeOptions } = request
  const isNew = method === 'POST' && routeOptions.url === routes.registration
  const isChange = method === 'PUT' && routeOptions.url === `${routes.registration}/:client`
  if (!isNew && !isChange) return body
  const given = readJson(request, body)
  const cleaned = isNew
    ? await readRegistration(ctx, { authorization: request.headers.authorization, body: given })
    : readRegistrationUpdate(await clientOf(ctx, request), given)
  return Buffer.from(JSON.stringify(cleaned))
}

/** RFC 7591 §3.2.2; the status of a missing or wrong initial access token is that of any protected resource (RFC 6750 §3). */
export function registrationErrors(server: FastifyInstance): void {
  server.setErrorHandler((error, _request, reply) => {
    if (!(error instanceof RegistrationError)) throw error
    if (error.status === 401) reply.header('www-authenticate', `Bearer error="${error.error}"`)
    return reply
      .status(error.status)
      .header('cache-control', 'no-store')
      .type('application/json')
      .serializer(JSON.stringify)
      .send(error.toJSON())
  })
}

function readJson({ headers }: FastifyRequest, body: Buffer | undefined): unknown {
  if (!/^application\/json *(;|$)/i.test(headers['content-type'] ?? ''))
    throw new RegistrationError('invalid_request', 'Send JSON, with Content-Type: application/json.')
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    throw new RegistrationError('invalid_request', 'The body is not JSON in UTF-8.')
  }
}

/** Whose access token it must be, the core judges; a client that is not there it refuses just like a wrong token. */
async function clientOf(ctx: Needs, { params }: FastifyRequest): Promise<StoredClient> {
  const client = await findClient(ctx, (params as { client: string }).client)
  if (client?.origin !== 'registered')
    throw new RegistrationError('invalid_token', 'invalid token provided', 401)
  return client
}
