/** A filter of a data source's query: `and`, `or`, or one condition on a property. */
export type Filter = { and?: Filter[]; or?: Filter[]; property?: string } & Record<string, unknown>

type Values = Record<string, Record<string, unknown> & { type: string }>

/**
 * Whether a row passes. Facts from developers.notion.com/reference/filter-data-source-entries.
 * @throws Error with the API's words for a filter that it would refuse
 */
export const matches = (values: Values, filter: Filter): boolean => {
  if (filter.and) return filter.and.every((one) => matches(values, one))
  if (filter.or) return filter.or.some((one) => matches(values, one))
  const value = values[filter.property ?? '']
  if (!value) throw new Error(`Could not find property with name or id: ${filter.property}`)
  const condition = filter[value.type] as Record<string, unknown> | undefined
  if (!condition) throw new Error(`database property ${filter.property} ${value.type} does not match filter`)
  const [[operator, wanted] = []] = Object.entries(condition)
  const held = comparable(value[value.type])
  switch (operator) {
    case 'equals':
      return held === wanted
    case 'does_not_equal':
      return held !== wanted
    case 'contains':
      return Array.isArray(held) ? held.includes(wanted) : String(held ?? '').includes(String(wanted))
    case 'greater_than':
      return typeof held === 'number' && held > Number(wanted)
    case 'on_or_before':
      return typeof held === 'string' && held <= String(wanted)
    case 'is_empty':
      return held === null || held === '' || (Array.isArray(held) && held.length === 0)
    case 'is_not_empty':
      return !(held === null || held === '' || (Array.isArray(held) && held.length === 0))
    default:
      throw new Error(`body failed validation: filter.${value.type}.${operator} should be not present.`)
  }
}

/** Texts as one text, choices by their names, dates by their start. */
const comparable = (value: unknown): unknown => {
  if (Array.isArray(value)) {
    const parts = value as { plain_text?: string; name?: string }[]
    return parts.length > 0 && parts[0]!.plain_text === undefined
      ? parts.map(({ name }) => name)
      : parts.map(({ plain_text }) => plain_text).join('')
  }
  if (typeof value !== 'object' || value === null) return value
  const { name, start } = value as { name?: string; start?: string }
  return name ?? start ?? null
}
