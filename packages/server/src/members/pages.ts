import { encodeId } from '@grantry/api'
import type { Role } from '../db/schema.ts'
import { type Brand, sign } from '../http/brand.ts'
import { outOf } from '../http/forms.ts'
import { type Html, html } from '../http/html.ts'
import { type Notice, noticePage } from '../http/notice.ts'
import type { Page } from '../http/page.ts'
import type { Speech } from '../languages/speech.ts'
import type { SignedIn } from './read-session.ts'

/** An OpenID provider as a button. */
export type Button = { id: string; label: string }

/** What a page says about what was just sent: a sentence, and the field that it is about. */
export type Fault = { text: string; field?: 'email' | 'password' | 'name'; status: number }

export type SignInView = {
  audience: 'members' | 'end_users'
  /** Where it is known: a link named it. */
  workspace: { id: string; name: string } | null
  brand: Brand | null
  next: string
  email: string
  buttons: Button[]
  signedIn: SignedIn | null
  fault: Fault | null
}

/** E-mail and password, and the workspace's OpenID providers; an end user has only those. */
export function signInPage(view: SignInView, speech: Speech): Page {
  const { audience, workspace, brand, next, email, buttons, signedIn, fault } = view
  const { say, language } = speech
  const title = say('sign_in.title', { workspace: workspace?.name ?? 'Grantry' })
  if (audience === 'end_users') return endUserPage(view, title, speech)
  return {
    status: fault?.status ?? 200,
    title,
    language,
    brand,
    formLeaves: true,
    body: html`${brand?.logo && sign(brand)}
<h1>${title}</h1>
${already(signedIn, next, speech)}
<form method="post" action="/sign-in">
${hidden({ next, workspace: workspace && encodeId('ws', workspace.id) })}
${faultText(fault)}
<label for="email">${say('sign_in.email')}</label>
<input id="email" name="email" type="email" value="${email}" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="254" required${about(fault, 'email')}>
<label for="password">${say('sign_in.password')}</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="512" required${about(fault, 'password')}>
<p class="actions"><button>${say('sign_in.submit')}</button></p>
</form>
${workspace && outside(workspace.id, buttons, 'sign_in.with', { next }, speech)}
<p class="small lead">${say('sign_in.no_account')}</p>`,
  }
}

function endUserPage(
  { workspace, brand, buttons, next, signedIn }: SignInView,
  title: string,
  speech: Speech,
): Page {
  const { say, language } = speech
  if (!workspace || buttons.length === 0)
    return noticePage({
      status: 404,
      language,
      brand,
      what: say('sign_in.nowhere.what'),
      todo: workspace
        ? say('sign_in.nowhere.todo', { workspace: workspace.name })
        : say('sign_in.nowhere.unknown'),
      out: outOf(speech),
    })
  const names = { workspace: workspace.name }
  return {
    title,
    language,
    brand,
    formLeaves: true,
    body: html`${brand?.logo && sign(brand)}
<h1>${title}</h1>
<p class="lead">${say('sign_in.why', names)}</p>
${already(signedIn?.workspace === workspace.id ? signedIn : null, next, speech)}
${outside(workspace.id, buttons, 'sign_in.with', { next }, speech, { first: true })}
<p class="small lead">${say('sign_in.runs', names)}</p>`,
  }
}

export type JoinView = {
  /** Path that the form is sent to. */
  action: string
  token: string
  workspace: { id: string; name: string }
  brand: Brand
  /** Fixed by the invitation; null where the person says it. */
  invited: string | null
  role: Role
  email: string
  name: string
  buttons: Button[]
  fault: Fault | null
}

/** Name and password of a new member, or an account at one of the workspace's OpenID providers. */
export function joinPage(view: JoinView, speech: Speech): Page {
  const { action, token, workspace, brand, invited, role, email, name, buttons, fault } = view
  const { say, language } = speech
  const names = { workspace: workspace.name }
  return {
    status: fault?.status ?? 200,
    title: say('join.title', names),
    language,
    brand,
    formLeaves: true,
    body: html`${brand.logo && sign(brand)}
<h1>${say('join.heading', names)}</h1>
<p class="lead">${say(`join.${role}`)}</p>
<form method="post" action="${action}">
${faultText(fault)}
<label for="email">${say('sign_in.email')}</label>
${
  invited === null
    ? html`<input id="email" name="email" type="email" value="${email}" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="254" required${about(fault, 'email')}>`
    : html`<input id="email" type="email" value="${invited}" autocomplete="username" readonly>`
}
<label for="name">${say('join.name')}</label>
<input id="name" name="name" type="text" value="${name}" autocomplete="name" maxlength="120"${about(fault, 'name')}>
<label for="password">${say('sign_in.password')}</label>
<input id="password" name="password" type="password" autocomplete="new-password" minlength="12" maxlength="512" required${about(fault, 'password', 'password-hint')}>
<p class="small hint" id="password-hint">${say('join.hint')}</p>
<p class="actions"><button>${say('join.title', names)}</button></p>
</form>
${outside(workspace.id, buttons, 'join.with', { invitation: token, next: '/' }, speech)}
<p class="small lead">${say('join.small')}</p>`,
  }
}

/** Before a member goes to an outside provider, to sign in there from then on. */
export function linkPage(
  { id, label: provider }: Button,
  { csrf, workspace, name, email }: Pick<SignedIn, 'csrf' | 'workspace' | 'name' | 'email'>,
  { say, language }: Speech,
): Page {
  const person = name ?? email ?? say('sign_in.yourself')
  return {
    title: say('link.title', { provider }),
    language,
    formLeaves: true,
    body: html`<h1>${say('link.question', { provider })}</h1>
<p class="lead">${say('link.lead', { provider, person })}</p>
<form method="post" action="/sign-in/outside/${encodeId('idp', id)}" class="actions">
${hidden({ csrf, link: '1', workspace: encodeId('ws', workspace), next: '/your-account' })}
<button>${say('link.submit', { provider })}</button>
<a class="button other" href="/your-account">${say('link.later')}</a>
</form>
<p class="small lead">${say('link.small')}</p>`,
  }
}

/** Asks before it signs out: a link alone must not. */
export function signOutPage(
  { csrf, name, email }: Pick<SignedIn, 'csrf' | 'name' | 'email'>,
  { say, language }: Speech,
): Page {
  return {
    title: say('sign_out.title'),
    language,
    body: html`<h1>${say('sign_out.question')}</h1>
<p class="lead">${say('sign_in.already', { person: name ?? email ?? say('sign_in.yourself') })}</p>
<form method="post" action="/sign-out" class="actions">
${hidden({ csrf })}
<button>${say('sign_out.submit')}</button>
<a class="button other" href="/">${say('sign_out.stay')}</a>
</form>`,
  }
}

export const signedOut = ({ say, language }: Speech): Notice => ({
  status: 200,
  good: true,
  language,
  what: say('signed_out.what'),
  todo: say('signed_out.todo'),
  on: { href: '/sign-in', label: say('signed_out.again') },
})

export const deadInvitation = ({ say, language }: Speech): Notice => ({
  status: 410,
  language,
  what: say('join.dead.what'),
  todo: say('join.dead.todo'),
  on: { href: '/sign-in', label: say('sign_in.submit') },
})

const outsideStatus = {
  stray: 400,
  declined: 403,
  failed: 502,
  unknown: 403,
  ended: 410,
  no_email: 422,
}

/** A sign-in at an outside provider that came to nothing; `code` is what an admin can make something of. */
export function outsideNotice(
  { say, language }: Speech,
  why: keyof typeof outsideStatus,
  { provider = '', code = '' } = {},
): Notice {
  return {
    status: outsideStatus[why],
    language,
    what: say(`outside.${why}.what` as 'outside.failed.what', { provider }),
    todo: say(`outside.${why}.todo` as 'outside.failed.todo', { code }),
    on: why === 'no_email' ? null : { href: '/sign-in', label: say('sign_in.submit') },
  }
}

function outside(
  workspace: string,
  buttons: Button[],
  label: 'sign_in.with' | 'join.with',
  fields: Record<string, string>,
  { say }: Speech,
  { first = false } = {},
): Html | null {
  if (buttons.length === 0) return null
  return html`${!first && html`<p class="or">${say('sign_in.or')}</p>`}
${buttons.map(
  (
    { id, label: provider },
    i,
  ) => html`<form method="post" action="/sign-in/outside/${encodeId('idp', id)}" class="actions">
${hidden({ workspace: encodeId('ws', workspace), ...fields })}
<button class="${first && i === 0 ? '' : 'other'}">${say(label, { provider })}</button>
</form>`,
)}`
}

function already(signedIn: SignedIn | null, next: string, { say }: Speech): Html | null {
  if (!signedIn) return null
  const person = signedIn.email ?? signedIn.name ?? say('sign_in.yourself')
  return html`<p class="lead">${say('sign_in.already', { person })}</p>
<p class="actions"><a class="button other" href="${next}">${say('sign_in.continue')}</a></p>
<p class="or">${say('sign_in.as_other')}</p>`
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
