import type { GraphqlDocument, GraphqlField, GraphqlValue } from './graphql-document.ts'

/** The part of a service's schema that is played. Types are written as in GraphQL: `[Issue!]!`. */
export type GraphqlSchema = {
  /** Object type → field → its type, or `[type, arguments]`. */
  types: Record<string, Record<string, string | [type: string, args: Record<string, string>]>>
  /** Input type → field → its type. */
  inputs: Record<string, Record<string, string>>
  enums: Record<string, readonly string[]>
}

/** What a validation refuses, in the words of graphql-js. */
export class GraphqlFault extends Error {
  override readonly name = 'GraphqlFault'
}

const named = (type: string) => type.replaceAll(/[[\]!]/g, '')
const scalars: Record<string, (value: unknown) => boolean> = {
  ID: (value) => typeof value === 'string' || Number.isInteger(value),
  String: (value) => typeof value === 'string',
  Int: (value) => Number.isInteger(value),
  Float: (value) => typeof value === 'number',
  Boolean: (value) => typeof value === 'boolean',
  DateTimeOrDuration: (value) => typeof value === 'string',
  TimelessDate: (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value),
}

/**
 * Runs a valid operation over plain values: a field that is a function is called with its arguments. All of it is held
 * against the schema first, variables too.
 * @throws GraphqlFault
 */
export const answerGraphql = (
  schema: GraphqlSchema,
  { kind, variables, fields }: GraphqlDocument,
  given: Record<string, unknown>,
  root: Record<string, unknown>,
): Record<string, unknown> => {
  for (const [name, type] of Object.entries(variables)) {
    if (!(named(type) in scalars) && !(named(type) in schema.inputs) && !(named(type) in schema.enums))
      throw new GraphqlFault(`Unknown type "${named(type)}".`)
    checkInput(schema, type, given[name], `$${name}`)
  }
  const type = kind === 'query' ? 'Query' : 'Mutation'
  checkFields(schema, type, fields, variables)
  return Object.fromEntries(fields.map((field) => [field.as, resolve(field, root, given)]))
}

const checkInput = (schema: GraphqlSchema, type: string, value: unknown, at: string): void => {
  const wrong = (why: string) =>
    new GraphqlFault(`Variable "${at}" got invalid value ${JSON.stringify(value)}; ${why}`)
  if (value === undefined || value === null) {
    if (type.endsWith('!'))
      throw new GraphqlFault(`Variable "${at}" of required type "${type}" was not provided.`)
    return
  }
  const bare = type.replace(/!$/, '')
  if (bare.startsWith('[')) {
    if (!Array.isArray(value)) throw wrong(`Expected type "${bare}" to be a list.`)
    for (const item of value) checkInput(schema, bare.slice(1, -1), item, at)
    return
  }
  const fields = schema.inputs[bare]
  if (!fields) {
    const fits = schema.enums[bare]?.includes(value as string) ?? scalars[bare]?.(value) ?? false
    if (!fits) throw wrong(`${bare} cannot represent value: ${JSON.stringify(value)}`)
    return
  }
  if (typeof value !== 'object') throw wrong(`Expected type "${bare}" to be an object.`)
  for (const name of Object.keys(value))
    if (!(name in fields)) throw wrong(`Field "${name}" is not defined by type "${bare}".`)
  for (const [name, fieldType] of Object.entries(fields))
    checkInput(schema, fieldType, (value as Record<string, unknown>)[name], `${at}.${name}`)
}

const checkFields = (
  schema: GraphqlSchema,
  type: string,
  fields: GraphqlField[],
  variables: Record<string, string>,
): void => {
  for (const field of fields) {
    const facts = schema.types[type]?.[field.name]
    if (facts === undefined) throw new GraphqlFault(`Cannot query field "${field.name}" on type "${type}".`)
    const [fieldType, args] = typeof facts === 'string' ? [facts, {}] : facts
    for (const [name, value] of Object.entries(field.args)) {
      const wanted = args[name]
      if (wanted === undefined)
        throw new GraphqlFault(`Unknown argument "${name}" on field "${type}.${field.name}".`)
      checkUse(schema, wanted, value, variables, name)
    }
    for (const [name, wanted] of Object.entries(args))
      if (wanted.endsWith('!') && !(name in field.args))
        throw new GraphqlFault(
          `Field "${field.name}" argument "${name}" of type "${wanted}" is required, but it was not provided.`,
        )
    const inner = named(fieldType)
    if (inner in schema.types) {
      if (!field.fields)
        throw new GraphqlFault(
          `Field "${field.name}" of type "${fieldType}" must have a selection of subfields.`,
        )
      checkFields(schema, inner, field.fields, variables)
    } else if (field.fields)
      throw new GraphqlFault(
        `Field "${field.name}" must not have a selection since type "${fieldType}" has no subfields.`,
      )
  }
}

const checkUse = (
  schema: GraphqlSchema,
  wanted: string,
  value: GraphqlValue,
  variables: Record<string, string>,
  at: string,
): void => {
  if ('variable' in value) {
    const declared = variables[value.variable]
    if (declared === undefined) throw new GraphqlFault(`Variable "$${value.variable}" is not defined.`)
    if (declared !== wanted && declared !== `${wanted}!`)
      throw new GraphqlFault(
        `Variable "$${value.variable}" of type "${declared}" used in position expecting type "${wanted}".`,
      )
  } else checkInput(schema, wanted, plain(value, {}), at)
}

const plain = (value: GraphqlValue, given: Record<string, unknown>): unknown => {
  if ('variable' in value) return given[value.variable]
  if ('literal' in value) return value.literal
  if ('list' in value) return value.list.map((item) => plain(item, given))
  return Object.fromEntries(Object.entries(value.object).map(([name, item]) => [name, plain(item, given)]))
}

const resolve = (
  field: GraphqlField,
  parent: Record<string, unknown>,
  given: Record<string, unknown>,
): unknown => {
  const held = parent[field.name]
  const args = Object.fromEntries(
    Object.entries(field.args).map(([name, value]) => [name, plain(value, given)]),
  )
  return pick(typeof held === 'function' ? held(args) : held, field.fields, given)
}

const pick = (value: unknown, fields: GraphqlField[] | null, given: Record<string, unknown>): unknown => {
  if (Array.isArray(value)) return value.map((item) => pick(item, fields, given))
  if (fields === null || typeof value !== 'object' || value === null) return value ?? null
  const parent = value as Record<string, unknown>
  return Object.fromEntries(fields.map((field) => [field.as, resolve(field, parent, given)]))
}
