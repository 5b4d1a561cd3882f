import type { GlobalOptions } from './cli.ts'
import { type ExitCode, exitCodes, Failure, Interrupted } from './failure.ts'
import { createOutput } from './output.ts'
import { printable } from './text-width.ts'
import type { World } from './world.ts'

/** The one place that makes words and an exit code of what went wrong. With `--json` stderr gets one JSON document. */
export function explainError(
  error: unknown,
  world: Pick<World, 'stdout' | 'stderr' | 'env' | 'signal'>,
  options: GlobalOptions,
): ExitCode {
  // Whatever broke when the person said stop, broke because of it.
  if (world.signal.aborted || error instanceof Interrupted) return exitCodes.interrupted
  const { exitCode, message, next, code, details = [] } = explain(error)
  if (options.json) {
    const more = details.length > 0 ? { errors: details } : {}
    world.stderr.write(`${JSON.stringify({ error: { code, message, next, ...more } })}\n`)
    return exitCode
  }
  const out = createOutput(world, false)
  const [first = '', ...rest] = message.split('\n')
  out.failed(printable(first))
  for (const line of rest) out.note(printable(line))
  // Of a single field the message says it already.
  for (const detail of details.filter((one) => !message.includes(`${one.path}: ${one.message}`)))
    out.note(`  ${printable(detail.path || 'request')}: ${printable(detail.message)}`)
  if (next) out.note(`Next: ${printable(next)}`)
  return exitCode
}

type Explained = {
  exitCode: ExitCode
  message: string
  next: string | null
  code: string
  details?: { path: string; message: string }[]
}

/** What the SDK's errors carry. They are known by name, so that a failing start need not load the SDK. */
type SdkError = Error & {
  code?: string
  status?: number
  detail?: string
  errors?: { path: string; message: string }[]
  requestId?: string | null
  connectUrl?: string | null
  connectionId?: string | null
  retryAfter?: number | null
}

const codes: Partial<Record<ExitCode, string>> = {
  [exitCodes.usage]: 'usage',
  [exitCodes.notFound]: 'not_found',
  [exitCodes.needsReauth]: 'connection_needs_reauth',
}

function explain(error: unknown): Explained {
  if (error instanceof Failure) {
    const { exitCode, message, next } = error
    return { exitCode, message, next, code: codes[exitCode] ?? 'failed' }
  }
  const sdk = error as SdkError
  const said = {
    exitCode: exitCodes.failed,
    message: sdk.detail || sdk.message,
    next: null,
    code: sdk.code ?? 'failed',
    ...(sdk.errors?.length ? { details: sdk.errors } : {}),
  }
  switch (sdk.name) {
    case 'NeedsReauthError':
      return {
        ...said,
        exitCode: exitCodes.needsReauth,
        next: sdk.connectUrl ? `open ${sdk.connectUrl} to connect it again` : 'connect the account again',
      }
    case 'NotFoundError':
      return { ...said, exitCode: exitCodes.notFound }
    case 'UnauthenticatedError':
      return { ...said, next: 'grantry login, or set GRANTRY_API_KEY' }
    case 'ForbiddenError':
      return { ...said, next: 'use a credential that reaches this far: grantry login, or another API key' }
    case 'RateLimitedError':
      return { ...said, next: sdk.retryAfter ? `try again in ${sdk.retryAfter} s` : 'try again later' }
    case 'UnavailableError':
      return { ...said, next: 'try again in a moment' }
    case 'ConnectionFailedError':
      return {
        ...said,
        next: 'check that the server runs (grantry serve) and that --url or the profile names it',
      }
  }
  if (sdk.requestId !== undefined) return said
  return unexpected(error)
}

/** A fault of the system in its words; a fault of ours with where it happened. */
function unexpected(error: unknown): Explained {
  const { code, message = String(error), stack } = error as NodeJS.ErrnoException
  const ours = code === undefined || error instanceof TypeError
  return {
    exitCode: exitCodes.failed,
    message: ours ? `${message}\n${(stack ?? '').split('\n').slice(1, 4).join('\n')}` : message,
    next: ours ? 'report this: it is a fault of grantry itself' : null,
    code: code ?? 'internal',
  }
}
