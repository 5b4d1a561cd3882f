import { html } from './html.ts'
import type { Page } from './page.ts'

/** What happened, and the one thing to do about it: for the person who sees the page. */
export type Words = { what: string; todo: string }

/** Words for a page of their own, with the status to answer; `good` where nothing failed, `on` where to go from here. */
export type Notice = Words & { status: number; good?: boolean; on?: { href: string; label: string } }

/** A page that only says what happened and what to do. */
export function noticePage({ status, what, todo, good, on }: Notice): Page {
  return {
    status,
    title: what.replace(/\.$/, ''),
    body: html`<div class="${good ? 'mark' : 'mark bad'}" aria-hidden="true">${good ? '✓' : '!'}</div>
<h1>${what}</h1>
<p class="lead">${todo}</p>
${on && html`<p class="actions"><a class="button" href="${on.href}">${on.label}</a></p>`}`,
  }
}
