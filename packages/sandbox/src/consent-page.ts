import { type Account, accounts } from './accounts.ts'
import type { Answer } from './answer.ts'
import { type Html, html, page } from './html.ts'
import type { ProviderTable } from './provider-table.ts'
import type { Client } from './state.ts'

const NOTE = 'Sandbox — no real account is touched'

/** Who asks for what, a choice of accounts, Allow and Cancel. Works without script. */
export const consentPage = (
  table: ProviderTable,
  client: Client,
  asked: { transaction: string; scopes: string[]; account: Account | undefined },
): Answer => {
  const chosen = asked.account ?? accounts[0]
  const shown = asked.scopes.filter((scope) => table.scopes[scope])
  return page(
    200,
    `Connect ${table.display_name} to ${client.name}`,
    html`<main>
<p class="note">${NOTE}</p>
<div class="inner">
<div class="marks" aria-hidden="true"><span class="mark">${initial(client.name)}</span><span class="line"></span><span class="mark">${initial(table.display_name)}</span></div>
<h1>${client.name} wants to use your ${table.display_name} account</h1>
<form method="post">
<input type="hidden" name="transaction" value="${asked.transaction}">
<fieldset><legend>Choose an account</legend>
${accounts.map((account) => accountRow(account, account === chosen))}
</fieldset>
${shown.length > 0 && (table.authorize.granular ? scopeChoice(table, shown) : scopeList(table, shown))}
<div class="actions"><button class="primary" name="decision" value="allow">Allow</button><button name="decision" value="deny">Cancel</button></div>
<p class="quiet">This page stands in for ${table.display_name} and runs on this machine. To end the access later, disconnect it in ${client.name}.</p>
</form>
</div>
</main>`,
  )
}

const initial = (name: string): string => [...name.trim()][0]?.toUpperCase() ?? '?'

const accountRow = (
  account: Account,
  chosen: boolean,
): Html => html`<label class="row"><input type="radio" name="account" value="${account.email}" required${chosen && html` checked`}><span>${account.name}<small>${account.email}</small></span></label>
`

const scopeList = (table: ProviderTable, scopes: string[]): Html => html`<h2>It will be able to</h2>
<ul>${scopes.map((scope) => html`<li>${table.scopes[scope]!.sentence}</li>`)}</ul>`

const scopeChoice = (
  table: ProviderTable,
  scopes: string[],
): Html => html`<fieldset><legend>It will be able to</legend>
<input type="hidden" name="scopes_shown" value="yes">
${scopes.map(
  (scope) =>
    html`<label class="check"><input type="checkbox" name="scope" value="${scope}" checked><span>${table.scopes[scope]!.sentence}</span></label>`,
)}
</fieldset>`

/** For faults of the request that must not be sent to its redirect URI, and for those that the provider shows in person. */
export const errorPage = (status: number, error: string, happened: string, todo: string): Answer =>
  page(
    status,
    `Error ${status}: ${error}`,
    html`<main>
<p class="note">${NOTE}</p>
<div class="inner">
<h1>Access blocked</h1>
<p>${happened}</p>
<p>${todo}</p>
<p><a href="/">See what is registered in this sandbox</a></p>
<p class="quiet">Error ${status}: <code>${error}</code></p>
</div>
</main>`,
  )
