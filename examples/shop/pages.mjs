// What the shop looks like. Nothing here is about Grantry but the buttons, and those are links.

const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const raw = Symbol('markup')

/** Everything that is put in is escaped, but what is markup already. */
function html(strings, ...values) {
  const markup = (value) => {
    if (value === null || value === undefined || value === false) return ''
    if (Array.isArray(value)) return value.map(markup).join('')
    return value[raw] ?? String(value).replace(/[&<>"']/g, (character) => escapes[character])
  }
  return { [raw]: strings.reduce((text, part, i) => text + markup(values[i - 1]) + part) }
}

function page({ title, person, body, script = null }) {
  return html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Leaf &amp; Kettle</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/shop.css">
<header>
  <a class="name" href="/">Leaf &amp; Kettle</a>
  <nav>${
    person
      ? html`<a href="/account">Account</a><form method="post" action="/sign-out"><button class="plain">Sign out</button></form>`
      : html`<a href="/sign-in">Sign in</a>`
  }</nav>
</header>
<main>${body}</main>
${script}
</html>`[raw]
}

const teas = [
  ['Assam', 'Malty and dark, for the morning', '8.20'],
  ['Sencha', 'Green, grassy, two minutes at 70 °C', '11.50'],
  ['Lapsang', 'Smoked over pine', '9.80'],
  ['Darjeeling', 'First flush, light and flowery', '14.00'],
  ['Rooibos', 'No caffeine, for the evening', '6.40'],
  ['Genmaicha', 'Green with roasted rice', '9.10'],
]

export const shopPage = (person) =>
  page({
    title: 'Tea',
    person,
    body: html`<h1>Tea, and nothing else</h1>
<ul class="teas">${teas.map(([name, what, price]) => html`<li><strong>${name}</strong><span>${what}</span><span class="price">€ ${price} / 100 g</span></li>`)}</ul>`,
  })

export const signInPage = ({ email = '', wrong = false, password }) =>
  page({
    title: 'Sign in',
    person: null,
    body: html`<div class="narrow"><h1>Sign in</h1>
${wrong && html`<p class="fault" role="alert">No customer has this email address and password.</p>`}
<form method="post" action="/sign-in">
<label for="email">Email</label>
<input id="email" name="email" type="email" autocomplete="username" required value="${email}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button>Sign in</button>
</form>
<p class="quiet">Customers of this example: ada@example.com and grace@example.com, both with the password <code>${password}</code>.</p></div>`,
  })

const failures = {
  access_denied: 'You said no, so nothing was connected.',
  closed: 'The window was closed before anything was connected.',
  expired: 'It took too long. Please start again.',
  other_end_user: 'You are signed in here as somebody else than when you began. Please start again.',
  unknown_session: 'This was begun in another browser. Please start again here.',
}

/**
 * @param services what can be connected: `{provider, name, why, popup, connection, found}`
 * @param code why the last attempt came to nothing, or null
 */
export const accountPage = ({ person, services, code }) =>
  page({
    title: 'Account',
    person,
    script: html`<script type="module" src="/account.js"></script>`,
    body: html`<h1>${person.display_name}</h1>
<p class="quiet">${person.email}</p>
<h2>Connected accounts</h2>
<p class="fault" role="alert" id="failure" ${code === null && html`hidden`}>${code !== null && (failures[code] ?? `It did not work (${code}). Please try again later.`)}</p>
${services.map(service)}
<template id="failures">${JSON.stringify(failures)}</template>`,
  })

function service({ provider, name, why, popup, connection, found }) {
  const mark = popup && html`data-popup`
  const start = (text, more = '') =>
    html`<a class="button" ${mark} href="/connect?provider=${provider}${more}">${text}</a>`
  const working = connection?.status === 'active'
  return html`<section>
<div><h3>${name}</h3>
${
  connection
    ? html`<p><span class="dot ${working ? 'good' : 'bad'}"></span>${working ? html`Connected as ${connection.account?.email ?? connection.account?.label ?? 'your account'}` : html`${connection.advice?.what ?? 'The access has ended.'}`}</p>`
    : html`<p>${why}</p>`
}
${found && html`<p>Invoices in your mail:</p><ul>${found.map((subject) => html`<li>${subject}</li>`)}</ul>`}
</div>
<div class="actions">
${!connection && start(`Connect ${name}`)}
${connection && !working && start('Connect again', `&connection=${connection.id}`)}
${connection && html`<form method="post" action="/disconnect"><input type="hidden" name="connection" value="${connection.id}"><button class="other">Disconnect</button></form>`}
</div>
</section>`
}
