import type { KoaContextWithOIDC } from 'oidc-provider'
import { type Html, html } from '../http/html.ts'
import { composePage, type Page } from '../http/page.ts'
import { scopeInWords } from './scope-words.ts'

type Koa = KoaContextWithOIDC

/** What a person is asked to allow. */
export type Consent = {
  uid: string
  csrf: string
  clientName: string
  /** Of the client's own site, where it said. */
  clientUri: string | null
  /** Where the browser goes afterwards: host, or scheme of an app. */
  destination: string
  scopes: string[]
  /** What was asked for and this person cannot give. */
  withheld: string[]
  workspaceName: string
  person: string
  /** The MCP server that it is about. */
  serverName: string | null
  warnings: string[]
  /** Connections to choose from; null where there is nothing to choose. */
  connections: { id: string; label: string; detail: string; chosen: boolean }[] | null
}

export function consentPage(consent: Consent): Page {
  const { clientName, workspaceName, person, serverName, scopes, warnings, connections } = consent
  const what = serverName === null ? workspaceName : `${serverName} at ${workspaceName}`
  return {
    title: `Allow ${clientName}`,
    // The answer goes on to the client's redirect URI.
    formLeaves: true,
    body: html`${pair(workspaceName, clientName)}
<h1>Allow ${clientName} to use ${what}?</h1>
<p class="lead">You are signed in as <strong>${person}</strong>.</p>
${warnings.map((warning) => html`<p class="notice">${warning}</p>`)}
<p>${clientName} will be able to:</p>
<ul>${scopes.map((scope) => html`<li>${scopeInWords(scope)}</li>`)}</ul>
${consent.withheld.length > 0 && html`<p class="small">It also asked to ${list(consent.withheld.map(scopeInWords))}, which your role here does not allow.</p>`}
<form method="post" action="/oauth/interaction/${consent.uid}">
<input type="hidden" name="csrf" value="${consent.csrf}">
${connections && choice(connections, clientName)}
<div class="actions">
<button name="decision" value="allow">Allow</button>
<button name="decision" value="deny" class="quiet">Do not allow</button>
</div>
</form>
<p class="small">You will be sent to <strong>${consent.destination}</strong>.${consent.clientUri && html` ${clientName} says its home is ${consent.clientUri}.`} You can end this at any time under “Authorised apps” in ${workspaceName}.</p>`,
  }
}

function choice(connections: NonNullable<Consent['connections']>, clientName: string): Html {
  if (connections.length === 0)
    return html`<p class="small">No account is connected yet: ${clientName} will reach none until you allow it again.</p>`
  return html`<fieldset><legend>Which accounts may it use?</legend>
<p class="small">It reaches none that you do not tick.</p>
${connections.map(
  ({ id, label, detail, chosen }) =>
    html`<label class="check"><input type="checkbox" name="connection" value="${id}"${chosen && html` checked`}> <span>${label}<br><small>${detail}</small></span></label>`,
)}
</fieldset>`
}

/** Somebody is signed in, but where this client has no business. */
export function otherWorkspacePage(person: string, here: string, signIn: string, clientName: string): Page {
  return {
    status: 403,
    title: 'Another workspace',
    body: html`${mark()}
<h1>${clientName} belongs to another workspace.</h1>
<p class="lead">You are signed in as ${person} at ${here}. Sign in where ${clientName} belongs to go on.</p>
<p class="actions"><a class="button" href="${signIn}">Sign in there</a></p>`,
  }
}

/** An end user has no business at a terminal of the workspace's. */
export function membersOnlyPage(person: string): Page {
  return {
    status: 403,
    title: 'For members only',
    body: html`${mark()}
<h1>The command line is for members.</h1>
<p class="lead">You are signed in as ${person}, who is no member here. Nothing was allowed. Sign in as a member and type the code again.</p>`,
  }
}

export function interactionOverPage(): Page {
  return {
    status: 410,
    title: 'This request is over',
    body: html`${mark()}
<h1>This request is over.</h1>
<p class="lead">It was answered already, waited too long, or began in another browser. Go back to the app and start again there.</p>`,
  }
}

/** RFC 8628 §3.3: where the code is typed in that a device shows. */
export async function enterCodePage(koa: Koa, form: string, _out?: unknown, error?: unknown): Promise<void> {
  const { name } = (error ?? {}) as { name?: string }
  const fault =
    error === undefined || error === null
      ? null
      : name === 'AbortedError'
        ? 'You did not allow it. The device has been told.'
        : name === 'NotFoundError' || name === 'NoCodeError'
          ? 'No device waits with this code. Look at it again and type it as shown.'
          : name === 'ExpiredError'
            ? 'This code is too old. Ask the device for a new one.'
            : name === 'AlreadyUsedError'
              ? 'This code has been used. Ask the device for a new one.'
              : 'This did not work. Type the code again.'
  answer(koa, {
    status: fault ? 400 : 200,
    title: 'Connect a device',
    body: html`<h1>Connect a device</h1>
<p class="lead">Type the code that the device or terminal shows.</p>
<form method="post" action="/oauth/device">
<input type="hidden" name="xsrf" value="${secretOf(form)}">
<label class="field">Code<input name="user_code" autocomplete="off" autocapitalize="characters" spellcheck="false" placeholder="ABCD-EFGH" required autofocus${fault && html` aria-invalid="true" aria-describedby="fault"`}></label>
${fault && html`<p class="fault" id="fault" role="alert">${fault}</p>`}
<div class="actions"><button>Continue</button></div>
</form>
<p class="small">Only type a code that you asked for yourself, on a device in front of you.</p>`,
  })
}

export async function confirmDevicePage(
  koa: Koa,
  form: string,
  client: { clientName?: string | undefined; clientId: string } | undefined,
  _device: unknown,
  userCode: string,
): Promise<void> {
  const name = client?.clientName ?? client?.clientId ?? 'An app'
  answer(koa, {
    title: 'Is this your device?',
    formLeaves: true,
    body: html`<h1>Does your device show this code?</h1>
<p class="lead"><code class="big">${userCode}</code></p>
<p class="lead"><strong>${name}</strong> asks to be connected. If you did not start this yourself just now, somebody may be trying to get into your account.</p>
<form method="post" action="/oauth/device" class="actions">
<input type="hidden" name="xsrf" value="${secretOf(form)}">
<input type="hidden" name="user_code" value="${userCode}">
<input type="hidden" name="confirm" value="yes">
<button>Yes, continue</button>
<button name="abort" value="yes" class="quiet">No, this is not mine</button>
</form>`,
  })
}

export async function deviceDonePage(koa: Koa): Promise<void> {
  const name = koa.oidc.client?.clientName ?? 'The device'
  answer(koa, {
    title: 'Device connected',
    body: html`<div class="mark" aria-hidden="true">✓</div>
<h1>${name} is connected.</h1>
<p class="lead">Go back to it: it goes on by itself. You can close this window.</p>`,
  })
}

/** A request that cannot be answered at the client's own address (RFC 6749 §4.1.2.1). */
export async function errorPage(
  koa: Koa,
  out: { error: string; error_description?: string | undefined },
  error: Error & { error_detail?: string | undefined; statusCode?: number | undefined },
): Promise<void> {
  const { what, todo } = words[out.error] ?? {
    what: 'This request cannot be answered.',
    todo: 'Go back to the app and start again there. If it stays, tell whoever runs the app.',
  }
  const detail = error.error_detail ?? out.error_description
  answer(koa, {
    status: error.statusCode ?? 500,
    title: 'This did not work',
    body: html`${mark()}
<h1>${what}</h1>
<p class="lead">${todo}</p>
<p class="small lead">Code: <code>${out.error}</code>${detail && html`<br>Detail: ${detail}`}</p>`,
  })
}

const words: Record<string, { what: string; todo: string }> = {
  invalid_client: {
    what: 'This app is not known here.',
    todo: 'Its client id is wrong, or it was removed. Tell whoever runs the app.',
  },
  invalid_redirect_uri: {
    what: 'The app named a return address that it has not registered.',
    todo: 'Nothing was allowed. Its developers must register the address exactly as they send it.',
  },
  invalid_request: {
    what: 'The app’s request is not complete.',
    todo: 'Nothing was allowed. Tell whoever runs the app what stands below.',
  },
  invalid_target: {
    what: 'The app asks for something that does not exist here.',
    todo: 'The server may have been removed. Add it to the app again.',
  },
  server_error: {
    what: 'Grantry could not do this just now.',
    todo: 'Nothing was allowed. Go back to the app and try again in a moment.',
  },
}

function answer(koa: Koa, page: Page): void {
  const { status, headers, text } = composePage(page)
  koa.status = status
  koa.set(headers)
  koa.body = text
}

/** The core hands over its own form; of it only the token against forged requests is needed. */
const secretOf = (form: string): string => /name="xsrf" value="([\w-]+)"/.exec(form)?.[1] ?? ''

const mark = () => html`<div class="mark bad" aria-hidden="true">!</div>`

const list = (items: string[]) => items.join(', ').replace(/, ([^,]*)$/, ' and $1')

function pair(left: string, right: string): Html {
  const initial = (name: string) => ([...name][0] ?? '·').toUpperCase()
  return html`<div class="pair" aria-hidden="true"><span>${initial(left)}</span><i></i><span>${initial(right)}</span></div>`
}
