import { encodeId } from '@grantry/api'
import { permissions } from '../connect/permissions.ts'
import type { RevokedUpstream } from '../connections/delete.ts'
import type { Connection } from '../connections/store.ts'
import type { Context } from '../context.ts'
import { type Brand, pair, sign } from '../http/brand.ts'
import { outOf } from '../http/forms.ts'
import { type Html, html } from '../http/html.ts'
import type { Notice } from '../http/notice.ts'
import type { Page } from '../http/page.ts'
import type { Speech } from '../languages/speech.ts'
import { type Account, mostAccounts } from './list-accounts.ts'

export type View = {
  brand: Brand
  csrf: string
  speech: Speech
}

/** What became of reconnecting, when somebody comes back from it. */
export type Return = { outcome: 'reconnected' } | { outcome: 'failed'; code: string } | null

/** The end user's connections, and what can be done with each. */
export function accountsPage(
  ctx: Pick<Context, 'catalogue' | 'clock'>,
  accounts: Account[],
  back: Return,
  view: View,
): Page {
  const { brand, speech, csrf } = view
  const { say, language } = speech
  const names = { workspace: brand.name }
  return {
    title: say('manage.title', names),
    language,
    brand,
    // Reconnecting leads to the provider.
    formLeaves: true,
    body: html`${sign(brand)}
<h1>${say('manage.title', names)}</h1>
${back && html`<p class="notice" role="status">${back.outcome === 'failed' ? say('manage.not_reconnected', { code: back.code }) : say('manage.reconnected')}</p>`}
${accounts.length === 0 && html`<p class="lead">${say('manage.none', names)}</p>`}
${accounts.slice(0, mostAccounts).map((account) => section(ctx, account, view))}
${accounts.length > mostAccounts && html`<p class="small">${say('manage.more', { count: String(mostAccounts) })}</p>`}
<form method="post" action="/manage/leave" class="actions">
<input type="hidden" name="csrf" value="${csrf}">
<button class="other">${say('manage.leave')}</button>
</form>
<p class="small">${say('manage.small')}</p>`,
  }
}

function section(
  ctx: Pick<Context, 'catalogue' | 'clock'>,
  { connection, integration, scopes, lastUsed }: Account,
  { brand, speech, csrf }: View,
): Html {
  const { say, ago } = speech
  const now = ctx.clock.now()
  const names = { provider: integration.providerName, workspace: brand.name }
  const id = encodeId('con', connection.id)
  const asked = integration.grantType === 'authorization_code'
  return html`<section>
<h2>${names.provider}</h2>
${account(connection)}
${connection.status === 'needs_reauth' && html`<p class="notice">${say('manage.needs_reauth', names)}</p>`}
${connection.status === 'pending' && html`<p class="notice">${say('manage.pending')}</p>`}
${permissions(ctx, integration.provider, scopes, speech, say('manage.may', names))}
<p class="small">${say('manage.connected', { when: ago(connection.created_at, now) })}<br>
${lastUsed === null ? say('manage.unused') : say('manage.used', { when: ago(lastUsed, now) })}</p>
<div class="row">
${
  asked &&
  html`<form method="post" action="/manage/reconnect">
<input type="hidden" name="csrf" value="${csrf}"><input type="hidden" name="connection" value="${id}">
<button class="other">${say('manage.reconnect', names)}</button>
</form>`
}
<a class="button other" href="/manage/disconnect?connection=${id}">${say('manage.disconnect', names)}</a>
</div>
</section>`
}

const account = ({ account_email, account_label }: Connection): Html | null => {
  const shown = account_email ?? account_label
  return shown === null ? null : html`<p><strong>${shown}</strong></p>`
}

/** Asks before it ends anything: a link alone must not. */
export function disconnectPage(
  { connection, integration }: Pick<Account, 'connection' | 'integration'>,
  { brand, speech, csrf }: View,
): Page {
  const { say, language } = speech
  const names = { provider: integration.providerName, workspace: brand.name }
  return {
    title: say('manage.question', names),
    language,
    brand,
    body: html`${pair(brand, names.provider)}
<h1>${say('manage.question', names)}</h1>
<div class="lead">${account(connection)}</div>
<p class="lead">${say('manage.effect', names)}</p>
<form method="post" action="/manage/disconnect" class="actions">
<input type="hidden" name="csrf" value="${csrf}"><input type="hidden" name="connection" value="${encodeId('con', connection.id)}">
<button>${say('manage.yes')}</button>
<a class="button other" href="/manage">${say('manage.keep')}</a>
</form>`,
  }
}

const endings = {
  true: 'manage.ended.revoked',
  pending: 'manage.ended.pending',
  unsupported: 'manage.ended.unsupported',
  shared: 'manage.ended.shared',
} as const

/** What happened at the provider, told as it is. */
export function endedNotice(
  provider: string,
  upstream: RevokedUpstream,
  { brand, speech }: Omit<View, 'csrf'>,
): Notice {
  const { say } = speech
  const names = { provider, workspace: brand.name }
  return {
    ...back({ brand, speech }),
    status: 200,
    good: true,
    what: say('manage.ended.what', names),
    todo: say(endings[`${upstream}`] as 'manage.ended.shared', names),
  }
}

export function goneNotice(view: Omit<View, 'csrf'>): Notice {
  const { say } = view.speech
  return { ...back(view), status: 404, what: say('manage.gone.what'), todo: say('manage.gone.todo') }
}

export function noWayNotice(view: Omit<View, 'csrf'>): Notice {
  const { say } = view.speech
  const todo = say('manage.no_way.todo', { workspace: view.brand.name })
  return { ...back(view), status: 409, what: say('manage.no_way.what'), todo }
}

const back = ({ brand, speech: { say, language } }: Omit<View, 'csrf'>) => ({
  language,
  brand,
  on: { href: '/manage', label: say('manage.back') },
})

/** Where there is no page to show: the link is spent, the time is over, or somebody closed it. */
export function closedNotice(speech: Speech, why: 'used_link' | 'over' | 'left'): Notice {
  const { say, language } = speech
  return {
    status: why === 'left' ? 200 : 410,
    good: why === 'left',
    language,
    what: say(`manage.${why}.what`),
    todo: say(`manage.${why}.todo`),
    out: outOf(speech),
  }
}
