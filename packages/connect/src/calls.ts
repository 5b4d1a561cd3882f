import { ConnectError, refusalOf } from './errors.ts'
import { type Page, pause } from './page.ts'
import type { ConnectSession } from './session.ts'

/** An account that was connected. */
export type Connected = { connectionId: string; sessionId: string; providerName: string | null }

/** Ends a session with the code that came back; see `ConnectOptions`. */
export type Finish =
  | string
  | ((result: { session_id: string; code: string }) => Promise<{ connection_id: string }>)

export type Status = {
  status: 'created' | 'started' | 'awaiting_finish' | 'completed' | 'failed' | 'expired'
  binding: string
  error: string | null
  error_description: string | null
  connection_id: string | null
  provider_name: string
}

const addressOf = ({ connect_url, id }: ConnectSession) =>
  `${new URL(connect_url).origin}/api/v1/connect-sessions/${encodeURIComponent(id)}`

/**
 * The session as it stands; null where there was no answer to count on, so ask again.
 * @throws ConnectError what Grantry said
 */
export async function askStatus(page: Page, session: ConnectSession): Promise<Status | null> {
  try {
    const answer = await page.fetch(addressOf(session), {
      headers: { authorization: `Bearer ${session.connect_token}` },
      cache: 'no-store',
    })
    const body = (await answer.json()) as { data: Status }
    if (answer.ok) return body.data
    if (answer.status !== 429 && answer.status < 500) throw refusalOf(body, 'no_session')
  } catch (error) {
    if (error instanceof ConnectError) throw error
  }
  return null
}

/**
 * What a status says of the end; null while there is none.
 * @throws ConnectError
 */
export function endOf({ id }: ConnectSession, said: Status): Connected | null {
  const { status, connection_id, provider_name } = said
  if (status === 'completed')
    return { connectionId: connection_id!, sessionId: id, providerName: provider_name }
  if (status === 'failed') throw new ConnectError(said.error ?? 'failed', said.error_description)
  if (status === 'expired') throw new ConnectError('expired', 'It took too long. Start again.')
  return null
}

/**
 * Ends the session: by its connect token at Grantry, or by your own server. One without an answer is tried again, and
 * one that finds the code used asks what became of it.
 * @throws ConnectError
 */
export async function finishSession(
  page: Page,
  session: ConnectSession,
  code: string,
  finish?: Finish,
): Promise<Connected> {
  for (let attempt = 1; ; attempt++) {
    try {
      const connectionId = await (typeof finish === 'function'
        ? finish({ session_id: session.id, code }).then(({ connection_id }) => connection_id)
        : finishBy(page, session, code, finish))
      return { connectionId, sessionId: session.id, providerName: session.provider_name ?? null }
    } catch (error) {
      if (error instanceof ConnectError && error.code === 'already_used') {
        const said = await askStatus(page, session)
        const end = said && endOf(session, said)
        if (end) return end
      }
      if (error instanceof ConnectError || typeof finish === 'function') throw error
      if (attempt === 4)
        throw new ConnectError('unreachable', 'There was no answer to the finish call.', error)
      await pause(page, attempt * 500)
    }
  }
}

async function finishBy(page: Page, session: ConnectSession, code: string, url?: string): Promise<string> {
  const answer = await page.fetch(url ?? `${addressOf(session)}/finish`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(url === undefined ? { authorization: `Bearer ${session.connect_token}` } : {}),
    },
    body: JSON.stringify(url === undefined ? { code } : { session_id: session.id, code }),
  })
  const body = (await answer.json().catch(() => null)) as {
    connection_id?: string
    data?: { id: string }
  } | null
  const id = body?.connection_id ?? body?.data?.id
  if (!answer.ok || !id) throw refusalOf(body, 'no_session')
  return id
}
