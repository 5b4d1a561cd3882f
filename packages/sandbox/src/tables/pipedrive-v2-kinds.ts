import type { ApiCall } from '../provider-table.ts'
import { companyOf, rfcTime } from './pipedrive-answers.ts'
import { fields, type KindName, pipelines, type Row, stages } from './pipedrive-book.ts'

/** Why a value is refused, or null. */
type Check = (value: unknown, call: ApiCall) => string | null

/** One kind of record of API v2. */
export type Kind = {
  many: KindName
  one: 'deal' | 'person' | 'organization' | 'activity'
  scope: 'deals' | 'contacts' | 'activities'
  required: string | null
  /** What may be set, and how it must be: v2 coerces nothing. */
  checks: Record<string, Check>
  /** What a new one has where nothing is said. */
  fresh: (call: ApiCall) => Record<string, unknown>
  present: (row: Row) => Record<string, unknown>
  filters: string[]
}

const text: Check = (value) => (typeof value === 'string' ? null : 'must be a string')
const number: Check = (value) => (typeof value === 'number' ? null : 'must be a number')
const integer: Check = (value) => (Number.isInteger(value) ? null : 'must be an integer')
const boolean: Check = (value) => (typeof value === 'boolean' ? null : 'must be a boolean')
const oneOf =
  (...known: unknown[]): Check =>
  (value) =>
    known.includes(value) ? null : `must be one of: ${known.join(', ')}`
const like =
  (form: RegExp): Check =>
  (value) =>
    typeof value === 'string' && form.test(value) ? null : 'is not in a valid format'
const listOf =
  (check: Check): Check =>
  (value, call) =>
    Array.isArray(value)
      ? (value.map((item) => check(item, call)).find((fault) => fault) ?? null)
      : 'must be an array'
const object: Check = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? null : 'must be an object'
const orNull =
  (check: Check): Check =>
  (value, call) =>
    value === null ? null : check(value, call)
const ref =
  (many: KindName): Check =>
  (value, call) =>
    companyOf(call)[many].some(({ id }) => id === value) ? null : 'was not found'
const date = like(/^\d{4}-\d\d-\d\d$/)
const time = like(/^\d\d:\d\d(:\d\d)?$/)
const contact = listOf((value, call) => {
  const { value: inner, primary, label } = (value ?? {}) as Record<string, unknown>
  return (
    text(inner, call) ??
    (primary === undefined ? null : boolean(primary, call)) ??
    (label === undefined ? null : text(label, call))
  )
})
const customFields =
  (of: 'deal' | 'person' | 'organization'): Check =>
  (value, call) => {
    const fault = object(value, call)
    if (fault) return fault
    const known = fields[of].filter(({ custom }) => custom).map(({ field_code }) => field_code)
    const unknown = Object.keys(value as object).find((code) => !known.includes(code))
    return unknown === undefined ? null : `${unknown}: is not allowed`
  }

const common = (row: Row) => ({
  id: row.id,
  owner_id: row.owner_id,
  add_time: rfcTime(row.add_time),
  update_time: rfcTime(row.update_time),
  is_deleted: false,
})
export const taken = (row: Row, names: string[]) =>
  Object.fromEntries(names.map((name) => [name, row[name] ?? null]))
const own = (row: Row) => ({
  visible_to: 3,
  label_ids: row.label_ids ?? [],
  custom_fields: row.custom_fields ?? {},
})

export const nameOf = (row: Row) => String(row.title ?? row.name ?? row.subject)

export const kinds: Kind[] = [
  {
    many: 'deals',
    one: 'deal',
    scope: 'deals',
    required: 'title',
    checks: {
      title: text,
      value: number,
      currency: like(/^[A-Z]{3}$/),
      owner_id: integer,
      person_id: orNull(ref('persons')),
      org_id: orNull(ref('organizations')),
      pipeline_id: oneOf(...pipelines.map(({ id }) => id)),
      stage_id: oneOf(...stages.map(({ id }) => id)),
      status: oneOf('open', 'won', 'lost'),
      probability: integer,
      lost_reason: text,
      expected_close_date: date,
      visible_to: integer,
      label_ids: listOf(integer),
      custom_fields: customFields('deal'),
    },
    fresh: () => ({ status: 'open', value: 0, currency: 'EUR', pipeline_id: 1, stage_id: 1 }),
    present: (row) => ({
      ...common(row),
      ...taken(row, [
        'title',
        'value',
        'currency',
        'status',
        'person_id',
        'org_id',
        'pipeline_id',
        'stage_id',
        'probability',
        'lost_reason',
        'expected_close_date',
      ]),
      won_time: rfcTime(row.won_time),
      lost_time: rfcTime(row.lost_time),
      is_archived: false,
      ...own(row),
    }),
    filters: ['owner_id', 'person_id', 'org_id', 'pipeline_id', 'stage_id', 'status'],
  },
  {
    many: 'persons',
    one: 'person',
    scope: 'contacts',
    required: 'name',
    checks: {
      name: text,
      emails: contact,
      phones: contact,
      owner_id: integer,
      org_id: orNull(ref('organizations')),
      visible_to: integer,
      label_ids: listOf(integer),
      custom_fields: customFields('person'),
    },
    fresh: () => ({ emails: [], phones: [] }),
    present: (row) => ({
      ...common(row),
      ...taken(row, ['name', 'org_id']),
      emails: row.emails ?? [],
      phones: row.phones ?? [],
      ...own(row),
    }),
    filters: ['owner_id', 'org_id', 'deal_id'],
  },
  {
    many: 'organizations',
    one: 'organization',
    scope: 'contacts',
    required: 'name',
    checks: {
      name: text,
      address: object,
      website: orNull(text),
      annual_revenue: orNull(number),
      employee_count: orNull(integer),
      owner_id: integer,
      visible_to: integer,
      label_ids: listOf(integer),
      custom_fields: customFields('organization'),
    },
    fresh: () => ({}),
    present: (row) => ({
      ...common(row),
      ...taken(row, ['name', 'address', 'website', 'industry', 'annual_revenue', 'employee_count']),
      ...own(row),
    }),
    filters: ['owner_id'],
  },
  {
    many: 'activities',
    one: 'activity',
    scope: 'activities',
    required: null,
    checks: {
      subject: text,
      type: text,
      owner_id: integer,
      deal_id: ref('deals'),
      // Set by way of the primary participant.
      person_id: () => 'is a read-only field. Add a primary participant to set person_id instead.',
      org_id: ref('organizations'),
      due_date: date,
      due_time: time,
      duration: time,
      busy: boolean,
      done: boolean,
      location: object,
      participants: listOf((value, call) => {
        const { person_id, primary } = (value ?? {}) as Record<string, unknown>
        return ref('persons')(person_id, call) ?? (primary === undefined ? null : boolean(primary, call))
      }),
      public_description: text,
      note: text,
    },
    fresh: () => ({ subject: 'Call', type: 'call', done: false }),
    present: (row) => {
      const participants = (row.participants ?? []) as { person_id: number; primary?: boolean }[]
      return {
        ...common(row),
        ...taken(row, [
          'subject',
          'type',
          'done',
          'due_date',
          'due_time',
          'duration',
          'deal_id',
          'org_id',
          'location',
          'public_description',
          'note',
        ]),
        person_id: participants.find(({ primary }) => primary)?.person_id ?? null,
        participants,
        creator_user_id: row.owner_id,
        marked_as_done_time: row.done ? rfcTime(row.update_time) : null,
      }
    },
    filters: ['owner_id', 'deal_id', 'person_id', 'org_id', 'done'],
  },
]
