import type { Schema } from './document.ts'
import type { Field, NamedType, Type } from './plan.ts'

/** Reads schemas into types. Records are named by `names[path]`, or by `fallback`; one structure has one name. */
export type TypeReader = {
  read(schema: Schema, path: string, fallback: string): Type
  /** A record of these fields, under its name. */
  record(fields: Field[], path: string, fallback: string): Type
  types(): NamedType[]
}

export function createTypeReader(names: Readonly<Record<string, string>>): TypeReader {
  const byStructure = new Map<string, NamedType>()

  function read(schema: Schema, path: string, fallback: string): Type {
    if (schema.const !== undefined) return { kind: 'literal', value: schema.const }
    if (schema.enum) return union(schema.enum.map(literal))
    const choices = schema.anyOf ?? schema.oneOf
    if (choices) return union(choices.map((choice) => read(choice, path, fallback)))
    // An intersection of ours narrows one type by further rules; the rules are the server's to hold.
    if (schema.allOf && !schema.type) return read(schema.allOf[0]!, path, fallback)
    if (Array.isArray(schema.type))
      return union(schema.type.map((type) => read({ ...schema, type }, path, fallback)))
    switch (schema.type) {
      case 'string':
      case 'integer':
      case 'number':
      case 'boolean':
      case 'null':
        return { kind: schema.type }
      case 'array':
        return {
          kind: 'list',
          of: schema.items ? read(schema.items, path, singular(fallback)) : { kind: 'any' },
        }
      case 'object':
        return readObject(schema, path, fallback)
      case undefined:
        return { kind: 'any' }
    }
    throw new Error(`${path}: no type for ${JSON.stringify(schema).slice(0, 200)}`)
  }

  function readObject(schema: Schema, path: string, fallback: string): Type {
    if (!schema.properties || Object.keys(schema.properties).length === 0) {
      const of = schema.additionalProperties
      return { kind: 'map', of: typeof of === 'object' ? read(of, path, fallback) : { kind: 'any' } }
    }
    const name = names[path] ?? fallback
    const fields = Object.entries(schema.properties).map(
      ([field, inner]): Field => ({
        name: field,
        type: read(inner, `${path}.${field}`, name + pascal(field)),
        required: schema.required?.includes(field) ?? false,
        description: inner.description ?? null,
      }),
    )
    return record(fields, path, fallback)
  }

  function record(fields: Field[], path: string, fallback: string): Type {
    const structure = JSON.stringify(fields.map(({ description, ...field }) => field))
    const known = byStructure.get(structure)
    const wanted = names[path]
    if (known && wanted !== undefined && wanted !== known.name)
      throw new Error(`${path}: is called ${known.name} since an earlier path; name that one in typeNames`)
    if (known) return { kind: 'named', name: known.name }
    const name = wanted ?? fallback
    for (const other of byStructure.values())
      if (other.name === name)
        throw new Error(`${path}: two types would be called ${name}; name one in typeNames`)
    byStructure.set(structure, { name, fields })
    return { kind: 'named', name }
  }

  const types = () => [...byStructure.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  return { read, record, types }
}

function literal(value: string | number | boolean | null): Type {
  return value === null ? { kind: 'null' } : { kind: 'literal', value }
}

/** Flat, without doubles, null last. */
function union(choices: Type[]): Type {
  const flat = choices.flatMap((choice) => (choice.kind === 'union' ? choice.of : [choice]))
  const seen = new Map(flat.map((choice) => [JSON.stringify(choice), choice]))
  const of = [...seen.values()].sort((a, b) => Number(a.kind === 'null') - Number(b.kind === 'null'))
  return of.length === 1 ? of[0]! : { kind: 'union', of }
}

export const pascal = (name: string) =>
  name.replace(/(?:^|[_-])([a-z])/g, (_all, first: string) => first.toUpperCase())

const singular = (name: string) => name.replace(/ies$/, 'y').replace(/([^s])s$/, '$1')
