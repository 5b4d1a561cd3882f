/**
 * The value at a dotted path of own properties (`authed_user.access_token`, `data.0.id`); undefined where the path
 * ends early. A property whose name holds the dots itself wins.
 */
export function readPath(value: unknown, path: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  if (Object.hasOwn(value, path)) return (value as Record<string, unknown>)[path]
  let at: unknown = value
  for (const name of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined
    at = (at as Record<string, unknown>)[name]
  }
  return at
}

/** Strings, numbers and booleans at named paths, as strings; whatever else is there is left out. */
export function readMetadata(value: unknown, paths: Record<string, string> = {}): Record<string, string> {
  const metadata: Record<string, string> = {}
  for (const [name, path] of Object.entries(paths)) {
    const text = asText(readPath(value, path))
    if (text !== null) metadata[name] = text
  }
  return metadata
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const control = /[\u0000-\u001f\u007f-\u009f]/

/** A short value that may be stored and shown, or null: no control characters, at most 2,000 characters. */
export function asText(value: unknown): string | null {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'string' && value !== '' && value.length <= 2000 && !control.test(value)
    ? value
    : null
}
