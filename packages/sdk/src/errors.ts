/** One fault of one field; `path` is dotted (`end_user.id`), empty for the body as a whole. */
export type FieldError = { path: string; message: string }

export type ErrorFields = {
  /** Stable, from the contract's error catalogue (`connection_needs_reauth`); the SDK's own are `timeout`, `no_answer` and `unexpected_answer`. */
  code: string
  /** HTTP status; null where nothing was answered. */
  status: number | null
  /** What happened and what to do, in a sentence. Never holds a secret. */
  detail: string
  errors?: FieldError[] | undefined
  /** Names the request in the server's log. */
  requestId?: string | null | undefined
  /** What else the refusal says: `ids` of `ambiguous`, `quota` and `limit` of `quota_exceeded`. */
  members?: Record<string, unknown> | undefined
  cause?: unknown
}

/** Every refusal and every failure of a call. Its subclasses are what a caller may want to do about it. */
export class GrantryError extends Error {
  override readonly name: string = 'GrantryError'
  readonly code: string
  readonly status: number | null
  readonly detail: string
  readonly errors: FieldError[]
  readonly requestId: string | null
  readonly members: Record<string, unknown>

  constructor({ code, status, detail, errors = [], requestId = null, members = {}, cause }: ErrorFields) {
    super(detail, cause === undefined ? {} : { cause })
    this.code = code
    this.status = status
    this.detail = detail
    this.errors = errors
    this.requestId = requestId
    this.members = members
  }
}

/** The end user has to connect the account again: send them to `connectUrl`. */
export class NeedsReauthError extends GrantryError {
  override readonly name = 'NeedsReauthError'
  /** null where the credential may not make links (`connections:write`). */
  readonly connectUrl: string | null
  readonly connectionId: string | null

  constructor(fields: ErrorFields & { connectUrl?: string | null; connectionId?: string | null }) {
    super(fields)
    this.connectUrl = fields.connectUrl ?? null
    this.connectionId = fields.connectionId ?? null
  }
}

/** There is no such thing, or it belongs to somebody else. */
export class NotFoundError extends GrantryError {
  override readonly name = 'NotFoundError'
}

/** Ask again later. */
export class RateLimitedError extends GrantryError {
  override readonly name = 'RateLimitedError'
  /** Seconds; null where the server named none. */
  readonly retryAfter: number | null

  constructor(fields: ErrorFields & { retryAfter?: number | null }) {
    super(fields)
    this.retryAfter = fields.retryAfter ?? null
  }
}

/** No API key, or not a good one. */
export class UnauthenticatedError extends GrantryError {
  override readonly name = 'UnauthenticatedError'
}

/** The credential does not reach this far. */
export class ForbiddenError extends GrantryError {
  override readonly name = 'ForbiddenError'
}

/** The request itself has to change; `errors` names the fields. */
export class InvalidRequestError extends GrantryError {
  override readonly name = 'InvalidRequestError'
}

/** Grantry or the provider cannot answer at present. */
export class UnavailableError extends GrantryError {
  override readonly name = 'UnavailableError'
  /** Seconds; null where the server named none. */
  readonly retryAfter: number | null

  constructor(fields: ErrorFields & { retryAfter?: number | null }) {
    super(fields)
    this.retryAfter = fields.retryAfter ?? null
  }
}

/** No answer came: the server cannot be reached, or took too long. */
export class ConnectionFailedError extends GrantryError {
  override readonly name = 'ConnectionFailedError'
}
