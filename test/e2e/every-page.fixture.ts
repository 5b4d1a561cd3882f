import { catalogue } from '../../packages/providers/src/index.ts'
import {
  confirmDevicePage,
  consentPage,
  deviceDonePage,
  enterCodePage,
  errorPage,
  interactionOverPage,
  membersOnlyPage,
  otherWorkspacePage,
} from '../../packages/server/src/authorization-server/pages.ts'
import type { Arrival, Stray } from '../../packages/server/src/connect/callback.ts'
import {
  failureInWords,
  type Over,
  overNotice,
  strayNotice,
} from '../../packages/server/src/connect/failure-words.ts'
import { confirmPage, outcomePage } from '../../packages/server/src/connect/pages.ts'
import { otherPerson } from '../../packages/server/src/connect/person.ts'
import { pickPage } from '../../packages/server/src/connect/pick-page.ts'
import type { Session } from '../../packages/server/src/connect/store.ts'
import type { Connection } from '../../packages/server/src/connections/store.ts'
import type { Account } from '../../packages/server/src/end-user-page/list-accounts.ts'
import {
  accountsPage,
  closedNotice,
  disconnectPage,
  endedNotice,
  goneNotice,
  noWayNotice,
} from '../../packages/server/src/end-user-page/pages.ts'
import type { Brand } from '../../packages/server/src/http/brand.ts'
import { outOf } from '../../packages/server/src/http/forms.ts'
import { type Notice, noticePage } from '../../packages/server/src/http/notice.ts'
import { composePage, type Page } from '../../packages/server/src/http/page.ts'
import type { Integration } from '../../packages/server/src/integrations/store.ts'
import type { Speech } from '../../packages/server/src/languages/speech.ts'
import {
  deadInvitation,
  joinPage,
  linkPage,
  outsideNotice,
  signedOut,
  signInPage,
  signOutPage,
} from '../../packages/server/src/members/pages.ts'

/** What the pages are about. */
export type People = { brand: Brand; provider: string; person: string; app: string }

const zero = '00000000-0000-7000-8000-000000000000'
const ctx = {
  catalogue,
  clock: { now: () => 1_800_000_000_000, sleep: async () => {} },
  config: { publicUrl: 'https://grantry.example' },
}

/** Every page that people who are no members meet (and those of signing in), by name, as HTML. */
export async function everyPage(speech: Speech, people: People): Promise<Record<string, string>> {
  const pages = { ...connecting(speech, people), ...managing(speech, people), ...signingIn(speech, people) }
  const composed = Object.entries({ ...pages, ...allowing(speech, people) }).map(
    ([name, page]) => [name, composePage(page).text] as const,
  )
  return { ...Object.fromEntries(composed), ...(await devices(speech, people)) }
}

type Ways = { returnTo: string | null; retry: string | null }

function connecting(speech: Speech, { brand, provider, person }: People): Record<string, Page> {
  const look = { speech, brand }
  const names = { provider, workspace: brand.name }
  const { say, language } = speech
  const integration = integrationOf('gmail', provider)
  const session = {
    id: zero,
    workspace_id: zero,
    end_user_id: person,
    end_user_email: person,
    end_user_name: null,
    scopes: JSON.stringify([
      ...writes('gmail'),
      'a.scope.that.nobody.has/put/into/words.and.is.very.long.indeed',
    ]),
    return_to: null,
    origin: null,
    caller_state: null,
  } as unknown as Session
  const workspace = { id: zero, name: brand.name, allowedOrigins: [] } as never
  const place = { workspace, session, integration }
  const ways: Ways = { returnTo: 'https://app.example.com/', retry: null }
  const outcome = (arrival: Partial<Arrival>, way = ways) =>
    outcomePage(ctx as never, { ...place, ...arrival } as never, way, look)
  const failed = (error: string, more = {}) =>
    outcome({
      outcome: 'failed',
      failure: { error, description: `${'x'.repeat(150)} and more` },
      ...more,
    } as never)
  const noWay = { returnTo: null, retry: null }
  const stray = (why: Stray['why']): Page => noticePage({ ...strayNotice(speech, why), out: outOf(speech) })
  const over = (status: Over): Page =>
    noticePage({
      ...overNotice(speech, status),
      brand,
      on: { href: '/', label: say('outcome.back', names) },
    })
  const own = { ...session, end_user_id: null }
  const picks = (count: number) =>
    Array.from({ length: count }, (_, i) =>
      integrationOf('gmail', i === 0 ? provider : `Provider ${i}`, `${i}`),
    )
  const notice = (status: number, what: string, todo: string): Page =>
    noticePage({ status, what, todo, language, out: outOf(speech) })
  return {
    confirm: confirmPage(ctx, { ...place, secret: 'x' }, look),
    'confirm for the workspace': confirmPage(ctx, { ...place, session: own, secret: 'x' }, look),
    'almost done': outcome({ outcome: 'finish', code: 'x' }),
    'almost done, no way on': outcome({ outcome: 'finish', code: 'x' }, noWay),
    done: outcome({ outcome: 'completed', connection: { id: zero } as Connection, receipt: 'x' }),
    'done, no way on': outcome(
      { outcome: 'completed', connection: { id: zero } as Connection, receipt: 'x' },
      noWay,
    ),
    'failed, try again': outcome(
      { outcome: 'failed', failure: { error: 'access_denied', description: null } },
      { returnTo: null, retry: 'https://grantry.example/connect/x' },
    ),
    'not me': failed('access_denied', { notMe: true }),
    ...Object.fromEntries(failures.map((error) => [`failed: ${error}`, failed(error)])),
    // Where the description says which.
    ...Object.fromEntries(
      ['AADSTS7000222', 'AADSTS700024'].map((description) => [
        `failed: ${description}`,
        outcome({ outcome: 'failed', failure: { error: 'x', description } }),
      ]),
    ),
    ...Object.fromEntries(strays.map((why) => [`stray: ${why}`, stray(why)])),
    ...Object.fromEntries(overs.map((status) => [`over: ${status}`, over(status)])),
    'made for somebody else': noticePage(otherPerson(speech)),
    'pick one of three': pickPage({ integrations: picks(3), startToken: 'gst_x' }, look),
    'pick one of twelve': pickPage({ integrations: picks(12), startToken: 'gst_x' }, look),
    'nothing to pick': pickPage({ integrations: [], startToken: 'gst_x' }, look),
    nobody: notice(401, say('nobody.what'), say('nobody.todo')),
    'unusable link': notice(404, say('unusable_link.what'), say('unusable_link.todo')),
    'too many visits': notice(429, say('error.busy.what'), say('error.busy.todo', { seconds: '59' })),
    refused: notice(403, say('error.refused.what'), say('error.refused.todo')),
    'our fault': notice(
      500,
      say('error.ours.what'),
      `${say('error.nothing_connected')} ${say('error.nothing_changed')} ${say('error.nothing_allowed')} ${say('error.ours.todo', { code: `req_${'0'.repeat(32)}` })}`,
    ),
    // Tells nothing that the others do not.
    words: notice(200, failureInWords(speech, { ...names, error: 'unheard_of' }).what, '.'),
  }
}

const failures = [
  'access_denied',
  'redirect_uri_mismatch',
  'insecure_redirect_uri',
  'invalid_scope',
  'accessNotConfigured',
  'admin_policy_enforced',
  'invalid_client',
  'invalid_grant',
  'invalid_request',
  'expired',
  'conflict',
  'already_used',
  'quota_exceeded',
  'temporarily_unavailable',
  'refresh_token_missing',
  'unreadable',
  'url_refused',
  'something_new',
]
const strays = ['other_session', 'no_state', 'unknown_state', 'replayed', 'expired', 'other_choice'] as const
const overs = ['completed', 'failed', 'expired', 'unknown'] as const

function managing(speech: Speech, { brand, provider, person }: People): Record<string, Page> {
  const view = { speech, brand, csrf: 'x' }
  const now = ctx.clock.now()
  const accountAs = (fields: Partial<Connection>, lastUsed: number | null, name = provider): Account => ({
    connection: {
      id: zero,
      status: 'active',
      account_email: person,
      account_label: null,
      created_at: now - 400 * 86_400_000,
      ...fields,
    } as Connection,
    integration: integrationOf('gmail', name),
    scopes: writes('gmail'),
    lastUsed,
  })
  const accounts = [
    accountAs({}, now - 7_200_000),
    accountAs({ status: 'needs_reauth', account_email: null, account_label: person }, null, 'Gmail'),
    accountAs({ status: 'pending', account_email: null, created_at: now }, now - 86_400_000, 'Gmail'),
  ]
  const ended = (upstream: true | 'pending' | 'unsupported' | 'shared') =>
    noticePage(endedNotice(provider, upstream, view))
  return {
    'my accounts': accountsPage(ctx, accounts, null, view),
    'no accounts': accountsPage(ctx, [], null, view),
    'many accounts': accountsPage(ctx, Array(51).fill(accounts[0]), { outcome: 'reconnected' }, view),
    'not reconnected': accountsPage(ctx, [], { outcome: 'failed', code: 'access_denied' }, view),
    disconnect: disconnectPage(accounts[0]!, view),
    'disconnected and told': ended(true),
    'disconnected, being told': ended('pending'),
    'disconnected, not told': ended('unsupported'),
    'disconnected, shared': ended('shared'),
    'disconnected before': noticePage(goneNotice(view)),
    'not to be reconnected': noticePage(noWayNotice(view)),
    'manage link used': noticePage(closedNotice(speech, 'used_link')),
    'manage page over': noticePage(closedNotice(speech, 'over')),
    'manage page left': noticePage(closedNotice(speech, 'left')),
  }
}

function signingIn(speech: Speech, { brand, provider, person }: People): Record<string, Page> {
  const workspace = { id: zero, name: brand.name }
  const buttons = [{ id: zero, label: provider }]
  const signedIn = { csrf: 'x', workspace: zero, email: person, name: null } as never
  const nameless = { csrf: 'x', workspace: zero, email: null, name: null } as never
  const view = {
    audience: 'members',
    workspace,
    brand,
    next: '/',
    email: person,
    buttons,
    signedIn: null,
  } as const
  const wrong = { status: 403, text: speech.say('sign_in.wrong') }
  const wait = { status: 429, text: speech.say('sign_in.wait', { seconds: '59' }) }
  const join = { action: '/x', token: 'x', workspace, brand, email: '', name: '', buttons, fault: null }
  const outside = (why: Parameters<typeof outsideNotice>[1]) =>
    noticePage(outsideNotice(speech, why, { provider, code: 'invalid_token' }))
  const notices: Record<string, Notice> = {
    'signed out': signedOut(speech),
    'dead invitation': deadInvitation(speech),
  }
  return {
    'sign in': signInPage({ ...view, fault: wrong, signedIn }, speech),
    'sign in, wait': signInPage({ ...view, workspace: null, brand: null, fault: wait }, speech),
    'sign in as an end user': signInPage(
      { ...view, audience: 'end_users', fault: null, signedIn: nameless },
      speech,
    ),
    'no sign-in for end users': signInPage(
      { ...view, audience: 'end_users', buttons: [], fault: null },
      speech,
    ),
    'no workspace': signInPage(
      { ...view, audience: 'end_users', workspace: null, brand: null, fault: null },
      speech,
    ),
    ...Object.fromEntries(
      (['owner', 'admin', 'developer', 'viewer'] as const).map((role) => [
        `join as ${role}`,
        joinPage({ ...join, role, invited: role === 'owner' ? null : person }, speech),
      ]),
    ),
    'link a sign-in': linkPage(buttons[0]!, signedIn, speech),
    'sign out': signOutPage(signedIn, speech),
    ...Object.fromEntries(Object.entries(notices).map(([name, notice]) => [name, noticePage(notice)])),
    ...Object.fromEntries(
      (['stray', 'declined', 'failed', 'unknown', 'ended', 'no_email'] as const).map((why) => [
        `signed in outside: ${why}`,
        outside(why),
      ]),
    ),
  }
}

function allowing(speech: Speech, { brand, person, app }: People): Record<string, Page> {
  const consent = {
    uid: 'x',
    csrf: 'x',
    clientName: app,
    clientUri: 'https://a-very-long-host-name.subdomain.example.com/about',
    destination: { host: 'a-very-long-host-name.subdomain.example.com' },
    scopes: scopes.slice(0, 6),
    withheld: scopes.slice(6),
    brand,
    person,
    serverName: null,
    warnings: ['command_line', 'any_name', 'new', 'local', { published: 'app.example.com' }],
    connections: [
      { id: zero, label: person, endUser: person, chosen: true },
      { id: zero, label: person, endUser: null, chosen: false },
    ],
  } as const
  const fresh = {
    ...consent,
    scopes: [...consent.scopes],
    withheld: [...consent.withheld],
    warnings: [...consent.warnings],
    connections: [...consent.connections],
  }
  const there = { person, here: brand.name, signIn: '/sign-in', app }
  return {
    consent: consentPage(fresh, speech),
    'consent of an app': consentPage(
      { ...fresh, serverName: 'Gmail', destination: { scheme: 'com.example.app:' }, connections: [] },
      speech,
    ),
    'consent of a device': consentPage({ ...fresh, destination: null, connections: null }, speech),
    'of another workspace': otherWorkspacePage(there, speech),
    'members only': membersOnlyPage(person, speech),
    'request over': interactionOverPage(speech),
  }
}

const scopes = [
  'openid',
  'profile',
  'email',
  'offline_access',
  'account:read',
  'connections:read',
  'connections:write',
  'tokens:read',
  'proxy:call',
  'mcp:read',
  'mcp:write',
  'workspace',
]

/** Those answer the core's own request. */
async function devices({ language }: Speech, { app }: People): Promise<Record<string, string>> {
  const answered = async (name: string | undefined, ask: (koa: never) => Promise<void>) => {
    const koa = {
      req: { headers: { 'accept-language': language } },
      oidc: { client: name === undefined ? undefined : { clientName: name } },
      set() {},
      body: '',
    }
    await ask(koa as never)
    return koa.body
  }
  const client = { clientName: app, clientId: 'x' }
  const faults = ['AbortedError', 'NotFoundError', 'ExpiredError', 'AlreadyUsedError', 'AnyError']
  const errors = [
    'invalid_client',
    'invalid_redirect_uri',
    'invalid_request',
    'invalid_target',
    'server_error',
    'unheard_of',
  ]
  const named = async <Of extends string>(of: Of[], prefix: string, show: (one: Of) => Promise<string>) =>
    Object.fromEntries(await Promise.all(of.map(async (one) => [`${prefix}: ${one}`, await show(one)])))
  return {
    'type a code': await answered(app, (koa) => enterCodePage(koa, '')),
    ...(await named(faults, 'type a code', (name) =>
      answered(app, (koa) => enterCodePage(koa, '', null, { name })),
    )),
    'is it your device': await answered(app, (koa) => confirmDevicePage(koa, '', client, null, 'ABCD-EFGH')),
    'is it your device, of an app': await answered(app, (koa) =>
      confirmDevicePage(koa, '', undefined, null, 'ABCD-EFGH'),
    ),
    'device done': await answered(app, (koa) => deviceDonePage(koa)),
    'the device done': await answered(undefined, (koa) => deviceDonePage(koa)),
    ...(await named(errors, 'refused request', (error) =>
      answered(app, (koa) =>
        errorPage(koa, { error, error_description: 'x'.repeat(120) }, new Error('refused')),
      ),
    )),
  }
}

const writes = (provider: string): string[] => {
  const { always = [], write, read } = catalogue.get(provider)!.scopes
  return [...always, ...write, ...read].map(({ scope }) => scope)
}

const integrationOf = (provider: string, providerName: string, id = '0'): Integration =>
  ({
    id: `00000000-0000-7000-8000-${id.padStart(12, '0')}`,
    provider,
    providerName,
    label: providerName,
    grantType: 'authorization_code',
  }) as Integration
