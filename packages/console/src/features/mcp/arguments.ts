/** One argument of a tool, as the form asks for it. */
export type Argument = {
  name: string
  kind: 'line' | 'text' | 'number' | 'boolean' | 'choice' | 'json'
  required: boolean
  description: string
  /** What is taken where nothing is given; null where the schema names nothing. */
  fallback: string | null
  /** Of a choice: each as JSON, and as people read it. */
  choices: { value: string; label: string }[]
  /** How it is to be written, where that is not plain. */
  example: string | null
}

/** What is typed, by the argument's name. Empty: not given. */
export type Typed = Record<string, string>

type Schema = Record<string, unknown>

/** A text of more characters than this is given room. */
const longestLine = 1000

/** The arguments that a JSON Schema of a tool names, in its order. */
export function readArguments(schema: Schema): Argument[] {
  const required = new Set(Array.isArray(schema.required) ? schema.required : [])
  return Object.entries((schema.properties ?? {}) as Record<string, Schema>).map(([name, property]) => ({
    name,
    kind: kindOf(property),
    required: required.has(name),
    description: typeof property.description === 'string' ? property.description : '',
    fallback: property.default === undefined ? null : plain(property.default),
    choices: Array.isArray(property.enum)
      ? property.enum.map((value) => ({ value: JSON.stringify(value), label: plain(value) }))
      : [],
    example: exampleOf(property),
  }))
}

/**
 * What is sent; what is not given is left out.
 * @returns the arguments, or what is wrong by the argument's name
 */
export function toArguments(
  known: Argument[],
  typed: Typed,
): { arguments: Record<string, unknown> } | { faults: Record<string, string> } {
  const given: Record<string, unknown> = {}
  const faults: Record<string, string> = {}
  for (const { name, kind, required } of known) {
    const text = typed[name] ?? ''
    if (text.trim() === '') {
      if (required) faults[name] = 'This is needed.'
      continue
    }
    const value = read(kind, text)
    if (value === undefined) faults[name] = kind === 'number' ? 'This is no number.' : 'This is no JSON.'
    else given[name] = value
  }
  return Object.keys(faults).length > 0 ? { faults } : { arguments: given }
}

/** undefined for what cannot be read. */
function read(kind: Argument['kind'], text: string): unknown {
  if (kind === 'line' || kind === 'text') return text
  if (kind === 'number') return Number.isFinite(Number(text)) ? Number(text) : undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function kindOf({ type, enum: choices, format, maxLength }: Schema): Argument['kind'] {
  if (Array.isArray(choices)) return 'choice'
  if (type === 'boolean') return 'boolean'
  if (type === 'integer' || type === 'number') return 'number'
  if (type !== 'string') return 'json'
  return format !== undefined || (typeof maxLength === 'number' && maxLength <= longestLine) ? 'line' : 'text'
}

function exampleOf({ type, format, items }: Schema): string | null {
  if (format === 'date') return '2026-03-31'
  if (format === 'date-time') return '2026-03-31T09:00:00Z'
  if (type === 'array')
    return (items as Schema | undefined)?.type === 'object' ? '[{"…": "…"}]' : '["…", "…"]'
  if (type === 'object') return '{"…": "…"}'
  return null
}

const plain = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
