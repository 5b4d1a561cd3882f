import { type ErrorCode, errorCatalogue, type FieldError, type Problem } from '@grantry/api'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ApiError, problem } from '../errors.ts'
import { type Advice, advise } from './advise.ts'
import { challenge } from './challenge.ts'

/** The one place where an error becomes an answer. What is not an ApiError says nothing but that it happened. */
export function mapErrors(app: FastifyInstance, publicUrl: string): void {
  app.setErrorHandler((error: FastifyError, request, reply) =>
    sendProblem(toApiError(error), error, request, reply, publicUrl),
  )
  app.setNotFoundHandler((request, reply) =>
    sendProblem(
      // The path is not repeated: it may be a link that holds a secret.
      problem('not_found', 'Nothing answers this method and path. See /docs.'),
      null,
      request,
      reply,
      publicUrl,
    ),
  )
}

/** What the router refuses before there is a route: a path that cannot be decoded, or whose id is too long. */
export const refusePath =
  (publicUrl: string) =>
  (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff')
    const refusal =
      error.code === 'FST_ERR_MAX_PARAM_LENGTH'
        ? problem('not_found', 'Nothing has an id of this length.')
        : problem(
            'malformed_request',
            'The path is not valid: a percent sign must begin an encoded byte of UTF-8.',
          )
    sendProblem(refusal, null, request, reply, publicUrl)
  }

function sendProblem(
  error: ApiError,
  original: Error | null,
  request: FastifyRequest,
  reply: FastifyReply,
  publicUrl: string,
) {
  if (error.status >= 500 && original) request.log.error({ err: original }, 'request failed')
  const body: Problem & Record<string, unknown> = {
    ...error.members,
    ...adviceFor(error),
    type: `/docs#error-${error.code}`,
    title: errorCatalogue[error.code].title,
    status: error.status,
    code: error.code,
    detail: error.message,
    ...(error.errors ? { errors: error.errors } : {}),
    request_id: request.id,
  }
  if (error.retryAfter !== undefined) reply.header('retry-after', String(error.retryAfter))
  const wanted = challenge(error, request, publicUrl)
  if (wanted !== null) reply.header('www-authenticate', wanted)
  return reply
    .status(error.status)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send(body)
}

/** A provider's refusal comes with what to do about it. */
function adviceFor({ members = {} }: ApiError): { advice?: Advice } {
  const { provider_error: code, provider_error_description: description } = members
  if (typeof code !== 'string') return {}
  return { advice: advise(code, typeof description === 'string' ? description : null, 'The provider') }
}

const frameworkErrors: Record<string, [ErrorCode, string]> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['too_large', 'The request body is larger than 1 MiB.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    'unsupported_media_type',
    'Send JSON, with Content-Type: application/json.',
  ],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [
    'malformed_request',
    'The body is not as long as Content-Length says.',
  ],
}

/** Every refusal that Fastify, the parser or the schemas can make, in the catalogue's words. */
export function toApiError(error: FastifyError): ApiError {
  if (error instanceof ApiError) return error
  if (error.validation) {
    const errors = error.validation.map(toFieldError)
    const detail = errors.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ')
    return problem('invalid_request', detail, { errors })
  }
  const known = frameworkErrors[error.code]
  if (known) return problem(...known)
  if (error.statusCode === 400) return problem('malformed_request', 'The request is not valid HTTP or JSON.')
  if (error.name === 'VaultError') return vaultProblem(error)
  if (isStorageError(error))
    return problem(
      'storage_unavailable',
      'The database does not answer or cannot be written. Try again soon.',
      {
        cause: error,
        retryAfter: 5,
      },
    )
  return problem('internal', 'An error on our side. It is in our log under this request_id.', {
    cause: error,
  })
}

function toFieldError(fault: { instancePath: string; message?: string; params?: unknown }): FieldError {
  const path = fault.instancePath.split('/').slice(1).join('.')
  const unknown = (fault.params as { keys?: string[] } | undefined)?.keys
  return { path: path || (unknown?.[0] ?? ''), message: fault.message ?? 'is not valid' }
}

/**
 * What the vault says of a value that is not what was sealed, or whose key is gone, is no other request's matter; that its back
 * end or the root key's service does not answer or let us, is.
 */
function vaultProblem(error: { code?: string }): ApiError {
  if (/^vault_(unavailable|refused|misconfigured)$/.test(error.code ?? ''))
    return problem(
      'vault_unavailable',
      'What holds this secret, or its key, does not answer. Nothing is lost; try again soon.',
      { cause: error, retryAfter: 10 },
    )
  const detail =
    error.code === 'vault_key_destroyed'
      ? 'The key of a secret that this needs was destroyed. Nothing was handed out or sent.'
      : 'A secret that this needs is not what was stored: it was changed, moved or put back. Nothing was handed out or sent; whoever runs this server finds more in its log.'
  return problem('secret_unreadable', detail, { cause: error })
}

/** A full or read-only disk, a lost database: ours to mend, worth another try. */
function isStorageError(error: { code?: string; message: string }): boolean {
  return (
    error.code === 'ERR_SQLITE_ERROR' ||
    /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOSPC|EROFS|ETIMEDOUT|57P0[123]|53\d\d\d|08\d\d\d|25006)$/.test(
      error.code ?? '',
    ) ||
    /Connection terminated|timeout exceeded when trying to connect/.test(error.message)
  )
}
