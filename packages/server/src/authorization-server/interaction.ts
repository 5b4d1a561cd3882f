import type { IncomingMessage, ServerResponse } from 'node:http'
import { encodeId } from '@grantry/api'
import type { InteractionResults, default as Provider } from 'oidc-provider'
import type { Context } from '../context.ts'
import { newId } from '../db/new-id.ts'
import type { Page } from '../http/page.ts'
import type { Speech } from '../languages/speech.ts'
import { checkForm } from '../members/csrf.ts'
import { readSession, type SignedIn } from '../members/read-session.ts'
import { deployment } from '../vault/deployment.ts'
import { loadBrand } from '../workspaces/brand.ts'
import { loadWorkspace } from '../workspaces/store.ts'
import { claimInteraction } from './claim-interaction.ts'
import { findClient, isRegistered, type StoredClient } from './client-store.ts'
import { isCommandLine } from './command-line.ts'
import { chosenBefore, saveGrant } from './grants.ts'
import {
  type Consent,
  consentPage,
  interactionOverPage,
  membersOnlyPage,
  otherWorkspacePage,
  type Warning,
} from './pages.ts'
import type { RecordIds } from './record-id.ts'
import { findResource, type Resource } from './resources.ts'
import { withheldScopes } from './role-limits.ts'
import { subjectOf, writeSubject } from './subject.ts'

/** A connection that a person may let a client use, in words for people. */
export type Choice = { id: string; label: string; endUser: string | null }
export type OfConnections = { choices(workspace: string): Promise<Choice[]> }

type Details = Awaited<ReturnType<Provider['interactionDetails']>>

/** What a browser at `/oauth/interaction/{uid}` gets: on to another address, or a page. */
export type Step = { to: string } | { page: Page }

type Scene = {
  ctx: Context
  provider: Provider
  ids: RecordIds
  connections: OfConnections
  request: IncomingMessage
  response: ServerResponse
  /** In the language of the person's browser. */
  speech: Speech
}

/** The request that waits for this browser's person; null where there is none any more. */
async function detailsOf({ provider, request, response }: Scene): Promise<Details | null> {
  try {
    return await provider.interactionDetails(request, response)
  } catch (error) {
    // By its name: the core is loaded when somebody first comes for it, and this file with the routes.
    if (error instanceof Error && error.name === 'SessionNotFound') return null
    throw error
  }
}

type Asked = {
  details: Details
  client: {
    stored: StoredClient | null
    id: string
    name: string
    uri: string | null
    redirectUris: readonly string[]
  }
  resources: (Resource & { identifier: string })[]
  /** The workspace where the client, or what it asks for, belongs; null: wherever the person does. */
  workspace: string | null
}

async function readRequest({ ctx, provider }: Scene, details: Details): Promise<Asked | null> {
  const { params } = details
  const client = await provider.Client.find(params.client_id as string)
  if (!client) return null
  const stored = await findClient(ctx, client.clientId)
  const identifiers = [params.resource ?? ctx.config.publicUrl].flat() as string[]
  const resources = []
  for (const identifier of identifiers) {
    const resource = await findResource(ctx, identifier)
    if (!resource) return null
    resources.push({ ...resource, identifier })
  }
  const server = resources.find((resource) => resource.server)?.server
  return {
    details,
    client: {
      stored,
      id: client.clientId,
      name: client.clientName ?? new URL(client.clientUri ?? `app:${client.clientId}`).pathname,
      uri: client.clientUri ?? null,
      redirectUris: client.redirectUris ?? [],
    },
    resources,
    workspace: server?.workspace ?? (stored && stored.workspace !== deployment ? stored.workspace : null),
  }
}

/** GET: signs the request's person in, or shows what they are asked. */
export async function showInteraction(scene: Scene, uid: string): Promise<Step> {
  const details = await detailsOf(scene)
  const asked = details && details.uid === uid ? await readRequest(scene, details) : null
  if (!details || !asked) return { page: interactionOverPage(scene.speech) }
  const signedIn = await readSession(scene.ctx, scene.request.headers)
  if (!signedIn || mustSignInAgain(details, signedIn)) return { to: signInAddress(asked, uid) }
  const refusal = await refuseWorkspace(scene, asked, signedIn)
  if (refusal) return { page: refusal }
  const subject = subjectOf(signedIn)
  if (details.prompt.name === 'login' || details.session?.accountId !== writeSubject(subject))
    return finish(scene, {
      login: { accountId: writeSubject(subject), ts: Math.floor(signedIn.authenticatedAt / 1000) },
    })
  return { page: consentPage(await consentOf(scene, asked, signedIn), scene.speech) }
}

/** POST: the person's answer. */
export async function answerInteraction(scene: Scene, uid: string, form: URLSearchParams): Promise<Step> {
  const details = await detailsOf(scene)
  const asked = details && details.uid === uid ? await readRequest(scene, details) : null
  if (!details || !asked || details.prompt.name !== 'consent')
    return { page: interactionOverPage(scene.speech) }
  const signedIn = await readSession(scene.ctx, scene.request.headers)
  if (!signedIn || mustSignInAgain(details, signedIn)) return { to: signInAddress(asked, uid) }
  checkForm(scene.ctx, scene.request.headers, signedIn, form)
  const refusal = await refuseWorkspace(scene, asked, signedIn)
  if (refusal) return { page: refusal }
  const subject = subjectOf(signedIn)
  if (details.session?.accountId !== writeSubject(subject)) return { page: interactionOverPage(scene.speech) }
  if (!(await claimInteraction(scene.ctx, scene.ids.hashOf(uid))))
    return { page: interactionOverPage(scene.speech) }
  if (form.get('decision') !== 'allow')
    return finish(scene, { error: 'access_denied', error_description: 'The person did not allow it.' })
  const grantId = await grant(scene, asked, signedIn, form.getAll('connection'))
  return finish(scene, { consent: { grantId } })
}

async function finish({ provider, request, response }: Scene, result: InteractionResults): Promise<Step> {
  return {
    to: await provider.interactionResult(request, response, result, { mergeWithLastSubmission: true }),
  }
}

/** `prompt=login` and `max_age` want a sign-in that is newer than the request. */
function mustSignInAgain({ prompt, iat }: Details, { authenticatedAt }: SignedIn): boolean {
  const again = prompt.reasons.some((reason) => reason === 'login_prompt' || reason === 'max_age')
  return prompt.name === 'login' && again && authenticatedAt < (iat ?? 0) * 1000
}

function signInAddress({ workspace }: Asked, uid: string): string {
  const where = new URLSearchParams({ next: `/oauth/interaction/${uid}` })
  if (workspace) where.set('workspace', encodeId('ws', workspace))
  return `/sign-in?${where}`
}

async function refuseWorkspace(
  { ctx, speech }: Scene,
  asked: Asked,
  signedIn: SignedIn,
): Promise<Page | null> {
  const { workspace } = asked
  if (workspace !== null && workspace !== signedIn.workspace) {
    const here = await loadWorkspace(ctx, signedIn.workspace)
    const signIn = signInAddress(asked, asked.details.uid)
    return otherWorkspacePage(
      { person: nameOf(signedIn), here: here.name, signIn, app: asked.client.name },
      speech,
    )
  }
  if (isCommandLine(asked.client.stored) && signedIn.kind !== 'member')
    return membersOnlyPage(nameOf(signedIn), speech)
  // An end user's browser learns no more of somebody else's server than that it is not theirs.
  const foreign = asked.resources.some(
    ({ server }) => server && signedIn.kind === 'end_user' && server.endUser !== signedIn.endUser,
  )
  return foreign ? interactionOverPage(speech) : null
}

const nameOf = (signedIn: SignedIn): string =>
  signedIn.email ?? signedIn.name ?? (signedIn.kind === 'end_user' ? signedIn.endUser : '')

async function consentOf(scene: Scene, asked: Asked, signedIn: SignedIn): Promise<Consent> {
  const { ctx, connections, ids } = scene
  const { details, client, resources } = asked
  const requested = scopesOf(details)
  const withheld = withheldScopes(signedIn, requested)
  const scopes = requested.filter((scope) => !withheld.includes(scope))
  const choosing = choosesConnections(asked, signedIn, scopes)
  const before = choosing && details.grantId ? await chosenBefore(ctx, ids.hashOf(details.grantId)) : []
  return {
    uid: details.uid,
    csrf: signedIn.csrf,
    clientName: client.name,
    clientUri: client.uri,
    destination: destinationOf(details),
    scopes,
    withheld,
    brand: await loadBrand(ctx, signedIn.workspace),
    person: nameOf(signedIn),
    serverName: resources.find(({ server }) => server)?.server?.name ?? null,
    warnings: warningsOf(ctx, asked),
    connections: choosing
      ? (await connections.choices(signedIn.workspace)).map((choice) => ({
          ...choice,
          chosen: before.includes(choice.id),
        }))
      : null,
  }
}

const scopesOf = ({ params }: Details): string[] =>
  typeof params.scope === 'string' ? params.scope.split(' ').filter(Boolean) : []

/** A member could reach every connection of the workspace: which ones, is for them to say. An end user has only theirs. */
function choosesConnections({ resources }: Asked, signedIn: SignedIn, scopes: string[]): boolean {
  const reaching = [
    'connections:read',
    'connections:write',
    'tokens:read',
    'proxy:call',
    'mcp:read',
    'mcp:write',
  ]
  return (
    signedIn.kind === 'member' &&
    resources.every(({ server }) => server === null) &&
    scopes.some((scope) => reaching.includes(scope))
  )
}

function destinationOf({ params }: Details): Consent['destination'] {
  if (typeof params.redirect_uri !== 'string') return null
  const uri = URL.parse(params.redirect_uri)
  return uri?.host ? { host: uri.host } : { scheme: uri?.protocol ?? params.redirect_uri }
}

const newClientMs = 7 * 86_400_000
const isLoopback = (uri: string) => /^https?:\/\/(localhost|127(\.\d+){3}|\[::1\])(:\d+)?(\/|$)/.test(uri)

function warningsOf(ctx: Context, { client, details }: Asked): Warning[] {
  const warnings: Warning[] = []
  const { stored, redirectUris } = client
  if (isCommandLine(stored)) warnings.push('command_line')
  if (!stored || isRegistered(stored)) {
    const host = !stored && URL.canParse(client.id) ? new URL(client.id).host : null
    warnings.push(host === null ? 'any_name' : { published: host })
    if (stored && ctx.clock.now() - stored.createdAt < newClientMs) warnings.push('new')
  }
  if (details.params.redirect_uri && redirectUris.length > 0 && redirectUris.every(isLoopback))
    warnings.push('local')
  return warnings
}

/** Writes down what was allowed, in the core's grant and in ours. */
async function grant(scene: Scene, asked: Asked, signedIn: SignedIn, chosen: string[]): Promise<string> {
  const { ctx, provider, connections, ids } = scene
  const { details, client, resources } = asked
  const accountId = writeSubject(subjectOf(signedIn))
  const existing = details.grantId ? await provider.Grant.find(details.grantId) : undefined
  const record = existing ?? new provider.Grant({ accountId, clientId: client.id })
  const requested = scopesOf(details)
  const withheld = withheldScopes(signedIn, requested)
  const scopes = requested.filter((scope) => !withheld.includes(scope))
  record.addOIDCScope(scopes.join(' '))
  if (withheld.length > 0) record.rejectOIDCScope(withheld.join(' '))
  for (const { identifier } of resources) {
    record.addResourceScope(identifier, scopes.join(' '))
    if (withheld.length > 0) record.rejectResourceScope(identifier, withheld.join(' '))
  }
  const choices = choosesConnections(asked, signedIn, scopes)
    ? await connections.choices(signedIn.workspace)
    : null
  const grantId = await record.save()
  await saveGrant(ctx, {
    id: newId(ctx),
    workspace: signedIn.workspace,
    grantHash: ids.hashOf(grantId),
    clientId: client.id,
    clientName: client.name,
    subject: accountId,
    scopes: allScopes(record, resources),
    resources: resources.map(({ audience }) => audience),
    connections: choices?.flatMap(({ id }) => (chosen.includes(id) ? id : [])) ?? null,
    actor: {
      kind: signedIn.kind,
      id: signedIn.kind === 'member' ? signedIn.member : signedIn.session,
      requestId: null,
    },
    endUser: signedIn.kind === 'end_user' ? signedIn.endUser : null,
  })
  return grantId
}

/** With what was allowed before, where a client comes back for more. */
function allScopes(record: InstanceType<Provider['Grant']>, resources: { identifier: string }[]): string[] {
  const texts = [
    record.getOIDCScope(),
    ...resources.map(({ identifier }) => record.getResourceScope(identifier)),
  ]
  return [...new Set(texts.join(' ').split(' ').filter(Boolean))]
}
