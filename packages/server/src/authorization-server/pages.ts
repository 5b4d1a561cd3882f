import type { KoaContextWithOIDC } from 'oidc-provider'
import { type Brand, pair } from '../http/brand.ts'
import { outOf } from '../http/forms.ts'
import { type Html, html } from '../http/html.ts'
import { noticePage, outScript, wayOut } from '../http/notice.ts'
import { composePage, type Page } from '../http/page.ts'
import { type Key, type Speech, speechOf } from '../languages/speech.ts'
import { scopeInWords } from './scope-words.ts'

type Koa = KoaContextWithOIDC

/** What makes it harder to know who asks. */
export type Warning = 'command_line' | 'any_name' | { published: string } | 'new' | 'local'

/** What a person is asked to allow. */
export type Consent = {
  uid: string
  csrf: string
  clientName: string
  /** Of the client's own site, where it said. */
  clientUri: string | null
  /** Where the browser goes afterwards: a host, the scheme of an app, or null for a device that only waits. */
  destination: { host: string } | { scheme: string } | null
  scopes: string[]
  /** What was asked for and this person cannot give. */
  withheld: string[]
  brand: Brand
  person: string
  /** The MCP server that it is about. */
  serverName: string | null
  warnings: Warning[]
  /** Connections to choose from; null where there is nothing to choose. */
  connections: { id: string; label: string; endUser: string | null; chosen: boolean }[] | null
}

export function consentPage(consent: Consent, speech: Speech): Page {
  const { clientName: app, brand, person, serverName, scopes, withheld, warnings, connections } = consent
  const { say, mark, language } = speech
  const workspace = brand.name
  const target = serverName === null ? workspace : say('consent.at', { server: serverName, workspace })
  const sentences = (of: string[]) =>
    html`<ul>${of.map((scope) => html`<li>${scopeInWords(scope, speech)}</li>`)}</ul>`
  return {
    title: say('consent.title', { app }),
    language,
    brand,
    // The answer goes on to the client's redirect URI.
    formLeaves: true,
    body: html`${pair(brand, app)}
<h1>${say('consent.question', { app, target })}</h1>
<p class="lead">${mark('consent.person', { person: html`<strong>${person}</strong>` })}</p>
${warnings.map((warning) => html`<p class="notice">${warn(warning, app, speech)}</p>`)}
<p>${say('consent.may', { app })}</p>
${sentences(scopes)}
${withheld.length > 0 && html`<div class="small"><p>${say('consent.withheld')}</p>${sentences(withheld)}</div>`}
<form method="post" action="/oauth/interaction/${consent.uid}">
<input type="hidden" name="csrf" value="${consent.csrf}">
${connections && choice(connections, app, speech)}
<div class="actions">
<button name="decision" value="allow">${say('consent.allow')}</button>
<button name="decision" value="deny" class="quiet">${say('consent.deny')}</button>
</div>
</form>
<p class="small">${mark('consent.destination', { destination: html`<strong>${destinationInWords(consent, speech)}</strong>` })}${consent.clientUri && html` ${say('consent.home', { app, home: consent.clientUri })}`} ${say('consent.end', { workspace })}</p>`,
  }
}

function warn(warning: Warning, app: string, { say }: Speech): string {
  if (typeof warning === 'object') return say('consent.warn_published', { host: warning.published })
  return say(`consent.warn_${warning}` as 'consent.warn_any_name', { app })
}

function destinationInWords({ destination }: Consent, { say }: Speech): string {
  if (destination === null) return say('consent.device')
  return 'host' in destination ? destination.host : say('consent.app_behind', destination)
}

function choice(connections: NonNullable<Consent['connections']>, app: string, { say }: Speech): Html {
  if (connections.length === 0) return html`<p class="small">${say('consent.no_accounts', { app })}</p>`
  const whose = (endUser: string | null) =>
    endUser === null ? say('consent.own') : say('consent.of', { person: endUser })
  return html`<fieldset><legend>${say('consent.which')}</legend>
<p class="small">${say('consent.ticked')}</p>
${connections.map(
  ({ id, label, endUser, chosen }) =>
    html`<label class="check"><input type="checkbox" name="connection" value="${id}"${chosen && html` checked`}> <span>${label}<br><small>${whose(endUser)}</small></span></label>`,
)}
</fieldset>`
}

/** Somebody is signed in, but where this client has no business. */
export function otherWorkspacePage(
  { person, here, signIn, app }: { person: string; here: string; signIn: string; app: string },
  { say, language }: Speech,
): Page {
  const what = say('consent.other.what', { app })
  return noticePage({
    status: 403,
    language,
    what,
    todo: say('consent.other.todo', { person, workspace: here, app }),
    on: { href: signIn, label: say('consent.other.submit') },
  })
}

/** An end user has no business at a terminal of the workspace's. */
export function membersOnlyPage(person: string, { say, language }: Speech): Page {
  const todo = say('consent.members.todo', { person })
  return noticePage({ status: 403, language, what: say('consent.members.what'), todo })
}

export function interactionOverPage(speech: Speech): Page {
  const { say, language } = speech
  const words = { what: say('consent.over.what'), todo: say('consent.over.todo') }
  return noticePage({ status: 410, language, ...words, out: outOf(speech) })
}

/** RFC 8628 §3.3: where the code is typed in that a device shows. */
export async function enterCodePage(koa: Koa, form: string, _out?: unknown, error?: unknown): Promise<void> {
  const { say, language } = speechOf(koa.req.headers)
  const { name = '' } = (error ?? {}) as { name?: string }
  const fault = error ? say(codeFaults[name] ?? 'device.failed') : null
  answer(koa, {
    status: fault ? 400 : 200,
    title: say('device.title'),
    language,
    body: html`<h1>${say('device.title')}</h1>
<p class="lead">${say('device.lead')}</p>
<form method="post" action="/oauth/device">
<input type="hidden" name="xsrf" value="${secretOf(form)}">
<label class="field">${say('device.code')}<input name="user_code" autocomplete="off" autocapitalize="characters" spellcheck="false" placeholder="ABCD-EFGH" required autofocus${fault && html` aria-invalid="true" aria-describedby="fault"`}></label>
${fault && html`<p class="fault" id="fault" role="alert">${fault}</p>`}
<div class="actions"><button>${say('device.continue')}</button></div>
</form>
<p class="small">${say('device.small')}</p>`,
  })
}

type CodeFault = Extract<
  Key,
  'device.aborted' | 'device.not_found' | 'device.expired' | 'device.used' | 'device.failed'
>

/** By the names of the core's errors. */
const codeFaults: Record<string, CodeFault> = {
  AbortedError: 'device.aborted',
  NotFoundError: 'device.not_found',
  NoCodeError: 'device.not_found',
  ExpiredError: 'device.expired',
  AlreadyUsedError: 'device.used',
}

export async function confirmDevicePage(
  koa: Koa,
  form: string,
  client: { clientName?: string | undefined; clientId: string } | undefined,
  _device: unknown,
  userCode: string,
): Promise<void> {
  const { say, mark, language } = speechOf(koa.req.headers)
  const app = client?.clientName ?? client?.clientId ?? say('device.an_app')
  answer(koa, {
    title: say('device.is_it.title'),
    language,
    formLeaves: true,
    body: html`<h1>${say('device.is_it.question')}</h1>
<p class="lead"><code class="big">${userCode}</code></p>
<p class="lead">${mark('device.is_it.lead', { app: html`<strong>${app}</strong>` })}</p>
<form method="post" action="/oauth/device" class="actions">
<input type="hidden" name="xsrf" value="${secretOf(form)}">
<input type="hidden" name="user_code" value="${userCode}">
<input type="hidden" name="confirm" value="yes">
<button>${say('device.is_it.yes')}</button>
<button name="abort" value="yes" class="quiet">${say('device.is_it.no')}</button>
</form>`,
  })
}

export async function deviceDonePage(koa: Koa): Promise<void> {
  const { say, language } = speechOf(koa.req.headers)
  const app = koa.oidc.client?.clientName ?? say('device.the_device')
  answer(koa, {
    title: say('device.done.title'),
    language,
    body: html`<div class="mark" aria-hidden="true">✓</div>
<h1>${say('device.done.what', { app })}</h1>
<p class="lead">${say('device.done.todo')}</p>`,
  })
}

/** A request that cannot be answered at the client's own address (RFC 6749 §4.1.2.1). */
export async function errorPage(
  koa: Koa,
  out: { error: string; error_description?: string | undefined },
  error: Error & { error_detail?: string | undefined; statusCode?: number | undefined },
): Promise<void> {
  const speech = speechOf(koa.req.headers)
  const { say, mark, language } = speech
  const kind = told.find((one) => one === out.error) ?? 'unknown'
  const detail = error.error_detail ?? out.error_description
  answer(koa, {
    status: error.statusCode ?? 500,
    title: say('request.title'),
    language,
    script: outScript,
    body: html`<div class="mark bad" aria-hidden="true">!</div>
<h1>${say(`request.${kind}.what`)}</h1>
<p class="lead">${say(`request.${kind}.todo`)}</p>
<p class="small lead">${mark('outcome.code', { code: html`<code>${out.error}</code>` })}${detail && html`<br>${mark('outcome.detail', { detail: html`<span lang="en">${detail}</span>` })}`}</p>
${wayOut(outOf(speech))}`,
  })
}

const told = [
  'invalid_client',
  'invalid_redirect_uri',
  'invalid_request',
  'invalid_target',
  'server_error',
] as const

function answer(koa: Koa, page: Page): void {
  const { status, headers, text } = composePage(page)
  koa.status = status
  koa.set(headers)
  koa.body = text
}

/** The core hands over its own form; of it only the token against forged requests is needed. */
const secretOf = (form: string): string => /name="xsrf" value="([\w-]+)"/.exec(form)?.[1] ?? ''
