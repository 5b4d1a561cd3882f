/** A type, reduced to what every language can say. Records are named: one stands in `Plan.types`. */
export type Type =
  | { kind: 'string' | 'integer' | 'number' | 'boolean' | 'null' | 'any' }
  | { kind: 'literal'; value: string | number | boolean }
  | { kind: 'list'; of: Type }
  /** From text to `of`. */
  | { kind: 'map'; of: Type }
  | { kind: 'union'; of: Type[] }
  | { kind: 'named'; name: string }

export type Field = { name: string; type: Type; required: boolean; description: string | null }

export type NamedType = { name: string; fields: Field[] }

export type Operation = {
  id: string
  /** camelCase, as in the table. */
  resource: string
  method: string
  http: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  /** With OpenAPI's `{param}` placeholders. */
  path: string
  summary: string
  description: string | null
  /** In the order of the path. */
  params: Field[]
  /** A named record of what goes into the query; null where there is nothing to say. */
  query: { type: string; required: boolean } | null
  body: { type: Type; required: boolean } | null
  /** `list` answers `{data: item[], next_cursor}`, `item` answers `{data: item}`. */
  answer: { kind: 'item' | 'list'; item: Type }
  /** Whether a list can be asked for its next page. */
  paged: boolean
}

export type Resource = { name: string; operations: Operation[] }

/** What both SDKs are written from: the OpenAPI document seen through the table of names. */
export type Plan = { resources: Resource[]; types: NamedType[] }
