import { type ObjectFacts, type Org, objects, type Row, time } from './salesforce-org.ts'

export type Refusal = { errorCode: string; message: string }
type Found = { object: ObjectFacts; rows: Row[]; fields: string[] }

/**
 * A small part of SOQL: SELECT fields (with one relationship) or COUNT() FROM one object, WHERE conditions joined by AND,
 * ORDER BY one field, LIMIT, OFFSET.
 */
export const runSoql = (soql: string, org: Org): Found | number | Refusal => {
  const parts =
    /^\s*SELECT\s+(.+?)\s+FROM\s+(\w+)(?:\s+WHERE\s+(.+?))?(?:\s+ORDER\s+BY\s+([\w.]+)(?:\s+(ASC|DESC))?)?(?:\s+LIMIT\s+(\d+))?(?:\s+OFFSET\s+(\d+))?\s*$/is.exec(
      soql,
    )
  if (!parts)
    return { errorCode: 'MALFORMED_QUERY', message: `unexpected token: ${soql.trim().slice(0, 40)}` }
  const [, select, from, where, by, way, limit, offset] = parts
  const object = objects.find(({ name }) => name.toLowerCase() === from!.toLowerCase())
  if (!object)
    return {
      errorCode: 'INVALID_TYPE',
      message: `sObject type '${from}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name.`,
    }
  const counting = /^COUNT\(\)$/i.test(select!)
  const fields = counting ? [] : select!.split(',').map((name) => name.trim())
  const conditions = where ? conditionsOf(where) : []
  if (!conditions) return { errorCode: 'MALFORMED_QUERY', message: `unexpected token in WHERE: ${where}` }
  const unknown = [...fields, ...conditions.map(({ field }) => field), ...(by ? [by] : [])].find(
    (name) => !isField(object, name),
  )
  if (unknown)
    return {
      errorCode: 'INVALID_FIELD',
      message: `No such column '${unknown}' on entity '${object.name}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name.`,
    }
  const rows = org.rows[object.name]!.filter((row) =>
    conditions.every((condition) => holds(condition, fieldIn(object, row, condition.field, org))),
  )
  if (by) {
    const sign = way?.toUpperCase() === 'DESC' ? -1 : 1
    rows.sort((a, b) => sign * compare(fieldIn(object, a, by, org), fieldIn(object, b, by, org)))
  }
  const start = Number(offset ?? 0)
  const cut = rows.slice(start, limit === undefined ? undefined : start + Number(limit))
  return counting ? cut.length : { object, rows: cut, fields }
}

const fieldOf = (object: ObjectFacts, name: string) =>
  object.fields.find((field) => field.name.toLowerCase() === name.toLowerCase())
const relationOf = (object: ObjectFacts, name: string) =>
  object.fields.find(({ relationship }) => relationship?.toLowerCase() === name.toLowerCase())

const isField = (object: ObjectFacts, path: string): boolean => {
  const [first, second] = path.split('.')
  return second === undefined ? !!fieldOf(object, first!) : !!relationOf(object, first!)
}

const relatedTo = (
  object: ObjectFacts,
  row: Row,
  name: string,
  org: Org,
): Row | { Id: string; Name: string } | null => {
  const relation = relationOf(object, name)!
  const id = row[relation.name]
  if (relation.refersTo === 'User') return id === org.owner.Id ? org.owner : null
  return org.rows[relation.refersTo!]?.find((other) => other.Id === id) ?? null
}

const fieldIn = (object: ObjectFacts, row: Row, path: string, org: Org): unknown => {
  const [first, second] = path.split('.')
  if (second === undefined) return row[fieldOf(object, first!)!.name] ?? null
  const other = relatedTo(object, row, first!, org) as Record<string, unknown> | null
  return other?.[second] ?? null
}

/** The record as an answer has it: with its attributes, relationships within. */
export const presentRow = (
  { object, fields }: Pick<Found, 'object' | 'fields'>,
  row: Row,
  org: Org,
  version: string,
) => {
  const attributes = (type: string, id: string) => ({
    type,
    url: `/services/data/${version}/sobjects/${type}/${id}`,
  })
  const shown: Record<string, unknown> = { attributes: attributes(object.name, row.Id) }
  for (const path of fields) {
    const [first, second] = path.split('.')
    if (second === undefined) shown[fieldOf(object, first!)!.name] = fieldIn(object, row, path, org)
    else {
      const relation = relationOf(object, first!)!
      const other = relatedTo(object, row, first!, org)
      const within = (shown[relation.relationship!] ?? {
        attributes: other && attributes(relation.refersTo!, other.Id),
      }) as object
      shown[relation.relationship!] = other && { ...within, [second]: fieldIn(object, row, path, org) }
    }
  }
  return shown
}

type Condition = { field: string; operator: string; value: unknown }

const conditionsOf = (where: string): Condition[] | null => {
  const conditions: Condition[] = []
  let rest = where
  for (;;) {
    const part =
      /^\s*([\w.]+)\s*(=|!=|<=|>=|<|>|LIKE)\s*('(?:[^'\\]|\\.)*'|null|true|false|[\w:.+-]+)\s*(?:AND\s+(?=\S)|$)/i.exec(
        rest,
      )
    if (!part) return null
    const [whole, field, operator, literal] = part
    conditions.push({ field: field!, operator: operator!.toUpperCase(), value: literalOf(literal!) })
    rest = rest.slice(whole.length)
    if (rest === '') return conditions
  }
}

const literalOf = (literal: string): unknown => {
  if (literal.startsWith("'")) return literal.slice(1, -1).replace(/\\(.)/g, '$1')
  if (/^(null|true|false)$/i.test(literal)) return JSON.parse(literal.toLowerCase())
  if (/^-?\d+(\.\d+)?$/.test(literal)) return Number(literal)
  return /T/.test(literal) ? time(Date.parse(literal)) : literal
}

const compare = (a: unknown, b: unknown): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : String(a ?? '').localeCompare(String(b ?? ''))

const holds = ({ operator, value }: Condition, has: unknown): boolean => {
  const same =
    typeof has === 'string' && typeof value === 'string'
      ? has.toLowerCase() === value.toLowerCase()
      : has === value
  if (operator === '=') return same
  if (operator === '!=') return !same
  if (has === null || has === undefined) return false
  if (operator === 'LIKE') return isLike(String(value), String(has))
  const order = compare(has, value)
  return operator.startsWith('<')
    ? order < 0 || (order === 0 && operator === '<=')
    : order > 0 || (order === 0 && operator === '>=')
}

/** `%` stands for anything, `_` for one character; case does not count. */
const isLike = (pattern: string, text: string): boolean => {
  const source = [...pattern].map((one) =>
    one === '%' ? '.*' : one === '_' ? '.' : one.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'),
  )
  return new RegExp(`^${source.join('')}$`, 'is').test(text)
}
