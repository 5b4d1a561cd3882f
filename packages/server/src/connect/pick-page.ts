import { encodeId } from '@grantry/api'
import { type Brand, sign } from '../http/brand.ts'
import { outOf } from '../http/forms.ts'
import { type Html, html } from '../http/html.ts'
import { noticePage, outScript, wayOut } from '../http/notice.ts'
import type { Page } from '../http/page.ts'
import type { Integration } from '../integrations/store.ts'
import type { Speech } from '../languages/speech.ts'

/** Fewer are found by looking. */
const searchedFrom = 9

/** What a session allows, to choose from: each is a link of ours that goes on to its provider. */
export function pickPage(
  { integrations, startToken }: { integrations: Integration[]; startToken: string },
  { speech, brand }: { speech: Speech; brand: Brand },
): Page {
  const { say, language } = speech
  const names = { workspace: brand.name }
  if (integrations.length === 0) {
    const words = { what: say('pick.none.what'), todo: say('pick.none.todo', names) }
    return noticePage({ status: 410, language, brand, ...words, out: outOf(speech) })
  }
  const sorted = integrations
    .map((one) => ({ id: encodeId('int', one.id), label: labelOf(one, integrations) }))
    .sort((a, b) => a.label.localeCompare(b.label, language, { numeric: true }))
  const searched = sorted.length >= searchedFrom
  return {
    title: say('pick.title', names),
    language,
    brand,
    script: `${searched ? searchScript : ''}${outScript}`,
    body: html`${sign(brand)}
<h1>${say('pick.heading', names)}</h1>
<p class="lead">${say('pick.lead', names)}</p>
${searched && search(speech)}
<ul class="picks">${sorted.map(
      ({ id, label }) =>
        html`<li><a class="button other" href="/connect/${startToken}?integration=${id}">${label}</a></li>`,
    )}</ul>
${wayOut(outOf(speech))}
<p class="small lead">${say('sign_in.runs', names)}</p>`,
  }
}

/** The service's name; where there are two of one service, what the workspace calls each. */
function labelOf({ id, providerName, label }: Integration, all: Integration[]): string {
  const twice = all.some((other) => other.id !== id && other.providerName === providerName)
  return twice && label !== providerName ? `${providerName} (${label})` : providerName
}

/** There only where a script can make it work. */
const search = ({ say }: Speech): Html => html`<div id="search" hidden>
<label for="words">${say('pick.search')}</label>
<input id="words" type="search" autocomplete="off" spellcheck="false">
<p class="small lead" id="nothing" role="status" hidden>${say('pick.nothing')}</p>
</div>`

const searchScript = `
(function () {
  var words = document.getElementById('words');
  var nothing = document.getElementById('nothing');
  var picks = [].slice.call(document.querySelectorAll('.picks li'));
  document.getElementById('search').hidden = false;
  words.addEventListener('input', function () {
    var wanted = words.value.trim().toLowerCase();
    var left = picks.filter(function (pick) {
      var fits = pick.textContent.toLowerCase().indexOf(wanted) >= 0;
      pick.hidden = !fits;
      return fits;
    });
    nothing.hidden = left.length > 0;
  });
})();
`
