/** The part of GraphQL that account lookups and first calls use: fields, without aliases, fragments and directives. */
export type Selection = { name: string; fields: Selection[] }

/** Null where the braces do not match. Arguments are passed over. */
export const parseSelection = (query: string): Selection[] | null => {
  const start = query.indexOf('{', query.search(/\)\s*\{|\{/))
  if (start < 0) return null
  const bare = query.slice(start).replace(/\((?:[^()"]|"[^"]*")*\)/g, ' ')
  const tokens = bare.match(/[{}]|\w+/g) ?? []
  const stack: Selection[][] = []
  let root: Selection[] | null = null
  for (const token of tokens) {
    if (token === '{') {
      const fields = stack.at(-1)?.at(-1)?.fields ?? []
      root ??= fields
      stack.push(fields)
    } else if (token === '}') {
      if (!stack.pop()) return null
    } else stack.at(-1)?.push({ name: token, fields: [] })
  }
  return stack.length === 0 ? root : null
}

/** The fields of a value that were asked for; null for those that it lacks. */
export const pickFields = (value: unknown, fields: Selection[]): unknown => {
  if (Array.isArray(value)) return value.map((item) => pickFields(item, fields))
  if (typeof value !== 'object' || value === null) return value
  const record = value as Record<string, unknown>
  return Object.fromEntries(
    fields.map((field) => [field.name, pickFields(record[field.name] ?? null, field.fields)]),
  )
}
