const wide =
  /\p{Emoji_Presentation}|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|[\uff01-\uff60]/u

/** How many columns of a terminal a text takes. */
export function textWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length
  let width = 0
  // Made here: its tables are loaded with it, which most commands never need.
  for (const { segment } of new Intl.Segmenter().segment(text)) width += wide.test(segment) ? 2 : 1
  return width
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through
const commands = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/**
 * One line that a terminal prints and does not obey: names come from end users and providers, and escape sequences in
 * them could hide or fake what is shown.
 */
export function printable(value: unknown): string {
  if (value === null || value === undefined || value === '') return '-'
  return String(value).replace(commands, '?')
}

/** The same for text of several lines. */
export const printableText = (text: string): string =>
  text.replace(commands, (letter) => (letter === '\n' || letter === '\t' ? letter : '?'))
