import * as api from '@grantry/api'
import { Secret } from '@grantry/oauth'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { leave, sendStarted } from '../connect/browser-routes.ts'
import { createSession } from '../connect/create-session.ts'
import { ownPage } from '../connect/return-address.ts'
import { startSession } from '../connect/start.ts'
import { deleteConnection } from '../connections/delete.ts'
import { unnamed } from '../connections/find.ts'
import { listNamedConnections, type NamedConnection } from '../connections/list-named.ts'
import { whose } from '../connections/store.ts'
import type { Context } from '../context.ts'
import { ApiError, problem, renameFields } from '../errors.ts'
import { outOf } from '../http/forms.ts'
import { actorOf, mount } from '../http/mount.ts'
import { networkOf } from '../http/network.ts'
import { noticePage } from '../http/notice.ts'
import { sendPage } from '../http/page.ts'
import type { Actor, Principal } from '../http/principal.ts'
import type { RateLimit } from '../http/rate-limit.ts'
import { createIntegration, type ObtainTokens } from '../integrations/create.ts'
import { findByName, refuseOtherProvider } from '../integrations/find.ts'
import type { Integration } from '../integrations/store.ts'
import { updateIntegration } from '../integrations/update.ts'
import { speechOf } from '../languages/speech.ts'
import { readSession } from '../members/read-session.ts'
import { readAppReference } from '../workspaces/find-app.ts'

/** Fiberwise's five endpoints, over the same operations as everybody's. Ids are bare UUIDs here. */
export function fiberwiseRoutes(
  app: FastifyInstance,
  ctx: Context,
  { obtain, checks, visits }: { obtain: ObtainTokens; checks: RateLimit; visits: RateLimit },
): void {
  mount(app, api.registerOAuthProvider, async ({ principal, actor, body }) => {
    checks(principal.workspace)
    const { id } = await register(ctx, principal, actor, body, obtain)
    return { success: true as const, provider_id: id, message: 'OAuth provider registered successfully' }
  })

  mount(app, api.listOAuthConnections, async ({ principal, query }) => {
    const rows = await subjectsConnections(ctx, principal, query, { limit: mostListed })
    return rows.map((row) => ({
      provider_type: row.provider ?? row.integration_name ?? row.integration_label,
      app_id: row.app_id,
      created_at: new Date(row.created_at).toISOString().replace(/\.\d{3}Z$/, 'Z'),
      status: row.status,
    }))
  })

  mount(app, api.revokeOAuthConnection, async ({ principal, actor, params, query }) => {
    const name = params.provider_name
    const [only, another] = await subjectsConnections(ctx, principal, query, { called: name, limit: 2 })
    if (another)
      throw problem(
        'ambiguous',
        `Several connections to "${name}" fit. End one of them by its id, or name an app_id.`,
      )
    if (!only) throw await noneToRevoke(ctx, principal, query, name)
    const { integration_name, integration_label, ...connection } = only
    await deleteConnection(ctx, { connection, actor, force: false })
    return { success: true as const, message: 'OAuth connection revoked successfully' }
  })

  app.route({
    method: 'GET',
    url: '/api/v1/credentials/auth/:provider_name',
    config: { access: ['connections:write', 'public'] },
    schema: {
      operationId: 'startOAuth',
      summary: 'Start an OAuth flow: redirects to the provider',
      description:
        'The browser is known by `connect_session`, the start token of a connect session. With an API key, a session is made for `end_user` (absent: the workspace itself).',
      tags: ['Compatible: Fiberwise'],
      querystring: api.startOAuthQuery,
    },
    handler: async (request, reply) => {
      const { provider_name } = request.params as { provider_name: string }
      const query = request.query as StartQuery
      const { principal } = request
      if (principal.kind === 'nobody') {
        visits(networkOf(request.ip))
        return startInBrowser(ctx, request, reply, provider_name)
      }
      const { authorizationUrl } = await createSession(ctx, principal, actorOf(request), {
        provider: provider_name,
        end_user: query.end_user === undefined ? undefined : { id: query.end_user },
        app_id: query.app_id && api.encodeId('app', query.app_id),
        binding: 'confirm',
        return_to: query.return_to && absolute(ctx, query.return_to),
        allow_account_change: false,
      })
      // A provider is named, so that there is nothing to choose.
      return leave(reply, authorizationUrl!)
    },
  })
}

type StartQuery = { return_to?: string; app_id?: string; connect_session?: string; end_user?: string }

/** A page's link: errors are pages. */
async function startInBrowser(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  provider: string,
): Promise<FastifyReply> {
  const query = request.query as StartQuery
  const speech = speechOf(request.headers)
  const { say, language } = speech
  const look = { language, out: outOf(speech) }
  if (query.connect_session === undefined)
    return sendPage(
      reply,
      noticePage({ ...look, status: 401, what: say('nobody.what'), todo: say('nobody.todo') }),
    )
  try {
    const signedIn = await readSession(ctx, request.headers)
    const wish = { provider, returnTo: query.return_to, signedIn }
    const started = await startSession(ctx, query.connect_session, wish)
    return await sendStarted(ctx, request, reply, started)
  } catch (error) {
    if (!(error instanceof ApiError) || error.status >= 500) throw error
    // Why, is said in English only.
    const why = language === 'en' ? `${error.message} ` : ''
    const words = { what: say('unusable_link.what'), todo: `${why}${say('unusable_link.todo')}` }
    return sendPage(reply, noticePage({ ...look, ...words, status: error.status }))
  }
}

/** `/dashboard` is a page of ours; anything else must be on the workspace's list, as everywhere. */
const absolute = (ctx: Context, returnTo: string) =>
  returnTo.startsWith('/') ? ownPage(ctx.config.publicUrl, returnTo) : returnTo

type Registration = {
  provider_name: string
  client_id: string
  client_secret?: string | undefined
  redirect_uri?: string | undefined
  token_data: {
    authorize_url?: string | undefined
    token_url?: string | undefined
    revoke_url?: string | undefined
    scopes?: string[] | undefined
  }
  app_id?: string | undefined
}

/** Registers a provider, or changes the one that has this name in this app. */
async function register(
  ctx: Context,
  principal: Principal,
  actor: Actor,
  body: Registration,
  obtain: ObtainTokens,
): Promise<Integration> {
  const { provider_name: name, token_data } = body
  const app = await readAppReference(ctx, principal, body.app_id && api.encodeId('app', body.app_id))
  const fields = {
    client_id: body.client_id,
    client_secret: body.client_secret === undefined ? undefined : new Secret(body.client_secret),
    authorization_url: token_data.authorize_url,
    token_url: token_data.token_url,
    revocation_url: token_data.revoke_url,
    scopes: token_data.scopes,
    redirect_uri: body.redirect_uri,
    validate: true,
    actor,
  }
  try {
    const existing = await findExisting(ctx, principal, name, app)
    if (existing) return await updateIntegration(ctx, existing, fields)
    const entry = ctx.catalogue.get(name)
    refuseOtherProvider(principal, entry ? name : null)
    const label = entry?.display_name ?? name
    const made = { ...fields, workspace: principal.workspace, provider: entry ? name : null, label, app }
    return await createIntegration(
      ctx,
      { ...made, ...(entry ? {} : { name }), grantType: 'authorization_code' },
      obtain,
    )
  } catch (error) {
    throw inTheirWords(error)
  }
}

async function findExisting(
  ctx: Context,
  principal: Principal,
  name: string,
  app: string | null,
): Promise<Integration | null> {
  try {
    const found = await findByName(ctx, principal, name, app)
    return found.app === app ? found : null
  } catch (error) {
    if (error instanceof ApiError && error.code === 'not_found') return null
    throw error
  }
}

const theirNames: Record<string, string> = {
  authorization_url: 'token_data.authorize_url',
  token_url: 'token_data.token_url',
  revocation_url: 'token_data.revoke_url',
  provider: 'provider_name',
}

/** A field's fault under the name that this API has for the field. */
function inTheirWords(error: unknown): unknown {
  if (!(error instanceof ApiError) || !error.errors) return error
  return renameFields(error, (path) => theirNames[path] ?? path)
}

type SubjectQuery = { end_user?: string | undefined; app_id?: string | undefined }

/** This API has no pages; more than these one subject hardly has. */
const mostListed = 1000

/** The subject is the token's end user, or that of `end_user`; for an API key that names none, the workspace itself. */
async function subjectsConnections(
  ctx: Context,
  principal: Principal,
  query: SubjectQuery,
  which: { called?: string; limit: number },
): Promise<NamedConnection[]> {
  return listNamedConnections(ctx, {
    ...which,
    workspace: principal.workspace,
    endUser: whose(principal, query.end_user) ?? unnamed(principal),
    among: principal.connections,
    services: principal.services,
    app: await readAppReference(ctx, principal, query.app_id && api.encodeId('app', query.app_id)),
  })
}

/** Nothing of the subject's; where an API key would have meant somebody else's, that is said and nothing is ended. */
async function noneToRevoke(
  ctx: Context,
  principal: Principal,
  query: SubjectQuery,
  called: string,
): Promise<ApiError> {
  const { workspace, app, connections: among, services } = principal
  const isNamed = principal.endUser !== null || query.end_user !== undefined
  if (
    !isNamed &&
    (await listNamedConnections(ctx, { workspace, app, among, services, called, limit: 1 })).length > 0
  )
    return problem(
      'conflict',
      'Only end users have connections to this provider. Say whose to end: ?end_user=…',
    )
  return problem('not_found', 'There is no connection to this provider.')
}
