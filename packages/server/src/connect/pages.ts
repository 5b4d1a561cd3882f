import { encodeId } from '@grantry/api'
import type { FastifyReply } from 'fastify'
import type { Context } from '../context.ts'
import { type Brand, pair } from '../http/brand.ts'
import { outOf } from '../http/forms.ts'
import { html, scriptJson } from '../http/html.ts'
import { noticePage, wayOut } from '../http/notice.ts'
import { type Page, sendPage } from '../http/page.ts'
import { type Speech, speechOf } from '../languages/speech.ts'
import { brandOf } from '../workspaces/brand.ts'
import type { Arrival, Stray } from './callback.ts'
import { failureInWords, strayNotice } from './failure-words.ts'
import { offerRetry } from './offer-retry.ts'
import { permissions } from './permissions.ts'
import { withParameters } from './return-address.ts'

type Needs = Pick<Context, 'catalogue' | 'clock' | 'config' | 'db' | 'random'>
type Confirm = Extract<Arrival, { outcome: 'confirm' }>

/** Sends a browser that came back on its way: to a page of ours, to its opener, or to the return address. */
export async function sendArrival(
  ctx: Needs,
  reply: FastifyReply,
  arrival: Arrival | Stray,
): Promise<FastifyReply> {
  const speech = speechOf(reply.request.headers)
  if (arrival.outcome === 'stray')
    return sendPage(reply, noticePage({ ...strayNotice(speech, arrival.why), out: outOf(speech) }))
  const brand = await brandOf(ctx, arrival.workspace)
  if (arrival.outcome === 'confirm') return sendPage(reply, confirmPage(ctx, arrival, { speech, brand }))
  const { session } = arrival
  const returnTo = session.return_to && withParameters(session.return_to, returnParameters(arrival))
  if (returnTo && !session.origin)
    return reply.header('referrer-policy', 'no-referrer').redirect(returnTo, 303)
  const retry = arrival.outcome === 'failed' ? await offerRetry(ctx, arrival) : null
  return sendPage(reply, outcomePage(ctx, arrival, { returnTo, retry }, { speech, brand }))
}

/** What goes back with the browser: a code that is worth nothing alone, and the caller's own state. */
function returnParameters(arrival: Exclude<Arrival, Confirm>): Record<string, string | null> {
  const state = arrival.session.caller_state
  switch (arrival.outcome) {
    case 'finish':
      return { code: arrival.code, state }
    case 'completed':
      return { code: arrival.receipt, state }
    case 'failed':
      return { error: arrival.failure.error, error_description: arrival.failure.description, state }
  }
}

/** In which language a page speaks, and whose it is. */
type Look = { speech: Speech; brand: Brand }

export function confirmPage(
  ctx: Pick<Needs, 'catalogue'>,
  { workspace, session, integration, secret }: Omit<Confirm, 'outcome'>,
  { speech, brand }: Look,
): Page {
  const { say, mark, language } = speech
  const names = { provider: integration.providerName, workspace: workspace.name }
  const who = session.end_user_id
  const called = session.end_user_email ?? session.end_user_name
  const person =
    called === null ? html`<strong>${who}</strong>` : html`<strong>${called}</strong> (<code>${who}</code>)`
  const whom =
    who === null
      ? mark('confirm.own', { workspace: html`<strong>${workspace.name}</strong>` })
      : mark('confirm.whom', { person })
  return {
    title: say('confirm.title', names),
    language,
    brand,
    // The form's answer goes on to the return address, and from there wherever the workspace's server sends people.
    formLeaves: session.return_to !== null && session.origin === null,
    body: html`${pair(brand, names.provider)}
<h1>${say('confirm.question', names)}</h1>
<p class="lead">${whom}</p>
${permissions(ctx, integration.provider, JSON.parse(session.scopes) as string[], speech, say('confirm.may', names))}
<form method="post" action="/connect/confirm" class="actions">
<input type="hidden" name="secret" value="${secret}">
<button name="decision" value="connect">${say('confirm.connect')}</button>
<button name="decision" value="cancel" class="quiet">${say(who === null ? 'confirm.cancel' : 'confirm.not_me')}</button>
</form>
<p class="small">${say('confirm.small', names)}</p>`,
  }
}

export function outcomePage(
  ctx: Pick<Needs, 'config'>,
  arrival: Exclude<Arrival, Confirm>,
  { returnTo, retry }: { returnTo: string | null; retry: string | null },
  { speech, brand }: Look,
): Page {
  const { workspace, session, integration } = arrival
  const { say, language } = speech
  const names = { provider: integration.providerName, workspace: workspace.name }
  const origins = session.origin
    ? [session.origin]
    : [...new Set([...workspace.allowedOrigins, ctx.config.publicUrl])]
  const outcome = {
    message: messageOf(arrival),
    // A finish code goes to the one origin that the session names, never to a list.
    origins: arrival.outcome === 'finish' && !session.origin ? [] : origins,
    awaitsAnswer: arrival.outcome === 'finish',
    returnTo,
  }
  const on = returnTo
    ? html`<p class="actions"><a class="button" href="${returnTo}">${say('outcome.continue', names)}</a></p>`
    : retry
      ? html`<p class="actions"><a class="button" href="${retry}">${say('outcome.again')}</a></p>`
      : wayOut(outOf(speech))
  const data = html`<script type="application/json" id="outcome">${scriptJson(outcome)}</script>`
  // Behind a page without a return address lies the provider, so that there is nothing to go back to.
  const page = { language, brand, script: `${outcomeScript}${returnTo || retry ? '' : closeScript}` }
  if (arrival.outcome === 'failed') {
    const { error, description } = arrival.failure
    const notMe = arrival.notMe && session.end_user_id !== null
    const detail = description !== error && description
    const { what, todo } = failureInWords(speech, {
      ...names,
      error: notMe ? 'not_me' : error,
      description,
    })
    return {
      ...page,
      status: failureStatus.get(error) ?? 200,
      title: say('failed.title'),
      body: html`<div class="mark bad" aria-hidden="true">!</div>
<h1>${what}</h1>
<p class="lead">${todo}</p>
${on}
${!arrival.notMe && html`<p class="small lead">${codeAndDetail(speech, error, detail)}</p>`}
${data}`,
    }
  }
  if (arrival.outcome === 'finish')
    return {
      ...page,
      title: say('finish.title'),
      body: html`${pair(brand, names.provider)}
<h1>${say('finish.heading', names)}</h1>
<progress aria-label="${say('finish.title')}"></progress>
<p class="lead">${returnTo ? say('finish.continue') : say('finish.close', names)}</p>
${on}
${data}`,
    }
  return {
    ...page,
    title: say('done.title'),
    body: html`<div class="mark" aria-hidden="true">✓</div>
<h1>${say('done.heading', names)}</h1>
<p class="lead">${returnTo ? say('done.all') : say('done.close', names)}</p>
${on}
${data}`,
  }
}

/** Names of things stay as they are in every language: people are asked for them. */
const codeAndDetail = ({ mark }: Speech, error: string, detail: string | false | null) =>
  html`${mark('outcome.code', { code: html`<code>${error}</code>` })}${detail && html`<br>${mark('outcome.detail', { detail: html`<span lang="en">${detail}</span>` })}`}`

/** What cannot be used is an error of HTTP too; any other, whatever a provider calls it, is an outcome like any. */
const failureStatus = new Map([
  ['invalid_request', 400],
  ['conflict', 409],
  ['expired', 410],
])

function messageOf(arrival: Exclude<Arrival, Confirm>) {
  const { session, integration } = arrival
  const sessionId = encodeId('cs', session.id)
  const about = { providerName: integration.providerName, provider: integration.provider, sessionId }
  switch (arrival.outcome) {
    case 'finish':
      return { type: 'oauth_finish', code: arrival.code, state: session.caller_state, ...about }
    case 'completed':
      return { type: 'oauth_success', connectionId: encodeId('con', arrival.connection.id), ...about }
    case 'failed':
      return {
        type: 'oauth_error',
        error: arrival.failure.error,
        errorDescription: arrival.failure.description,
        ...about,
      }
  }
}

/**
 * Tells the opener, each time to an exact origin: the browser delivers to a match only. A finish code that is not
 * acknowledged within 2 s, and any outcome without an opener, goes on to the return address in this window.
 */
const outcomeScript = `
var outcome = JSON.parse(document.getElementById('outcome').textContent);
var opener = window.opener;
var leave = function () { if (outcome.returnTo) location.replace(outcome.returnTo); };
// Only a page of our own can be looked into; knowing that spares the browser's console the attempts that must miss.
var ours = function () { try { return opener.location.origin === location.origin; } catch (error) { return false; } };
if (opener && opener !== window && !opener.closed && outcome.origins.length) {
  if (outcome.awaitsAnswer) {
    var timer = setTimeout(leave, 2000);
    addEventListener('message', function (event) {
      var heard = event.source === opener && outcome.origins.indexOf(event.origin) >= 0;
      var data = event.data || {};
      if (heard && data.type === 'oauth_ack' && data.sessionId === outcome.message.sessionId) clearTimeout(timer);
    });
  }
  var local = ours();
  outcome.origins.forEach(function (origin) {
    if ((origin === location.origin) === local) opener.postMessage(outcome.message, origin);
  });
} else {
  leave();
}
`

/** A popup can be closed by its own button, and only then there is one. */
const closeScript = `
(function () {
  var out = document.getElementById('out');
  if (!opener || opener === window) return;
  out.hidden = false;
  out.addEventListener('click', function () { window.close(); });
})();
`
