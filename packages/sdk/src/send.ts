import type { Sent } from './call.ts'
import { ConnectionFailedError, UnauthenticatedError } from './errors.ts'
import { readError } from './read-error.ts'
import { mayRepeatAfter, mayRepeatAfterFault, retryAfterOf, waitOf } from './retry.ts'

export type Transport = {
  /** Without a slash at the end. */
  url: string
  /** The credential of each try; null for none. */
  credential: () => Promise<string | null>
  fetch: typeof fetch
  signal: AbortSignal | undefined
  /** Seconds. */
  timeout: number
  /** Tries after the first. */
  retries: number
  random: () => number
  /** Ends early, rejecting with the signal's reason. */
  sleep: (seconds: number, signal: AbortSignal) => Promise<void>
}

/** One call of the API as JSON: the parsed answer, null where it has no body. */
export type Send = (method: string, path: string, sent?: Sent) => Promise<unknown>

export function createSend(transport: Transport): Send {
  return async (method, path, sent = {}) => {
    const seconds = sent.timeout ?? transport.timeout
    const late = AbortSignal.timeout(seconds * 1000)
    const given = [transport.signal, sent.signal].filter((signal) => signal !== undefined)
    const signal = AbortSignal.any([late, ...given])
    const deadline = Date.now() + seconds * 1000
    try {
      const response = await tries(transport, method, path, sent, { signal, deadline })
      return await readBody(transport, response)
    } catch (error) {
      // Whoever gave a signal gets its reason; a time of ours that has passed is an error of ours.
      for (const own of given) if (own.aborted) throw own.reason
      if (late.aborted)
        throw new ConnectionFailedError({
          code: 'timeout',
          status: null,
          detail: `${origin(transport)} did not answer within ${seconds} s.`,
          cause: error,
        })
      throw error
    }
  }
}

type Limits = { signal: AbortSignal; deadline: number }

async function tries(
  transport: Transport,
  method: string,
  path: string,
  sent: Sent,
  { signal, deadline }: Limits,
): Promise<Response> {
  const request = requestOf(transport, method, path, sent)
  for (let tried = 0; ; tried++) {
    const last = tried >= transport.retries
    signal.throwIfAborted()
    const credential = await transport.credential()
    const authorization = credential === null ? {} : { authorization: `Bearer ${credential}` }
    const headers = { ...request.headers, ...authorization }
    const init = { ...request.init, headers, signal }
    const { answer, fault } = await transport.fetch(request.url, init).then(
      (answer) => ({ answer, fault: null }),
      (fault: unknown) => {
        // `fetch` rejects with a TypeError where no answer came.
        if (!(fault instanceof TypeError) || signal.aborted) throw fault
        return { answer: null, fault }
      },
    )
    if (answer?.ok) return answer
    if (answer) refuseRedirect(transport, answer)
    const wait = waitOf(tried, answer && retryAfterOf(answer), transport.random)
    const may = answer ? mayRepeatAfter(method, answer) : mayRepeatAfterFault(method, fault)
    if (last || !may || Date.now() + wait * 1000 >= deadline)
      throw answer ? await refusal(answer, credential) : noAnswer(transport, fault)
    await answer?.body?.cancel()
    await transport.sleep(wait, signal)
  }
}

type Prepared = { url: string; headers: Record<string, string>; init: RequestInit }

function requestOf({ url }: Transport, method: string, path: string, sent: Sent): Prepared {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(sent.query ?? {}))
    if (value !== undefined && value !== null) query.append(name, String(value))
  const search = query.size === 0 ? '' : `?${query}`
  const hasBody = sent.body !== undefined
  return {
    url: `${url}${path}${search}`,
    headers: {
      accept: 'application/json',
      ...sent.headers,
      ...(hasBody ? { 'content-type': 'application/json' } : {}),
    },
    // A redirect would carry the credential to wherever it leads.
    init: { method, redirect: 'manual', ...(hasBody ? { body: JSON.stringify(sent.body) } : {}) },
  }
}

async function readBody(transport: Transport, response: Response): Promise<unknown> {
  const whole = await response.text().catch((error: unknown) => {
    throw error instanceof TypeError ? brokenOff(transport, error) : error
  })
  const text = eventData(response, whole)
  if (text === '') return null
  try {
    return JSON.parse(text)
  } catch {
    throw new ConnectionFailedError({
      code: 'unexpected_answer',
      status: response.status,
      detail: 'The answer is not JSON. Does the URL lead to Grantry?',
    })
  }
}

/** An MCP server may answer as a stream of events, the last of which is the answer. */
function eventData({ headers }: Response, text: string): string {
  if (!headers.get('content-type')?.startsWith('text/event-stream')) return text
  return [...text.matchAll(/^data: ?(.+)$/gm)].at(-1)?.[1] ?? ''
}

async function refusal(response: Response, credential: string | null): Promise<Error> {
  const error = await readError(response)
  if (credential !== null || !(error instanceof UnauthenticatedError)) return error
  const { code, status, requestId } = error
  const detail = 'No API key was given: set GRANTRY_API_KEY, or pass apiKey.'
  return new UnauthenticatedError({ code, status, requestId, detail })
}

function refuseRedirect(transport: Transport, { status, headers }: Response): void {
  if (status < 300 || status > 399) return
  const location = headers.get('location')
  const to =
    location === null || !URL.canParse(location, transport.url)
      ? 'elsewhere'
      : new URL(location, transport.url).origin
  throw new ConnectionFailedError({
    code: 'unexpected_answer',
    status,
    detail: `${origin(transport)} redirects to ${to}. If Grantry is there, give that as the URL.`,
  })
}

function noAnswer(transport: Transport, error: TypeError): ConnectionFailedError {
  const why = (error.cause as { code?: string } | undefined)?.code
  return new ConnectionFailedError({
    code: 'no_answer',
    status: null,
    detail: `${origin(transport)} cannot be reached${why === undefined ? '' : ` (${why})`}. Does Grantry run there? GRANTRY_URL or url says where.`,
    cause: error,
  })
}

/** The work is done by then, so that it is not done again here. */
const brokenOff = (transport: Transport, cause: TypeError) =>
  new ConnectionFailedError({
    code: 'no_answer',
    status: null,
    detail: `The answer of ${origin(transport)} broke off.`,
    cause,
  })

const origin = ({ url }: Transport) => new URL(url).origin
