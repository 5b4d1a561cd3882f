import type { Language } from '../languages/language.ts'
import type { Brand } from './brand.ts'
import { type Html, html } from './html.ts'
import type { Page } from './page.ts'

/** What happened, and the one thing to do about it: for the person who sees the page. */
export type Words = { what: string; todo: string }

/** Words for a page of their own, with the status to answer; `good` where nothing failed, `on` where to go from here. */
export type Notice = Words & {
  status: number
  good?: boolean
  on?: { href: string; label: string } | null
  language?: Language
  brand?: Brand | null
  /** Words for a button that leads out of a page from which nothing else does. */
  out?: { close: string; back: string }
}

/** A page that only says what happened and what to do. */
export function noticePage({ status, what, todo, good, on, language, brand, out }: Notice): Page {
  return {
    status,
    title: what.replace(/[.。]$/, ''),
    ...(language ? { language } : {}),
    ...(brand ? { brand } : {}),
    ...(out && !on ? { script: outScript } : {}),
    body: html`<div class="${good ? 'mark' : 'mark bad'}" aria-hidden="true">${good ? '✓' : '!'}</div>
<h1>${what}</h1>
<p class="lead">${todo}</p>
${on && html`<p class="actions"><a class="button" href="${on.href}">${on.label}</a></p>`}
${out && !on && wayOut(out)}`,
  }
}

/** Nothing without script, which alone knows what there is to go back to. */
export const wayOut = ({ close, back }: NonNullable<Notice['out']>): Html =>
  html`<p class="actions"><button type="button" class="other" id="out" data-back="${back}" hidden>${close}</button></p>`

/** A window that was opened for this is closed; any other goes back to where it came from, where there is such a place. */
export const outScript = `
(function () {
  var out = document.getElementById('out');
  var popup = window.opener && window.opener !== window;
  if (!out || (!popup && history.length < 2)) return;
  if (!popup) out.textContent = out.dataset.back;
  out.hidden = false;
  out.addEventListener('click', function () { if (popup) window.close(); else history.back(); });
})();
`
