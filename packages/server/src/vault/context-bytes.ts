/**
 * Names what a sealed value is for, as authenticated data. Each field carries its length, so that no two lists of
 * fields give the same bytes. The first names the purpose and its version.
 */
export function contextBytes(...fields: readonly string[]): Buffer {
  let text = ''
  for (const field of fields) text += `${Buffer.byteLength(field)}:${field}`
  return Buffer.from(text)
}
