import { type FailureKind, failureKind } from '@grantry/oauth'
import { listConnections } from '../connections/find.ts'
import type { Connection } from '../connections/store.ts'
import type { Context } from '../context.ts'
import type { Integration } from '../integrations/store.ts'

/** How far back it is looked: enough to see what is the case, and the same work however many there are. */
const newestSessions = 50
export const mostLooked = 500

/** Something that failed, newest first: connecting, refreshing, or what the API answered when it was asked whose account this is. */
export type Failure = {
  in: 'connecting' | 'refreshing' | 'api'
  kind: FailureKind
  error: string
  /** `code: description`, in the provider's words. */
  words: string
  /** How many of those looked at failed so. */
  count: number
  /** What was asked for when it failed; null where that is not the question. */
  scopes: string[] | null
}

/** What connects and refreshes have shown of one integration. */
export type History = {
  failures: Failure[]
  /** Whether the newest connect that ended either way brought a connection; null where there was none. */
  connects: boolean | null
  /** Connections that were looked at. */
  looked: number
  active: number
  needsReauth: number
  refreshed: number
  /** Of the newest active connection whose tokens end; null where there is none. */
  newestHasRefreshToken: boolean | null
  /** Whether its API told whose account the newest connection is; null where it was not asked. */
  apiAnswers: boolean | null
}

type Needs = Pick<Context, 'db'>
type Whose = { app: string | null }

/** Reads what there is, of one app where the credential is narrowed to one. */
export async function readHistory(ctx: Needs, integration: Integration, { app }: Whose): Promise<History> {
  const sessions = await endedSessions(ctx, integration, app)
  const connections = await listConnections(
    ctx,
    {
      workspace: integration.workspace,
      integration: integration.id,
      living: true,
      app: app ?? undefined,
      among: null,
      services: null,
    },
    { limit: mostLooked, after: null },
  )
  const active = connections.filter(({ status }) => status === 'active')
  const ending = active.find(({ expires_at }) => expires_at !== null)
  const asked = active.find((row) => row.api_error !== null || row.account_id !== null)
  const newest = sessions.find(({ status, error }) => status === 'completed' || !isOwnDoing(error!))
  // A connect that went well shows that what failed before it has been mended.
  const well = sessions.findIndex(({ status }) => status === 'completed')
  const since = well < 0 ? sessions : sessions.slice(0, well)
  return {
    failures: [
      ...together(since.map(connectFailure)),
      ...together(active.filter(({ last_refresh_ok }) => last_refresh_ok === 0).map(refreshFailure)),
      ...together(connections.filter(({ status }) => status === 'needs_reauth').map(endFailure)),
      ...(asked?.api_error ? together([apiFailure(asked.api_error)]) : []),
    ],
    connects: newest === undefined ? null : newest.status === 'completed',
    looked: connections.length,
    active: active.length,
    needsReauth: connections.filter(({ status }) => status === 'needs_reauth').length,
    refreshed: active.filter(({ last_refresh_ok }) => last_refresh_ok === 1).length,
    newestHasRefreshToken: ending === undefined ? null : ending.refresh_token_hash !== null,
    apiAnswers: asked === undefined ? null : asked.api_error === null,
  }
}

type Session = {
  status: 'completed' | 'failed'
  error: string | null
  error_description: string | null
  scopes: string
}

async function endedSessions(
  ctx: Needs,
  { workspace, id }: Integration,
  app: string | null,
): Promise<Session[]> {
  let query = ctx.db
    .selectFrom('connect_sessions')
    .select(['status', 'error', 'error_description', 'scopes'])
    .where('workspace_id', '=', workspace)
    .where('integration_id', '=', id)
    .where('status', 'in', ['completed', 'failed'])
  if (app !== null) query = query.where('app_id', '=', app)
  return (await query.orderBy('id', 'desc').limit(newestSessions).execute()) as Session[]
}

/** What says nothing about the integration: a person's no, or a link that was not used well. */
const ownDoing: readonly FailureKind[] = ['access_denied', 'not_me', 'expired', 'conflict', 'already_used']
const isOwnDoing = (error: string) => ownDoing.includes(failureKind(error))

const connectFailure = ({ error, error_description, scopes }: Session) =>
  failure('connecting', error ?? 'unknown', error_description, JSON.parse(scopes) as string[])

/** Stored as `code: description`. */
const refreshFailure = ({ last_refresh_error }: Connection) => {
  const [error, description] = divide(last_refresh_error ?? 'unknown')
  return failure('refreshing', error, description)
}

const endFailure = ({ reason, reason_detail }: Connection) =>
  failure('refreshing', reason === 'expired' ? 'refresh_token_missing' : (reason ?? 'unknown'), reason_detail)

const apiFailure = (stored: string) => {
  const [error, description] = divide(stored)
  return failure('api', error, description)
}

function divide(stored: string): [string, string | null] {
  const colon = stored.indexOf(': ')
  return colon < 0 ? [stored, null] : [stored.slice(0, colon), stored.slice(colon + 2)]
}

function failure(
  where: Failure['in'],
  error: string,
  description: string | null,
  scopes: string[] | null = null,
): Failure {
  const words = description ? `${error}: ${description}` : error
  return { in: where, kind: failureKind(error, description), error, words, count: 1, scopes }
}

/** One of each kind, the newest, with how many there were. */
function together(failures: Failure[]): Failure[] {
  const kinds = new Map<FailureKind, Failure>()
  for (const one of failures) {
    if (ownDoing.includes(one.kind)) continue
    const known = kinds.get(one.kind)
    if (known) known.count++
    else kinds.set(one.kind, { ...one })
  }
  return [...kinds.values()]
}
