import { encodeId } from '@grantry/api'
import type { FastifyReply } from 'fastify'
import type { Context } from '../context.ts'
import { html, scriptJson } from '../http/html.ts'
import { type Page, sendPage } from '../http/page.ts'
import type { Arrival, Stray } from './callback.ts'
import { failureInWords } from './failure-words.ts'
import { withParameters } from './return-address.ts'

type Needs = Pick<Context, 'catalogue' | 'config'>
type Confirm = Extract<Arrival, { outcome: 'confirm' }>

/** Sends a browser that came back on its way: to a page of ours, to its opener, or to the return address. */
export function sendArrival(ctx: Needs, reply: FastifyReply, arrival: Arrival | Stray): FastifyReply {
  if (arrival.outcome === 'stray') return sendPage(reply, strayPage(arrival))
  if (arrival.outcome === 'confirm') return sendPage(reply, confirmPage(ctx, arrival))
  const { session } = arrival
  const returnTo = session.return_to && withParameters(session.return_to, returnParameters(arrival))
  if (returnTo && !session.origin)
    return reply.header('referrer-policy', 'no-referrer').redirect(returnTo, 303)
  return sendPage(reply, outcomePage(ctx, arrival, returnTo))
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

function confirmPage(ctx: Needs, { workspace, session, integration, secret }: Confirm): Page {
  const { providerName } = integration
  const who = session.end_user_email ?? session.end_user_name ?? session.end_user_id
  const whom =
    who === null
      ? html`This makes the account <strong>${workspace.name}</strong>’s own: everyone who works there can use it.`
      : html`It will be connected for <strong>${who}</strong>. If that is not you, say so.`
  return {
    title: `Connect ${providerName} to ${workspace.name}`,
    formTargets: session.return_to ? [new URL(session.return_to).origin] : [],
    body: html`${pair(workspace.name, providerName)}
<h1>Connect your ${providerName} account to ${workspace.name}?</h1>
<p class="lead">${whom}</p>
${permissions(ctx, integration.provider, JSON.parse(session.scopes) as string[], workspace.name)}
<form method="post" action="/connect/confirm" class="actions">
<input type="hidden" name="secret" value="${secret}">
<button name="decision" value="connect">Connect</button>
<button name="decision" value="cancel" class="quiet">Not me</button>
</form>
<p class="small">${workspace.name} can use the account until you or they end it. You can also end it in the settings of your ${providerName} account.</p>`,
  }
}

/** Scopes as sentences; where the catalogue has none, as what the provider calls them. */
function permissions(ctx: Needs, provider: string | null, scopes: string[], workspace: string) {
  if (scopes.length === 0) return null
  const presets = provider === null ? undefined : ctx.catalogue.get(provider)?.scopes
  const sentences = new Map(
    [...(presets?.write ?? []), ...(presets?.read ?? [])].map(({ scope, sentence }) => [scope, sentence]),
  )
  return html`<p>${workspace} will be able to:</p>
<ul>${scopes.map((scope) => html`<li>${sentences.get(scope) ?? html`<code>${scope}</code>`}</li>`)}</ul>`
}

function outcomePage(ctx: Needs, arrival: Exclude<Arrival, Confirm>, returnTo: string | null): Page {
  const { workspace, session, integration } = arrival
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
  const on =
    returnTo &&
    html`<p class="actions"><a class="button" href="${returnTo}">Continue to ${workspace.name}</a></p>`
  const data = html`<script type="application/json" id="outcome">${scriptJson(outcome)}</script>`
  if (arrival.outcome === 'failed') {
    const { what, todo } = failureInWords(arrival.failure.error, integration.providerName)
    return {
      title: 'Not connected',
      script: outcomeScript,
      body: html`<div class="mark bad" aria-hidden="true">!</div>
<h1>${what}</h1>
<p class="lead">${todo}</p>
${on}
<p class="small">Code: <code>${arrival.failure.error}</code>${arrival.failure.description && html`<br>${integration.providerName} says: ${arrival.failure.description}`}</p>
${data}`,
    }
  }
  return {
    title: arrival.outcome === 'completed' ? 'Connected' : 'Almost done',
    script: outcomeScript,
    body: html`<div class="mark" aria-hidden="true">✓</div>
<h1>${arrival.outcome === 'completed' ? `${integration.providerName} is connected to ${workspace.name}.` : `${workspace.name} is finishing the connection.`}</h1>
<p class="lead">You can close this window and go back to ${workspace.name}.</p>
${on}
${data}`,
  }
}

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
var leave = function () { if (outcome.returnTo) location.replace(outcome.returnTo); };
if (window.opener && window.opener !== window && outcome.origins.length) {
  if (outcome.awaitsAnswer) {
    var timer = setTimeout(leave, 2000);
    addEventListener('message', function (event) {
      var heard = event.source === window.opener && outcome.origins.indexOf(event.origin) >= 0;
      var data = event.data || {};
      if (heard && data.type === 'oauth_ack' && data.sessionId === outcome.message.sessionId) clearTimeout(timer);
    });
  }
  outcome.origins.forEach(function (origin) { window.opener.postMessage(outcome.message, origin); });
} else {
  leave();
}
`

const strays: Record<Stray['why'], { status: number; what: string; todo: string }> = {
  no_state: {
    status: 400,
    what: 'This address was opened without an answer from a provider.',
    todo: 'It is where providers send people back to after they allow access. Start from the page where you wanted to connect.',
  },
  unknown_state: {
    status: 400,
    what: 'This answer does not belong to any connection that was started here.',
    todo: 'Start again from the page where you wanted to connect. If somebody sent you this link, do not use it.',
  },
  replayed: {
    status: 409,
    what: 'This step has been done before.',
    todo: 'If the account is not connected yet, start again from the page where you wanted to connect.',
  },
  expired: {
    status: 410,
    what: 'It took too long, and this attempt has expired.',
    todo: 'Start again from the page where you wanted to connect. You have ten minutes at the provider.',
  },
}

export function strayPage({ why }: Stray): Page {
  const { status, what, todo } = strays[why]
  return noticePage(status, what, todo)
}

/** A page that only says what happened and what to do. */
export function noticePage(status: number, what: string, todo: string): Page {
  return {
    status,
    title: 'Not connected',
    body: html`<div class="mark bad" aria-hidden="true">!</div><h1>${what}</h1><p class="lead">${todo}</p>`,
  }
}

function pair(left: string, right: string) {
  const initial = (name: string) => ([...name][0] ?? '·').toUpperCase()
  return html`<div class="pair" aria-hidden="true"><span>${initial(left)}</span><i></i><span>${initial(right)}</span></div>`
}
