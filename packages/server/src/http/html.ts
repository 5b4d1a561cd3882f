const raw = Symbol('html')

/** Markup that is safe to put into markup. */
export type Html = { [raw]: string }

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Template tag: everything put in is escaped, but what is markup already. Lists are joined, null is nothing. */
export function html(strings: TemplateStringsArray, ...values: unknown[]): Html {
  return { [raw]: strings.reduce((out, part, i) => out + toMarkup(values[i - 1]) + part) }
}

export function render(markup: Html): string {
  return markup[raw]
}

/** A JSON value inside a script element: nothing in it can end the element. */
export function scriptJson(value: unknown): Html {
  const text = JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029')
  return { [raw]: text }
}

/** Text of our own source code (a style sheet, a script), put in as it is. Never for anything that came from outside. */
export function ownSource(text: string): Html {
  return { [raw]: text }
}

function toMarkup(value: unknown): string {
  if (value === null || value === undefined || value === false) return ''
  if (Array.isArray(value)) return value.map(toMarkup).join('')
  if (typeof value === 'object' && raw in value) return (value as Html)[raw]
  return String(value).replace(/[&<>"']/g, (character) => escapes[character] ?? character)
}
