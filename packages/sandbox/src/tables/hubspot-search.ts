import type { Rec } from './hubspot-portal.ts'

type Condition = {
  propertyName?: unknown
  operator?: unknown
  value?: unknown
  highValue?: unknown
  values?: unknown
}
type Known = { name: string; type: string }[]

/** The records that a search asks for, in its order; or why it cannot be understood. */
export const matching = (
  recs: Rec[],
  valuesOf: (rec: Rec) => Record<string, string>,
  known: Known,
  body: Record<string, unknown>,
): Rec[] | string => {
  const { query, filterGroups = [], sorts = [] } = body
  if (!Array.isArray(filterGroups) || filterGroups.length > 5) return 'There may be 5 filterGroups at most'
  if (!Array.isArray(sorts) || sorts.length > 1) return 'There may be one sort at most'
  const groups = filterGroups.map(({ filters }: { filters?: Condition[] }) => filters ?? [])
  for (const condition of groups.flat()) {
    const fault = faultOf(condition, known)
    if (fault) return fault
  }
  const words = typeof query === 'string' ? query.toLowerCase().split(/\s+/).filter(Boolean) : []
  const found = recs.filter((rec) => {
    const values = valuesOf(rec)
    const text = Object.values(values).join(' ').toLowerCase()
    return (
      words.every((word) => text.includes(word)) &&
      (groups.length === 0 || groups.some((group) => group.every((condition) => holds(condition, values))))
    )
  })
  const [sort] = sorts as (string | { propertyName?: string; direction?: string })[]
  if (sort === undefined) return found
  const by = typeof sort === 'string' ? sort : sort.propertyName
  if (!known.some(({ name }) => name === by)) return `There was a problem with the sort on ${by}`
  const way = typeof sort === 'object' && sort.direction === 'DESCENDING' ? -1 : 1
  return found.sort((a, b) => way * compare(valuesOf(a)[by!] ?? '', valuesOf(b)[by!] ?? ''))
}

const needs: Record<string, keyof Condition | null> = {
  EQ: 'value',
  NEQ: 'value',
  LT: 'value',
  LTE: 'value',
  GT: 'value',
  GTE: 'value',
  BETWEEN: 'highValue',
  IN: 'values',
  NOT_IN: 'values',
  HAS_PROPERTY: null,
  NOT_HAS_PROPERTY: null,
  CONTAINS_TOKEN: 'value',
  NOT_CONTAINS_TOKEN: 'value',
}

const faultOf = (condition: Condition, known: Known): string | null => {
  const { propertyName, operator } = condition
  const need = needs[String(operator)]
  if (need === undefined) return `Invalid input JSON: ${operator} is not one of the operators`
  if (!known.some(({ name }) => name === propertyName))
    return `There was a problem with the filter on ${propertyName}: the property does not exist`
  if (need !== null && condition[need] === undefined)
    return `There was a problem with the filter on ${propertyName}: operator ${operator} requires ${need}`
  return null
}

const compare = (a: string, b: string): number =>
  a !== '' && b !== '' && !Number.isNaN(Number(a)) && !Number.isNaN(Number(b))
    ? Number(a) - Number(b)
    : a.localeCompare(b)

/** A word, or with `*` a part of one; case does not count. */
const isToken = (pattern: string, word: string): boolean => {
  const parts = pattern.toLowerCase().split('*')
  const text = word.toLowerCase()
  if (parts.length === 1) return text === parts[0]
  let at = 0
  for (const part of parts) {
    const found = text.indexOf(part, at)
    if (found < 0 || (at === 0 && part === parts[0] && found !== 0)) return false
    at = found + part.length
  }
  return text.endsWith(parts.at(-1)!)
}

const holds = (
  { propertyName, operator, value, highValue, values }: Condition,
  all: Record<string, string>,
): boolean => {
  const has = all[String(propertyName)]
  const wanted = String(value ?? '')
  const list = Array.isArray(values) ? values.map(String) : []
  const contains = () => [has!, ...has!.split(/[\s@.]+/)].some((word) => isToken(wanted, word))
  switch (operator) {
    case 'HAS_PROPERTY':
      return has !== undefined
    case 'NOT_HAS_PROPERTY':
      return has === undefined
    case 'NEQ':
      return has !== wanted
    case 'NOT_IN':
      return has === undefined || !list.includes(has.toLowerCase())
    case 'NOT_CONTAINS_TOKEN':
      return has === undefined || !contains()
  }
  if (has === undefined) return false
  switch (operator) {
    case 'EQ':
      return has.toLowerCase() === wanted.toLowerCase()
    case 'LT':
      return compare(has, wanted) < 0
    case 'LTE':
      return compare(has, wanted) <= 0
    case 'GT':
      return compare(has, wanted) > 0
    case 'GTE':
      return compare(has, wanted) >= 0
    case 'BETWEEN':
      return compare(has, wanted) >= 0 && compare(has, String(highValue)) <= 0
    case 'IN':
      return list.includes(has.toLowerCase())
    default:
      return contains()
  }
}
