/** What a spreadsheet takes for the beginning of a formula, also behind blanks. */
const formula = /^(\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r])/

/**
 * One record of a CSV file (RFC 4180), with its line break. A text that a spreadsheet would run begins with an apostrophe
 * instead, as people mark text there.
 */
export function writeCsv(cells: readonly (string | null)[]): string {
  return `${cells.map(writeCell).join(',')}\r\n`
}

function writeCell(value: string | null): string {
  if (value === null) return ''
  const text = formula.test(value) ? `'${value}` : value
  return /[",\r\n']|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
