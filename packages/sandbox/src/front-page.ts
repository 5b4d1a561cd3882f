import { accounts } from './accounts.ts'
import type { Answer } from './answer.ts'
import { type Html, html, page } from './html.ts'
import { baseOf, type SandboxState } from './state.ts'

/** What the sandbox plays, who lives in it, what was sent, and how to steer it. */
export const frontPage = (state: SandboxState): Answer =>
  page(
    200,
    'Grantry sandbox',
    html`<main>
<p class="note">Sandbox — no real account is touched</p>
<div class="inner">
<h1>Grantry sandbox</h1>
<p>It plays the providers below on this machine, forgets everything when it stops, and breaks on demand.</p>
${[...state.tables.values()].map((table) => {
  const urls = table.overrides(baseOf(state, table))
  return html`<h2>${table.display_name}</h2>
<dl>
<dt>Client id</dt><dd><code>${table.client.client_id}</code></dd>
<dt>Client secret</dt><dd><code>${table.client.client_secret}</code></dd>
<dt>Authorization URL</dt><dd><code>${urls.authorization_url}</code></dd>
<dt>Token URL</dt><dd><code>${urls.token_url}</code></dd>
${urls.revocation && html`<dt>Revocation URL</dt><dd><code>${urls.revocation.url}</code></dd>`}
${urls.issuer && html`<dt>Issuer</dt><dd><code>${urls.issuer}</code></dd>`}
${urls.api && html`<dt>API</dt><dd><code>${urls.api.base_url}</code></dd>`}
</dl>`
})}
<h2>Accounts</h2>
<p>Everybody has an account everywhere. There are no passwords.</p>
<ul>${accounts.map((account) => html`<li>${account.name}, <code>${account.email}</code></li>`)}</ul>
<h2>Outbox</h2>
${outbox(state)}
<h2>Control</h2>
<p>JSON below <code>${state.url}/-/control</code>. Move the clock by an hour, let the next refresh get lost after the provider rotated, count the refreshes:</p>
<pre>curl -H 'content-type: application/json' -d '{"advance":3600}' ${state.url}/-/control/clock
curl -H 'content-type: application/json' -d '{"endpoint":"token","fault":"drop_after","when":{"grant_type":"refresh_token"}}' ${state.url}/-/control/faults
curl '${state.url}/-/control/calls?endpoint=token&amp;grant_type=refresh_token'</pre>
<p>Others: <code>release</code>, <code>settings</code>, <code>clients</code>, <code>stats</code>, <code>token</code>, <code>tokens</code>, <code>revoke-grant</code>, <code>outbox</code>, <code>consent</code>, <code>state</code>, <code>reset</code>. The table is in <code>packages/sandbox/README.md</code>.</p>
</div>
</main>`,
    'wide',
  )

const outbox = (state: SandboxState): Html =>
  state.outbox.length === 0
    ? html`<p class="quiet">Nothing was sent yet. Mail that is sent and records that are made appear here.</p>`
    : html`<div class="scroll"><table><thead><tr><th scope="col">When</th><th scope="col">Account</th><th scope="col">What</th></tr></thead><tbody>
${state.outbox
  .slice(-50)
  .reverse()
  .map(
    (item) =>
      html`<tr><td>${item.at.slice(0, 19).replace('T', ' ')}</td><td>${item.account}</td><td>${item.kind}: ${item.summary}</td></tr>`,
  )}
</tbody></table></div>`
