import { randomBytes } from 'node:crypto'
import { Grantry } from '../client.ts'
import type { Connection } from '../contract.ts'
import { GrantryError } from '../errors.ts'
import { type Answer, type Input, json, redirect } from './http.ts'
import type { ConnectOptions, Known, Outcome } from './options.ts'
import { popupPage } from './popup-page.ts'
import { forgetSession, sessionOf, setSession } from './session-cookie.ts'

export type Handlers<R> = {
  /**
   * Makes a connect session for who is signed in. GET sends the browser to it; POST as JSON answers it to a page that uses
   * `@grantry/connect`: `{id, connect_url, connect_token, provider_name}`. Its origin is that of `finishUrl`.
   */
  start(input: Input<R>): Promise<Answer>
  /**
   * GET is the session's return address: finishes and sends the browser on. POST with `{session_id, code}` as JSON is for
   * a page that got the code from its popup: answers `{connection_id, provider, status}`, or `{error, error_description}`.
   */
  finish(input: Input<R>): Promise<Answer>
}

/**
 * Connecting in `finish` binding: the provider's code is exchanged only when your server says who is signed in, and that
 * is the end user whom the session was made for. So a link that somebody forwards binds nobody else's account.
 */
export function createHandlers<R>(options: ConnectOptions<R>): Handlers<R> {
  const grantry = options.grantry ?? new Grantry()
  const { finishUrl } = options

  const whoIs = async (request: R) => idAndName(await options.endUser(request))

  async function settle(session: string, code: string, endUser: string, request: R): Promise<Outcome> {
    let connection: Connection
    try {
      connection = await grantry.connectSessions.finish(session, { code, end_user_id: endUser })
    } catch (error) {
      if (!(error instanceof GrantryError)) throw error
      return { error: error.code, description: error.detail }
    }
    await options.onConnected?.(connection, request)
    return { connection }
  }

  async function start(input: Input<R>): Promise<Answer> {
    const endUser = await whoIs(input.request)
    if (endUser === null) return json(401, notSignedIn)
    const byPage = input.method === 'POST'
    if (byPage && !isJson(input)) return json(415, { error: 'unsupported_media_type' })
    const state = randomBytes(16).toString('base64url')
    const choice = (await options.session?.(input.request)) ?? {
      provider: input.query.get('provider') ?? undefined,
    }
    try {
      const session = await grantry.connectSessions.create({
        ...choice,
        end_user: endUser,
        binding: 'finish',
        return_to: finishUrl,
        ...(byPage ? { origin: new URL(finishUrl).origin } : {}),
        state,
      })
      const cookie = setSession(finishUrl, state, session.id)
      if (!byPage) return redirect(session.connect_url, cookie)
      const { id, connect_url, connect_token, provider_name } = session
      return json(200, { id, connect_url, connect_token, provider_name }, cookie)
    } catch (error) {
      if (!(error instanceof GrantryError)) throw error
      return json(error.status ?? 502, { error: error.code, error_description: error.detail })
    }
  }

  async function finishByReturn(input: Input<R>): Promise<Answer> {
    const state = input.query.get('state') ?? ''
    const outcome = await outcomeOf(input, state)
    const cookie = forgetSession(finishUrl, state)
    const next = nextOf(options.returnTo, outcome, input.request)
    if (!options.popup) return redirect(next, cookie)
    return popupPage(
      'connection' in outcome
        ? {
            type: 'oauth_success',
            connectionId: outcome.connection.id,
            provider: outcome.connection.provider,
          }
        : { type: 'oauth_error', error: outcome.error, errorDescription: outcome.description },
      next,
      cookie,
    )
  }

  async function outcomeOf({ query, cookies, request }: Input<R>, state: string): Promise<Outcome> {
    const session = sessionOf(cookies, state)
    if (session === null) return { error: 'unknown_session', description: 'This browser did not start this.' }
    const error = query.get('error')
    if (error !== null) return { error, description: query.get('error_description') }
    const endUser = await whoIs(request)
    if (endUser === null) return { error: 'not_signed_in', description: null }
    return settle(session, query.get('code') ?? '', endUser.id, request)
  }

  async function finishByPage(input: Input<R>): Promise<Answer> {
    if (!isJson(input)) return json(415, { error: 'unsupported_media_type' })
    const endUser = await whoIs(input.request)
    if (endUser === null) return json(401, notSignedIn)
    const { session_id, code } = parse(await input.body())
    if (typeof session_id !== 'string' || typeof code !== 'string')
      return json(400, { error: 'invalid_request' })
    const outcome = await settle(session_id, code, endUser.id, input.request)
    if ('error' in outcome) {
      const status = outcome.error === 'other_end_user' ? 403 : 409
      return json(status, { error: outcome.error, error_description: outcome.description })
    }
    const { id, provider, status } = outcome.connection
    return json(200, { connection_id: id, provider, status })
  }

  async function finish(input: Input<R>): Promise<Answer> {
    if (input.method === 'GET') return finishByReturn(input)
    if (input.method === 'POST') return finishByPage(input)
    return json(405, { error: 'method_not_allowed' })
  }

  return { start, finish }
}

/** A form of another site can send text, but not this type. */
const isJson = ({ contentType }: { contentType: string }) => /^application\/json\b/i.test(contentType)

const notSignedIn = { error: 'not_signed_in' }

function idAndName(known: Known) {
  if (known === null || known === undefined || known === '') return null
  return typeof known === 'string' ? { id: known } : known
}

function nextOf<R>(returnTo: ConnectOptions<R>['returnTo'], outcome: Outcome, request: R): string {
  if (typeof returnTo === 'function') return returnTo(outcome, request)
  const [name, value] =
    'connection' in outcome ? ['connection', outcome.connection.id] : ['connect_error', outcome.error]
  const given = returnTo ?? '/'
  const [path = '', fragment] = given.split('#', 2)
  const query = new URLSearchParams({ [name]: value })
  return `${path}${path.includes('?') ? '&' : '?'}${query}${fragment === undefined ? '' : `#${fragment}`}`
}

function parse(body: unknown): { session_id?: unknown; code?: unknown } {
  try {
    const value: unknown = typeof body === 'string' ? JSON.parse(body) : body
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}
