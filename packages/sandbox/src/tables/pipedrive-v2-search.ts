import type { Answer } from '../answer.ts'
import type { ApiCall } from '../provider-table.ts'
import { companyOf, pagesByCursor, refused } from './pipedrive-answers.ts'
import { type Row, stages } from './pipedrive-book.ts'
import { type Kind, nameOf, taken } from './pipedrive-v2-kinds.ts'

/** Words that a search looks into, by the field they stand in. */
const wordsOf = (kind: Kind, row: Row, call: ApiCall): Record<string, string[]> => {
  const values = (list: unknown) => ((list ?? []) as { value: string }[]).map(({ value }) => value)
  return {
    [kind.one === 'deal' ? 'title' : 'name']: [nameOf(row)],
    email: values(row.emails),
    phone: values(row.phones),
    address: row.address ? [(row.address as { value: string }).value] : [],
    notes: companyOf(call)
      .notes.filter(
        (note) =>
          note[kind.one === 'deal' ? 'deal_id' : kind.one === 'person' ? 'person_id' : 'org_id'] === row.id,
      )
      .map(({ content }) => content),
    custom_fields: Object.values((row.custom_fields ?? {}) as object).filter(
      (value) => typeof value === 'string',
    ),
  }
}

export const search =
  (kind: Kind) =>
  (call: ApiCall): Answer => {
    const { query } = call
    const exact = query.get('exact_match') === 'true'
    const term = (query.get('term') ?? '').toLowerCase()
    if (term.length < (exact ? 1 : 2))
      return refused(400, 'Validation failed: term: must be at least 2 characters long')
    const match = (word: string) => (exact ? word.toLowerCase() === term : word.toLowerCase().includes(term))
    const rows = companyOf(call)
      [kind.many].filter((row) =>
        Object.values(wordsOf(kind, row, call))
          .flat()
          .some(match),
      )
      .filter((row) =>
        ['status', 'person_id'].every(
          (name) => query.get(name) === null || query.get(name) === String(row[name]),
        ),
      )
      .filter(
        (row) => query.get('organization_id') === null || query.get('organization_id') === String(row.org_id),
      )
    return pagesByCursor(
      rows,
      query,
      (row) => ({ result_score: 0.5, item: itemOf(kind, row, call, match) }),
      (items) => ({ items }),
    )
  }

/** An item of a search, which is not shaped as the record is. */
const itemOf = (kind: Kind, row: Row, call: ApiCall, match: (word: string) => boolean) => {
  const words = wordsOf(kind, row, call)
  const linked = (many: 'persons' | 'organizations', id: unknown) => {
    const other = companyOf(call)[many].find((one) => one.id === id)
    return other ? { id: other.id, name: other.name, address: null } : null
  }
  const matching = { custom_fields: words.custom_fields!.filter(match), notes: words.notes!.filter(match) }
  const shared = { id: row.id, type: kind.one, visible_to: 3, owner: { id: row.owner_id }, ...matching }
  if (kind.one === 'deal')
    return {
      ...shared,
      ...taken(row, ['title', 'value', 'currency', 'status']),
      stage: { id: row.stage_id, name: stages.find(({ id }) => id === row.stage_id)?.name },
      person: linked('persons', row.person_id),
      organization: linked('organizations', row.org_id),
      is_archived: false,
    }
  if (kind.one === 'person')
    return {
      ...shared,
      name: row.name,
      phones: words.phone,
      emails: words.email,
      organization: linked('organizations', row.org_id),
    }
  return { ...shared, name: row.name, address: words.address![0] ?? null }
}
