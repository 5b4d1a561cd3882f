import type { Catalogue } from './catalogue.ts'
import type { Provider } from './provider.ts'
import { providerEntry } from './provider-entry.ts'

export type CatalogueFault = { name: string; path: string; message: string }

/** Overrides that do not make valid entries: every fault, each with the entry's name and the path within it. */
export class CatalogueError extends Error {
  override readonly name = 'CatalogueError'
  readonly faults: CatalogueFault[]

  constructor(faults: CatalogueFault[]) {
    super(
      [
        'Provider catalogue:',
        ...faults.map(({ name, path, message }) => `  ${name}${path && `.${path}`}: ${message}`),
      ].join('\n'),
    )
    this.faults = faults
  }
}

/**
 * The catalogue with each override merged over the entry of its name, or added where there is none. Objects merge
 * field by field and null takes a field away, as in a JSON merge patch (RFC 7396); everything else replaces. Throws
 * {@link CatalogueError}; `base` is left as it is.
 *
 * @example mergeCatalogue(catalogue, { gmail: { token_url: 'http://127.0.0.1:7010/gmail/token' } })
 */
export function mergeCatalogue(base: Catalogue, overrides: Record<string, unknown>): Catalogue {
  const merged = new Map(base)
  const faults: CatalogueFault[] = []
  for (const [name, override] of Object.entries(overrides)) {
    if (!isPlain(override)) {
      faults.push({ name, path: '', message: 'must be an object' })
      continue
    }
    const parsed = judge(merge(base.get(name) ?? { name }, override), base.get(name))
    if (!parsed.success) {
      const found = parsed.error.issues.flatMap((issue) => {
        const at =
          issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path]
        const message = issue.code === 'unrecognized_keys' ? 'no such field' : issue.message
        return at.map((path) => ({ name, path: path.join('.'), message }))
      })
      faults.push(...found)
    } else if (parsed.data.name !== name) {
      faults.push({ name, path: 'name', message: 'must be the name that the entry is under' })
    } else {
      merged.set(name, parsed.data)
    }
  }
  if (faults.length > 0) throw new CatalogueError(faults)
  return merged
}

/** The tools are most of an entry, and few overrides touch them: those of the entry before have been judged. */
function judge(entry: Record<string, unknown>, before: Provider | undefined) {
  const { tools, ...rest } = entry
  if (!before?.tools || tools !== before.tools) return providerEntry.safeParse(entry)
  const parsed = providerEntry.safeParse(rest)
  return parsed.success ? { ...parsed, data: { ...parsed.data, tools: before.tools } } : parsed
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function merge(base: object, patch: Record<string, unknown>): Record<string, unknown> {
  const result = new Map<string, unknown>(Object.entries(base))
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) result.delete(key)
    else if (isPlain(value)) {
      const before = result.get(key)
      result.set(key, merge(isPlain(before) ? before : {}, value))
    } else result.set(key, value)
  }
  // fromEntries defines its keys: one named __proto__ stays a key, which the schema then refuses.
  return Object.fromEntries(result)
}
