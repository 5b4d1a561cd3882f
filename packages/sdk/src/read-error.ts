import {
  type ErrorFields,
  type FieldError,
  ForbiddenError,
  GrantryError,
  InvalidRequestError,
  NeedsReauthError,
  NotFoundError,
  RateLimitedError,
  UnauthenticatedError,
  UnavailableError,
} from './errors.ts'
import { retryAfterOf } from './retry.ts'

type Problem = {
  type?: string
  status?: number
  code?: string
  title?: string
  detail?: string
  errors?: FieldError[]
  request_id?: string
  connect_url?: string | null
  connection_id?: string | null
  [member: string]: unknown
}

/** The error that a refusal stands for (RFC 9457). What is not from Grantry, such as a gateway's page, is named by its status alone. */
export async function readError(response: Response): Promise<GrantryError> {
  const { status } = response
  const problem = await readProblem(response)
  const { type: _type, status: _status, code, title, detail, errors, request_id, ...members } = problem ?? {}
  const fields: ErrorFields = {
    code: code ?? 'unexpected_answer',
    status,
    detail: detail ?? title ?? `The server answered ${status} and did not say why.`,
    errors,
    requestId: request_id ?? response.headers.get('x-request-id'),
    members,
  }
  const retryAfter = retryAfterOf(response)
  if (fields.code === 'connection_needs_reauth')
    return new NeedsReauthError({
      ...fields,
      connectUrl: members.connect_url ?? null,
      connectionId: members.connection_id ?? null,
    })
  if (status === 401) return new UnauthenticatedError(fields)
  if (status === 403) return new ForbiddenError(fields)
  if (status === 404) return new NotFoundError(fields)
  if (status === 429) return new RateLimitedError({ ...fields, retryAfter })
  if (status === 400 || status === 413 || status === 415 || status === 422)
    return new InvalidRequestError(fields)
  if (status >= 500) return new UnavailableError({ ...fields, retryAfter })
  return new GrantryError(fields)
}

async function readProblem(response: Response): Promise<Problem | null> {
  const json = response.headers.get('content-type')?.includes('json')
  const text = await response.text().catch(() => '')
  if (!json) return null
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' ? (value as Problem) : null
  } catch {
    return null
  }
}
