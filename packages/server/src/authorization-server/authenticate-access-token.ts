import { memberScope, type OAuthScope, oauthScopes } from '@grantry/api'
import type { Context } from '../context.ts'
import type { Role } from '../db/schema.ts'
import { checkPresentation } from '../http/dpop-proof.ts'
import type { Authenticator, Presented, Principal } from '../http/principal.ts'
import { roleScopes } from '../members/roles.ts'
import { hashCredential } from '../vault/credential.ts'
import { findClient, isRegistered } from './client-store.ts'
import { commandLineId } from './command-line.ts'
import { findPerson } from './find-person.ts'
import { withheldScopes } from './role-limits.ts'
import { readSubject, type Subject } from './subject.ts'

type Needs = Pick<Context, 'clock' | 'db' | 'log'>

/** An access token of ours that is good now. */
export type LiveToken = {
  idHash: string
  workspace: string
  /** Null where the client acts for itself (RFC 6749 §4.4). */
  subject: Subject | null
  clientId: string
  scopes: OAuthScope[]
  /** Of the member as whom it acts in everything; null for an app that was allowed some of it. */
  role: Role | null
  audience: string
  /** UUID of the grant; null without a subject. */
  grant: string | null
  connections: string[] | null
  /** Thumbprint of the key that it is bound to (RFC 9449 §6). */
  jkt: string | null
  usedAt: number | null
}

/**
 * Looks an access token up by its hash, each time: what is ended is ended at once, everywhere.
 * @returns null for one that is unknown, expired or ended, or whose person has left
 */
export async function findAccessToken(ctx: Needs, text: string): Promise<LiveToken | null> {
  const idHash = hashCredential(text)
  const row = await ctx.db
    .selectFrom('oauth_records as token')
    .leftJoin('oauth_grants as grant', 'grant.grant_hash', 'token.grant_hash')
    .select([
      'token.workspace_id',
      'token.model',
      'token.payload',
      'token.client_id',
      'token.expires_at',
      'token.used_at',
      'token.grant_hash',
      'grant.id as grant_id',
      'grant.connections',
      'grant.ended_at',
    ])
    .where('token.model', 'in', ['AccessToken', 'ClientCredentials'])
    .where('token.id_hash', '=', idHash)
    .executeTakeFirst()
  if (!row?.client_id || row.expires_at <= ctx.clock.now()) return null
  if (row.grant_hash !== null && (row.grant_id === null || row.ended_at !== null)) return null
  const payload = JSON.parse(row.payload) as {
    accountId?: string
    scope?: string
    aud?: string
    jkt?: string
  }
  const client = await findClient(ctx, row.client_id)
  // A client that describes itself by its address has no row; any other that is gone takes its tokens along.
  if (!client && !row.client_id.startsWith('https://')) return null
  const subject = payload.accountId ? readSubject(payload.accountId) : null
  const person = subject && (await findPerson(ctx, subject))
  if (payload.accountId ? !person : !client || isRegistered(client)) return null
  const asked = (payload.scope ?? '').split(' ')
  const withheld =
    person?.subject.kind === 'member' && person.role
      ? withheldScopes({ kind: 'member', role: person.role }, asked)
      : []
  return {
    idHash,
    workspace: subject?.workspace ?? client!.workspace,
    subject,
    clientId: row.client_id,
    scopes: oauthScopes.filter((scope) => asked.includes(scope) && !withheld.includes(scope)),
    role: row.client_id === commandLineId && asked.includes(memberScope) ? (person?.role ?? null) : null,
    audience: payload.aud ?? '',
    grant: row.grant_id,
    connections: row.connections === null ? null : (JSON.parse(row.connections) as string[]),
    jkt: payload.jkt ?? null,
    usedAt: row.used_at,
  }
}

/** Finds who an access token acts for, and holds it to the key that it is bound to. */
export function createAccessTokenAuthenticator(ctx: Needs): Authenticator {
  return async (text, presented: Presented) => {
    const token = await findAccessToken(ctx, text)
    if (!token) return null
    await checkPresentation(ctx, token.jkt, text, presented)
    if (token.usedAt === null) await noteUse(ctx, token.idHash)
    return principalOf(token)
  }
}

export function principalOf(token: LiveToken): Principal {
  const { subject } = token
  if (token.role !== null && subject?.kind === 'member') return memberOf(token, subject.member, token.role)
  return {
    kind: 'oauth_client',
    workspace: token.workspace,
    // In the audit log a partner app is told by what it was allowed.
    id: token.grant,
    scopes: new Set(token.scopes),
    app: null,
    services: null,
    networks: null,
    endUser: subject?.kind === 'end_user' ? subject.endUser : null,
    member: subject?.kind === 'member' ? subject.member : null,
    client: token.clientId,
    connections: token.connections && new Set(token.connections),
    grant: token.grant,
    audience: token.audience,
  }
}

/** From the command line people act as themselves: what their role allows now, and nothing that was chosen at a consent. */
function memberOf(token: LiveToken, member: string, role: Role): Principal {
  return {
    kind: 'member',
    workspace: token.workspace,
    id: token.grant,
    scopes: roleScopes[role],
    app: null,
    services: null,
    networks: null,
    endUser: null,
    member,
    client: token.clientId,
    connections: null,
    grant: token.grant,
    // Whatever is served here is the member's to call, MCP servers included.
    audience: null,
  }
}

/** Before the answer leaves: a refresh token's retry must know whether its answer has arrived. */
export async function noteUse(ctx: Needs, idHash: string): Promise<void> {
  await ctx.db
    .updateTable('oauth_records')
    .set({ used_at: ctx.clock.now() })
    .where('model', '=', 'AccessToken')
    .where('id_hash', '=', idHash)
    .where('used_at', 'is', null)
    .execute()
}
