import { translateSentence } from '@grantry/providers'
import type { Context } from '../context.ts'
import { type Html, html } from '../http/html.ts'
import type { Speech } from '../languages/speech.ts'

/** Scopes as sentences below `lead`; where the catalogue has none, as what the provider calls them. */
export function permissions(
  ctx: Pick<Context, 'catalogue'>,
  provider: string | null,
  scopes: string[],
  { language }: Pick<Speech, 'language'>,
  lead: string,
): Html | null {
  if (scopes.length === 0) return null
  const presets = provider === null ? undefined : ctx.catalogue.get(provider)?.scopes
  const sentences = new Map(
    [...(presets?.always ?? []), ...(presets?.write ?? []), ...(presets?.read ?? [])].map(
      ({ scope, sentence }) => [scope, translateSentence(sentence, language)],
    ),
  )
  // Two scopes may be one and the same to people.
  const said = [...new Map(scopes.map((scope) => [sentences.get(scope) ?? scope, scope])).values()]
  return html`<p>${lead}</p>
<ul>${said.map((scope) => html`<li>${sentences.get(scope) ?? html`<code>${scope}</code>`}</li>`)}</ul>`
}
