/** A list as people write it: separated by spaces or commas. Scopes hold neither. */
export function readList(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean)
}
