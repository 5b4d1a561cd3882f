import type { Catalogue } from '@grantry/providers'
import type { Sandbox } from '@grantry/sandbox'

/**
 * The sandbox's addresses as overrides of the catalogue: an address takes the place of one that the entry has, and adds none. What the
 * sandbox plays and the catalogue lacks is left out.
 */
export function sandboxOverrides(
  catalogue: Catalogue,
  providers: Sandbox['providers'],
): Record<string, Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(providers).flatMap(([name, override]) => {
      const entry = catalogue.get(name)
      return entry ? [[name, inPlaceOf(entry, override)]] : []
    }),
  )
}

function inPlaceOf(entry: object, override: object): Record<string, unknown> {
  const before = new Map<string, unknown>(Object.entries(entry))
  return Object.fromEntries(
    Object.entries(override)
      .filter(([key]) => before.has(key))
      .map(([key, value]: [string, unknown]) => {
        const replaced = before.get(key)
        return isPlain(value) && isPlain(replaced) ? [key, inPlaceOf(replaced, value)] : [key, value]
      }),
  )
}

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
