import * as api from '@grantry/api'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { notFound, problem } from '../errors.ts'
import { readPage, toList } from '../http/cursor.ts'
import { mount } from '../http/mount.ts'
import { reachesPart, refusePart } from '../http/narrowing.ts'
import type { Principal } from '../http/principal.ts'
import { speechIn } from '../languages/speech.ts'
import { isCommandLine } from './command-line.ts'
import { endGrant } from './end-grant.ts'
import { type Grant, type GrantFilter, lastEventsOf, listGrants, loadGrant } from './list-grants.ts'
import { scopeInWords } from './scope-words.ts'
import { readSubject, type Subject, writeSubject } from './subject.ts'

/** An answer for programs is the same for everybody. */
const english = speechIn('en')

/** What people allowed, after they allowed it: theirs to see and to end, and their workspace's. */
export function grantRoutes(app: FastifyInstance, ctx: Context): void {
  mount(app, api.listAuthorizedApps, async ({ principal, query }) => {
    const page = readPage(query)
    const { workspace } = principal
    if (principal.kind !== 'end_user') refusePart(principal, 'authorised apps')
    const mine = reachOf(principal)
    const named = namedSubject(workspace, query)
    if (named !== undefined && mine.subject !== undefined && named !== mine.subject)
      return { data: [], next_cursor: null }
    const filter = { workspace, subject: mine.subject ?? named, client: query.client_id }
    const grants = await listGrants(ctx, filter, page)
    const connections = await connectionsOf(workspace, grants)
    return toList(grants, page, (grant) => present(grant, connections))
  })

  mount(app, api.getAuthorizedApp, async ({ principal, params }) => {
    const grant = await loadGrant(ctx, reachOf(principal), readId(params.id))
    const connections = await connectionsOf(principal.workspace, [grant])
    const events = await lastEventsOf(ctx, grant)
    const recent = events.map(({ id, type, at, connection_id }) => ({
      id: api.encodeId('evt', id),
      type,
      at: iso(at),
      connection_id: connection_id && api.encodeId('con', connection_id),
    }))
    return { data: { ...present(grant, connections), recent } }
  })

  mount(app, api.endAuthorizedApp, async ({ principal, actor, params }) => {
    if (principal.kind === 'end_user' && !principal.scopes.has('connections:write'))
      throw problem('insufficient_scope', "An end user's token needs connections:write to end an app.")
    const { id } = await loadGrant(ctx, reachOf(principal), readId(params.id))
    await endGrant(ctx, { workspace: principal.workspace, id, actor })
    return { data: { id: api.encodeId('gra', id), ended: true as const } }
  })

  type Shown = {
    id: string
    provider: string | null
    account_label: string | null
    end_user_id: string | null
  }

  async function connectionsOf(workspace: string, grants: Grant[]): Promise<Map<string, Shown>> {
    const ids = new Set(grants.flatMap((grant) => chosenIn(grant) ?? []))
    if (ids.size === 0) return new Map()
    const rows = await ctx.db
      .selectFrom('connections')
      .select(['id', 'provider', 'account_label', 'end_user_id'])
      .where('workspace_id', '=', workspace)
      .where('id', 'in', [...ids])
      .execute()
    return new Map(rows.map((row) => [row.id, row]))
  }
}

const iso = (ms: number) => new Date(ms).toISOString()
const chosenIn = ({ connections }: Grant) =>
  connections === null ? null : (JSON.parse(connections) as string[])

/**
 * Everyone's for an administrator, one's own for anybody else. What is allowed is the workspace's, not an app's: a key
 * that is narrowed to a part of it reaches none.
 */
function reachOf(principal: Principal): GrantFilter {
  const { kind, workspace, member, endUser, scopes } = principal
  if (kind !== 'end_user' && scopes.has('admin')) {
    if (reachesPart(principal)) throw notFound('authorised app')
    return { workspace }
  }
  const own: Subject | null =
    endUser !== null
      ? { workspace, kind: 'end_user', endUser }
      : member !== null
        ? { workspace, kind: 'member', member }
        : null
  if (!own) throw notFound('authorised app')
  return { workspace, subject: writeSubject(own) }
}

function namedSubject(
  workspace: string,
  { member, end_user }: { member?: string | undefined; end_user?: string | undefined },
): string | undefined {
  if (member !== undefined && end_user !== undefined)
    throw problem('invalid_request', 'end_user: name a member or an end user, not both.', {
      errors: [{ path: 'end_user', message: 'cannot be named beside a member' }],
    })
  if (end_user !== undefined) return writeSubject({ workspace, kind: 'end_user', endUser: end_user })
  if (member === undefined) return undefined
  const id = api.decodeId('mem', member)
  if (!id) throw notFound('member')
  return writeSubject({ workspace, kind: 'member', member: id })
}

function readId(text: string): string {
  const id = api.decodeId('gra', text)
  if (!id) throw notFound('authorised app')
  return id
}

type Connections = ReadonlyMap<
  string,
  { provider: string | null; account_label: string | null; end_user_id: string | null }
>

function presentSubject({ subject: text, email }: Grant) {
  const subject = readSubject(text)
  return subject?.kind === 'end_user'
    ? { kind: 'end_user' as const, id: subject.endUser, email: null }
    : { kind: 'member' as const, id: subject ? api.encodeId('mem', subject.member) : '', email }
}

function present(grant: Grant, connections: Connections) {
  const chosen = chosenIn(grant)
  return {
    id: api.encodeId('gra', grant.id),
    client: {
      client_id: grant.client_id,
      client_name: grant.metadata?.client_name ?? grant.client_name,
      client_uri: (grant.metadata?.client_uri as string | undefined) ?? null,
      origin:
        grant.origin ??
        (isCommandLine({ clientId: grant.client_id }) ? ('built_in' as const) : ('published' as const)),
    },
    subject: presentSubject(grant),
    scopes: (JSON.parse(grant.scopes) as string[]).map((scope) => ({
      scope,
      description: scopeInWords(scope, english),
    })),
    resources: JSON.parse(grant.resources) as string[],
    connections:
      chosen?.map((id) => ({
        id: api.encodeId('con', id),
        provider: connections.get(id)?.provider ?? null,
        account_label: connections.get(id)?.account_label ?? null,
        end_user_id: connections.get(id)?.end_user_id ?? null,
      })) ?? null,
    created_at: iso(grant.created_at),
    last_used_at: grant.last_used_at === null ? null : iso(grant.last_used_at),
    ended_at: grant.ended_at === null ? null : iso(grant.ended_at),
  }
}
