import { encodeId } from '@grantry/api'
import type { FastifyReply } from 'fastify'
import type { Context } from '../context.ts'
import { html, scriptJson } from '../http/html.ts'
import { noticePage } from '../http/notice.ts'
import { type Page, sendPage } from '../http/page.ts'
import type { Arrival, Stray } from './callback.ts'
import { failureInWords, strayWords } from './failure-words.ts'
import { withParameters } from './return-address.ts'

type Needs = Pick<Context, 'catalogue' | 'config'>
type Confirm = Extract<Arrival, { outcome: 'confirm' }>

/** Sends a browser that came back on its way: to a page of ours, to its opener, or to the return address. */
export function sendArrival(ctx: Needs, reply: FastifyReply, arrival: Arrival | Stray): FastifyReply {
  if (arrival.outcome === 'stray') return sendPage(reply, noticePage(strayWords[arrival.why]))
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
  const who = session.end_user_id
  const called = session.end_user_email ?? session.end_user_name
  const whom =
    who === null
      ? html`It becomes <strong>${workspace.name}</strong>’s own: everyone who works there can use it.`
      : html`It will be connected for ${called === null ? html`<strong>${who}</strong>` : html`<strong>${called}</strong> (<code>${who}</code>)`}. If that is not you, say so.`
  return {
    title: `Connect ${providerName} to ${workspace.name}`,
    // The form's answer goes on to the return address, and from there wherever the workspace's server sends people.
    formLeaves: session.return_to !== null && session.origin === null,
    body: html`${pair(workspace.name, providerName)}
<h1>Connect your ${providerName} account to ${workspace.name}?</h1>
<p class="lead">${whom}</p>
${permissions(ctx, integration.provider, JSON.parse(session.scopes) as string[], workspace.name)}
<form method="post" action="/connect/confirm" class="actions">
<input type="hidden" name="secret" value="${secret}">
<button name="decision" value="connect">Connect</button>
<button name="decision" value="cancel" class="quiet">${who === null ? 'Cancel' : 'Not me'}</button>
</form>
<p class="small">${workspace.name} runs this. You can end it at any time: there, or in the settings of your ${providerName} account.</p>`,
  }
}

/** Scopes as sentences; where the catalogue has none, as what the provider calls them. */
function permissions(ctx: Needs, provider: string | null, scopes: string[], workspace: string) {
  if (scopes.length === 0) return null
  const presets = provider === null ? undefined : ctx.catalogue.get(provider)?.scopes
  const sentences = new Map(
    [...(presets?.always ?? []), ...(presets?.write ?? []), ...(presets?.read ?? [])].map(
      ({ scope, sentence }) => [scope, sentence],
    ),
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
    const { error, description } = arrival.failure
    const notMe = arrival.notMe && session.end_user_id !== null
    const detail = description !== error && description
    const { what, todo } = failureInWords(
      notMe ? 'not_me' : error,
      integration.providerName,
      workspace.name,
      arrival.failure.description,
    )
    return {
      status: failureStatus[arrival.failure.error] ?? 200,
      title: 'Not connected',
      script: outcomeScript,
      body: html`<div class="mark bad" aria-hidden="true">!</div>
<h1>${what}</h1>
<p class="lead">${todo}</p>
${on}
${!arrival.notMe && html`<p class="small lead">Code: <code>${error}</code>${detail && html`<br>Detail: ${detail}`}</p>`}
${data}`,
    }
  }
  if (arrival.outcome === 'finish')
    return {
      title: 'Almost done',
      script: outcomeScript,
      body: html`${pair(workspace.name, integration.providerName)}
<h1>${workspace.name} is finishing the connection.</h1>
<p class="lead">${returnTo ? 'If nothing happens, continue below.' : `If nothing happens, close this window, go back to ${workspace.name} and start again.`}</p>
${on}
${data}`,
    }
  return {
    title: 'Connected',
    script: outcomeScript,
    body: html`<div class="mark" aria-hidden="true">✓</div>
<h1>${integration.providerName} is connected to ${workspace.name}.</h1>
<p class="lead">${returnTo ? 'That is all.' : `You can close this window and go back to ${workspace.name}.`}</p>
${on}
${data}`,
  }
}

/** What a provider decided is an outcome like any other; what cannot be used is an error of HTTP too. */
const failureStatus: Record<string, number> = { invalid_request: 400, conflict: 409, expired: 410 }

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

function pair(left: string, right: string) {
  const initial = (name: string) => ([...name][0] ?? '·').toUpperCase()
  return html`<div class="pair" aria-hidden="true"><span>${initial(left)}</span><i></i><span>${initial(right)}</span></div>`
}
