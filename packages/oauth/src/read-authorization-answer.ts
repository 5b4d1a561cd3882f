import { cleanText } from './clean-text.ts'
import { type FailureKind, failureInText, failureKind } from './failure-kind.ts'

/** What an authorization endpoint answered to a request that nobody stands behind. */
export type AuthorizationAnswer = {
  status: number
  /** The Location header. */
  location: string | null
  body: string
}

/**
 * - `refused`: the provider does not take the request. `at`: told to the redirect URI, which it then knows, or on a page of its own.
 * - `page`: it goes on with a person: signs them in, or asks them.
 * - `busy`: 429 or 5xx.
 * - `unclear`: an answer from which nothing follows.
 */
export type AuthorizationReading =
  | {
      is: 'refused'
      at: 'redirect_uri' | 'page'
      error: string
      description: string | null
      kind: FailureKind
    }
  | { is: 'page' }
  | { is: 'busy'; status: number }
  | { is: 'unclear'; status: number }

/** What is said to the redirect URI of a person who is not there: the request itself was taken. */
const wantsPerson = [
  'login_required',
  'interaction_required',
  'consent_required',
  'account_selection_required',
]

/**
 * Reads the first answer to an authorization request (RFC 6749 §4.1.1) that was sent without a browser. A fault of client or
 * redirect URI is shown on a page (§4.1.2.1), in no standard form: it is known by the codes that providers name on it, or in
 * the address of it.
 */
export function readAuthorizationAnswer(
  { status, location, body }: AuthorizationAnswer,
  redirectUri: string,
): AuthorizationReading {
  if (status === 429 || status >= 500) return { is: 'busy', status }
  if (status >= 300 && status < 400) return readRedirect(location, redirectUri, status)
  const text = status < 300 ? visibleText(body) : `${fieldsOf(body)} ${visibleText(body)}`
  const found = failureInText(text)
  if (found) return onPage(found, sentenceWith(text, found.error))
  return status < 300 ? { is: 'page' } : { is: 'unclear', status }
}

function readRedirect(location: string | null, redirectUri: string, status: number): AuthorizationReading {
  const to = location === null ? null : URL.parse(location, 'https://provider.invalid')
  if (!to) return { is: 'unclear', status }
  const back = new URL(redirectUri)
  if (to.origin === back.origin && to.pathname === back.pathname) {
    const error = to.searchParams.get('error')
    if (error === null || wantsPerson.includes(error)) return { is: 'page' }
    const description = cleanText(to.searchParams.get('error_description'))
    const code = cleanText(error) ?? 'invalid_error'
    return {
      is: 'refused',
      at: 'redirect_uri',
      error: code,
      description,
      kind: failureKind(code, description),
    }
  }
  // The error page's address: its path, its parameters, and what is packed into one of them (Google's authError).
  const values = [...to.searchParams.values()].filter((value) => !isAddress(value))
  const packed = values.map(unpacked).join(' ')
  const found = failureInText(`${values.filter((value) => value.length < 400).join(' ')} ${packed}`)
  return found ? onPage(found, null) : { is: 'page' }
}

const onPage = (found: { error: string; kind: FailureKind }, description: string | null) =>
  ({ is: 'refused', at: 'page', ...found, description }) as const

/** Where to go on after signing in: the request itself, which would be read as an answer. */
const isAddress = (value: string) => /^(https?:)?\//i.test(value) || value.includes('redirect_uri=')

function unpacked(value: string): string {
  if (!/^[\w+/-]{16,}={0,2}$/.test(value)) return ''
  try {
    return atob(value.replaceAll('-', '+').replaceAll('_', '/')).replace(/[^\x20-\x7e]+/g, ' ')
  } catch {
    return ''
  }
}

/** The fields of an error that is told as JSON. */
function fieldsOf(body: string): string {
  try {
    const { error, error_description } = JSON.parse(body) as Record<string, unknown>
    return [error, error_description].filter((part) => typeof part === 'string').join(': ')
  } catch {
    return ''
  }
}

const visibleText = (body: string): string =>
  body
    .replace(/<(script|style|noscript)\b[\s\S]*?<\/\1\s*>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')

/** The words around a code, to be shown. */
function sentenceWith(text: string, error: string): string | null {
  const at = text.indexOf(error)
  if (at < 0) return null
  return cleanText(text.slice(Math.max(0, at - 120), at + error.length + 160))
}
