import { encodeId } from '@grantry/api'
import { type Html, html } from '../http/html.ts'
import { type Notice, noticePage } from '../http/notice.ts'
import type { Page } from '../http/page.ts'
import type { SignedIn } from './read-session.ts'

/** An OpenID provider as a button. */
export type Button = { id: string; label: string }

/** What a page says about what was just sent: a sentence, and the field that it is about. */
export type Fault = { text: string; field?: 'email' | 'password' | 'name'; status: number }

export type SignInView = {
  audience: 'members' | 'end_users'
  /** Where it is known: a link named it. */
  workspace: { id: string; name: string } | null
  next: string
  email: string
  buttons: Button[]
  signedIn: SignedIn | null
  fault: Fault | null
}

/** E-mail and password, and the workspace's OpenID providers; an end user has only those. */
export function signInPage(view: SignInView): Page {
  const { audience, workspace, next, email, buttons, signedIn, fault } = view
  const where = workspace?.name ?? 'Grantry'
  if (audience === 'end_users') return endUserPage(view, where)
  return {
    status: fault?.status ?? 200,
    title: `Sign in to ${where}`,
    formLeaves: true,
    body: html`<h1>Sign in to ${where}</h1>
${already(signedIn, next)}
<form method="post" action="/sign-in">
${hidden({ next, workspace: workspace && encodeId('ws', workspace.id) })}
${faultText(fault)}
<label for="email">E-mail</label>
<input id="email" name="email" type="email" value="${email}" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="254" required${about(fault, 'email')}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="512" required${about(fault, 'password')}>
<p class="actions"><button>Sign in</button></p>
</form>
${workspace && outside(workspace.id, buttons, 'Sign in with', { next })}
<p class="small lead">No account yet? Ask an admin of your workspace for an invitation link.</p>`,
  }
}

function endUserPage({ workspace, buttons, next, signedIn }: SignInView, where: string): Page {
  if (!workspace || buttons.length === 0)
    return noticePage({
      status: 404,
      what: 'There is nowhere to sign in here.',
      todo: workspace
        ? `${where} has not set up a sign-in for its users. Tell them, or go back to where you came from.`
        : 'The link does not say to which workspace you belong. Go back and open it again.',
    })
  return {
    title: `Sign in to ${where}`,
    formLeaves: true,
    body: html`<h1>Sign in to ${where}</h1>
<p class="lead">So that ${where} knows that it is you.</p>
${already(signedIn?.workspace === workspace.id ? signedIn : null, next)}
${outside(workspace.id, buttons, 'Sign in with', { next }, { first: true })}
<p class="small lead">${where} runs this.</p>`,
  }
}

export type JoinView = {
  /** Path that the form is sent to. */
  action: string
  token: string
  workspace: { id: string; name: string }
  /** Fixed by the invitation; null where the person says it. */
  invited: string | null
  role: string
  email: string
  name: string
  buttons: Button[]
  fault: Fault | null
}

const duties: Record<string, string> = {
  owner: 'its owner',
  admin: 'an admin',
  developer: 'a developer',
  viewer: 'a viewer',
}

/** Name and password of a new member, or an account at one of the workspace's OpenID providers. */
export function joinPage(view: JoinView): Page {
  const { action, token, workspace, invited, role, email, name, buttons, fault } = view
  return {
    status: fault?.status ?? 200,
    title: `Join ${workspace.name}`,
    formLeaves: true,
    body: html`<h1>Join ${workspace.name} on Grantry</h1>
<p class="lead">You will be ${duties[role]} of this workspace.</p>
<form method="post" action="${action}">
${faultText(fault)}
<label for="email">E-mail</label>
${
  invited === null
    ? html`<input id="email" name="email" type="email" value="${email}" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="254" required${about(fault, 'email')}>`
    : html`<input id="email" type="email" value="${invited}" autocomplete="username" readonly>`
}
<label for="name">Name</label>
<input id="name" name="name" type="text" value="${name}" autocomplete="name" maxlength="120"${about(fault, 'name')}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="new-password" minlength="12" maxlength="512" required${about(fault, 'password', 'password-hint')}>
<p class="small hint" id="password-hint">At least 12 characters. A few words in a row do well.</p>
<p class="actions"><button>Join ${workspace.name}</button></p>
</form>
${outside(workspace.id, buttons, 'Join with', { invitation: token, next: '/' })}
<p class="small lead">This link works once. Nothing happens until you send the form.</p>`,
  }
}

/** Before a member goes to an outside provider, to sign in there from then on. */
export function linkPage(
  { id, label }: Button,
  { csrf, workspace, name, email }: Pick<SignedIn, 'csrf' | 'workspace' | 'name' | 'email'>,
): Page {
  return {
    title: `Link ${label}`,
    formLeaves: true,
    body: html`<h1>Sign in with ${label} from now on?</h1>
<p class="lead">You sign in at ${label} once. Then that account opens Grantry for ${name ?? email ?? 'you'}, beside the ways you have.</p>
<form method="post" action="/sign-in/outside/${encodeId('idp', id)}" class="actions">
${hidden({ csrf, link: '1', workspace: encodeId('ws', workspace), next: '/your-account' })}
<button>Continue to ${label}</button>
<a class="button other" href="/your-account">Not now</a>
</form>
<p class="small lead">You can unlink it any time in your account.</p>`,
  }
}

/** Asks before it signs out: a link alone must not. */
export function signOutPage({ csrf, name, email }: Pick<SignedIn, 'csrf' | 'name' | 'email'>): Page {
  return {
    title: 'Sign out',
    body: html`<h1>Sign out of Grantry?</h1>
<p class="lead">You are signed in as ${name ?? email ?? 'yourself'}.</p>
<form method="post" action="/sign-out" class="actions">
${hidden({ csrf })}
<button>Sign out</button>
<a class="button other" href="/">Stay</a>
</form>`,
  }
}

export const signedOut: Notice = {
  status: 200,
  good: true,
  what: 'You are signed out.',
  todo: 'You can close this window.',
  on: { href: '/sign-in', label: 'Sign in again' },
}

export const deadInvitation: Notice = {
  status: 410,
  what: 'This link does not work any more.',
  todo: 'It works once, for 7 days. If you have joined already, sign in; else ask for a new one.',
  on: { href: '/sign-in', label: 'Sign in' },
}

/** A sign-in at an outside provider that came to nothing. */
export const outsideNotices = {
  stray: () => ({
    status: 400,
    what: 'This sign-in cannot go on.',
    todo: 'It took too long, was used before, or began in another browser. Sign in again from the start.',
    on: { href: '/sign-in', label: 'Sign in' },
  }),
  declined: (provider) => ({
    status: 403,
    what: `${provider} did not sign you in.`,
    todo: 'You said no there, or may not use this. Try again, or sign in another way.',
    on: { href: '/sign-in', label: 'Sign in' },
  }),
  failed: (provider, code) => ({
    status: 502,
    what: `${provider} could not sign you in.`,
    todo: `Its answer cannot be trusted or used. Try again; if it stays, tell an admin of your workspace: ${code}.`,
    on: { href: '/sign-in', label: 'Sign in' },
  }),
  unknown: (provider) => ({
    status: 403,
    what: `This account at ${provider} is not linked to a member.`,
    todo: 'Open your invitation link and join with it, or sign in with your password and link it in your account.',
    on: { href: '/sign-in', label: 'Sign in' },
  }),
  ended: () => ({
    status: 410,
    what: 'What this sign-in was for has ended.',
    todo: 'Your session or your invitation is no longer there. Sign in again, or ask for a new invitation.',
    on: { href: '/sign-in', label: 'Sign in' },
  }),
  no_email: (provider) => ({
    status: 422,
    what: `${provider} did not tell your e-mail address.`,
    todo: 'Open the sign-up link again and choose a password; you can link this account afterwards.',
  }),
} satisfies Record<string, (provider: string, code: string) => Notice>

function outside(
  workspace: string,
  buttons: Button[],
  verb: string,
  fields: Record<string, string>,
  { first = false } = {},
): Html | null {
  if (buttons.length === 0) return null
  return html`${!first && html`<p class="or">or</p>`}
${buttons.map(
  (
    { id, label },
    i,
  ) => html`<form method="post" action="/sign-in/outside/${encodeId('idp', id)}" class="actions">
${hidden({ workspace: encodeId('ws', workspace), ...fields })}
<button class="${first && i === 0 ? '' : 'other'}">${verb} ${label}</button>
</form>`,
)}`
}

function already(signedIn: SignedIn | null, next: string): Html | null {
  if (!signedIn) return null
  const who = signedIn.email ?? signedIn.name ?? 'yourself'
  return html`<p class="lead">You are signed in as ${who}.</p>
<p class="actions"><a class="button other" href="${next}">Continue</a></p>
<p class="or">or as somebody else</p>`
}

function hidden(fields: Record<string, string | null>): Html {
  return html`${Object.entries(fields).map(
    ([name, value]) => value !== null && html`<input type="hidden" name="${name}" value="${value}">`,
  )}`
}

const faultText = (fault: Fault | null): Html | null =>
  fault && html`<p class="fault" id="fault" role="alert">${fault.text}</p>`

/** Ties a field to what is said about it. */
function about(fault: Fault | null, field: Fault['field'], hint?: string): Html {
  // To have to wait is no field's fault.
  const faulty = fault !== null && fault.status !== 429 && (fault.field ?? field) === field
  const ids = [faulty && 'fault', hint].filter(Boolean).join(' ')
  return html`${faulty && html` aria-invalid="true"`}${ids && html` aria-describedby="${ids}"`}`
}
