import { type ErrorCode, errorCatalogue, type FieldError } from '@grantry/api'

type ProblemOptions = {
  errors?: FieldError[]
  cause?: unknown
  /** Seconds; becomes Retry-After. */
  retryAfter?: number
  /** Extension members of the problem document (RFC 9457 §3.2); public. */
  members?: Record<string, unknown>
  /** What WWW-Authenticate says where it is not Bearer, and invalid_token or insufficient_scope (RFC 6750 §3.1, RFC 9449 §7.1). */
  challenge?: { scheme: 'DPoP'; error: 'invalid_token' | 'invalid_dpop_proof' }
}

/** An operation's refusal. `message` is public; what is private goes into `cause`. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: ErrorCode
  readonly errors: FieldError[] | undefined
  readonly retryAfter: number | undefined
  readonly members: Record<string, unknown> | undefined
  readonly challenge: ProblemOptions['challenge']

  constructor(code: ErrorCode, detail: string, options: ProblemOptions = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.errors = options.errors
    this.retryAfter = options.retryAfter
    this.members = options.members
    this.challenge = options.challenge
  }

  get status(): number {
    return errorCatalogue[this.code].status
  }
}

/** The one way to refuse: `throw problem('not_found', 'No connection has this id.')`. */
export function problem(code: ErrorCode, detail: string, options?: ProblemOptions): ApiError {
  return new ApiError(code, detail, options)
}

/**
 * Another workspace's thing and one that does not exist answer alike.
 * @param path the field that names it, where it is not the request's own address
 */
export function notFound(what: string, path?: string): ApiError {
  if (path !== undefined)
    return invalid(path, `there is no ${what} with this id in your workspace`, 'not_found')
  const where = what === 'workspace' ? '' : ' in your workspace'
  return problem('not_found', `There is no ${what} with this id${where}.`)
}

/** A single field's fault. */
export function invalid(path: string, message: string, code: ErrorCode = 'invalid_request'): ApiError {
  return problem(code, `${path}: ${message}`, { errors: [{ path, message }] })
}

/** A refusal as another API tells it, whose fields are called otherwise; null for one that it has not. */
export function renameFields(error: ApiError, nameOf: (path: string) => string | null): ApiError {
  return problem(error.code, error.message, {
    cause: error.cause,
    ...(error.members && { members: error.members }),
    errors: (error.errors ?? []).flatMap(({ path, message }) => {
      const name = nameOf(path)
      return name === null ? [] : { path: name, message }
    }),
  })
}
