import { convert, type DomNode, type FormatCallback } from 'html-to-text'
import type { Json } from './evaluate.ts'

/**
 * What is read of one HTML. Anybody may have written it, a mail's sender say, and both the parser and what walks its tree
 * take the square of tags within tags: these keep the worst that can be written at a tenth of a second, and are more
 * than a model is shown.
 */
const mostCharacters = 100_000
const mostTags = 3_000
const deepest = 200
/** Each line within so many quotes and lists has their marks before it; deeper ones add none. */
const mostMarks = 5

/** HTML as a reader sees it, without scripts, styles and images; links keep their address. */
export function htmlText(html: Json | undefined): Json {
  if (typeof html !== 'string') return null
  const begun = bounded(html)
  const text = convert(begun, {
    wordwrap: false,
    selectors: [
      { selector: 'img', format: 'skip' },
      { selector: 'a', options: { hideLinkHrefIfSameAsText: true, ignoreHref: false } },
      { selector: 'blockquote', format: 'marked' },
      { selector: 'ul', format: 'marked' },
      { selector: 'ol', format: 'marked' },
    ],
    formatters: { marked },
    limits: { maxDepth: deepest },
  })
  return begun.length < html.length ? `${text} … (too long to be read to its end)` : text
}

/** The beginning, up to so many characters and tags. */
function bounded(html: string): string {
  const begun = html.slice(0, mostCharacters)
  let at = -1
  for (let tags = 0; tags <= mostTags; tags++) {
    at = begun.indexOf('<', at + 1)
    if (at === -1) return begun
  }
  return begun.slice(0, at)
}

const formats: Record<string, string> = { blockquote: 'blockquote', ul: 'unorderedList', ol: 'orderedList' }

/** Marked as usual; a block like any other where it is too deep for one more mark. */
const marked: FormatCallback = (element, walk, builder, options) => {
  let outside = 0
  for (let around = element.parent as DomNode | null | undefined; around; around = around.parent)
    if (around.name !== undefined && around.name in formats) outside++
  const format = outside < mostMarks ? formats[element.name ?? '']! : 'block'
  builder.options.formatters![format]!(element, walk, builder, options)
}
