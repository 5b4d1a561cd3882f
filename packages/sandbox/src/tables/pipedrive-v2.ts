import { type Answer, json } from '../answer.ts'
import type { ApiCall, ApiRoute } from '../provider-table.ts'
import { bodyOf, companyOf, found, nextId, pagesByCursor, refused, rfcTime } from './pipedrive-answers.ts'
import { fields, type KindName, pipelines, type Row, stages, userId } from './pipedrive-book.ts'

type Check = (value: unknown, call: ApiCall) => string | null

type Kind = {
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
const taken = (row: Row, names: string[]) =>
  Object.fromEntries(names.map((name) => [name, row[name] ?? null]))
const own = (row: Row) => ({
  visible_to: 3,
  label_ids: row.label_ids ?? [],
  custom_fields: row.custom_fields ?? {},
})

const kinds: Kind[] = [
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

/** What the body sets, or why it may not. */
const settingOf = (kind: Kind, call: ApiCall): Record<string, unknown> | string => {
  const body = bodyOf(call)
  for (const [name, value] of Object.entries(body)) {
    const check = kind.checks[name]
    const fault = check ? check(value, call) : 'is not allowed'
    if (fault) return `Validation failed: ${name}: ${fault}`
  }
  return body
}

const create =
  (kind: Kind) =>
  (call: ApiCall): Answer => {
    const set = settingOf(kind, call)
    if (typeof set === 'string') return refused(400, set)
    if (kind.required && (typeof set[kind.required] !== 'string' || set[kind.required] === ''))
      return refused(400, `Validation failed: ${kind.required}: is a required field`)
    const row: Row = {
      owner_id: userId(call.account),
      ...kind.fresh(call),
      ...set,
      id: nextId(call),
      add_time: call.now,
      update_time: call.now,
    }
    companyOf(call)[kind.many].push(row)
    call.send({ kind: kind.one, summary: `${kind.one} created: ${nameOf(row)}`, detail: kind.present(row) })
    return json(201, { success: true, data: kind.present(row) })
  }

const update =
  (kind: Kind) =>
  (call: ApiCall): Answer => {
    const row = rowOf(kind, call)
    if (!row) return missing(kind)
    const set = settingOf(kind, call)
    if (typeof set === 'string') return refused(400, set)
    if (set.lost_reason !== undefined && (set.status ?? row.status) !== 'lost')
      return refused(400, 'Validation failed: lost_reason: can only be set if the deal is lost')
    const custom = { ...(row.custom_fields as object), ...(set.custom_fields as object) }
    Object.assign(row, set, { update_time: call.now })
    if (set.custom_fields !== undefined) row.custom_fields = custom
    if (set.status === 'won' || set.status === 'lost') row[`${set.status}_time`] = call.now
    call.send({ kind: kind.one, summary: `${kind.one} changed: ${nameOf(row)}`, detail: kind.present(row) })
    return found(kind.present(row))
  }

const nameOf = (row: Row) => String(row.title ?? row.name ?? row.subject)
const rowOf = ({ many }: Kind, call: ApiCall) =>
  companyOf(call)[many].find(({ id }) => String(id) === call.params.id)
const missing = ({ one }: Kind) => refused(404, `${one[0]!.toUpperCase()}${one.slice(1)} not found.`)

/** The record with the names of options and labels, where they are asked for; only the custom fields asked for. */
const presenting = (kind: Kind, query: URLSearchParams) => (row: Row) => {
  const shown = kind.present(row)
  if (kind.one === 'activity') return shown
  const known = fields[kind.one]
  const wanted = query.get('custom_fields')?.split(',')
  const custom = Object.entries(shown.custom_fields as Record<string, unknown>)
    .filter(([code]) => wanted?.includes(code) ?? true)
    .map(([code, value]) => {
      const options = known.find(({ field_code }) => field_code === code)?.options
      const option = options?.find(({ id }) => id === value)
      return [code, query.get('include_option_labels') === 'true' && option ? option : value]
    })
  const labels = known.find(({ field_code }) => field_code === 'label_ids')?.options ?? []
  return {
    ...shown,
    ...(query.get('include_labels') === 'true'
      ? { labels: labels.filter(({ id }) => (shown.label_ids as number[]).includes(id)) }
      : {}),
    custom_fields: Object.fromEntries(custom),
  }
}

const list =
  (kind: Kind) =>
  (call: ApiCall): Answer => {
    const { query } = call
    const dealOf = companyOf(call).deals.find(({ id }) => String(id) === query.get('deal_id'))
    const holds = (row: Row) =>
      kind.filters.every((name) => {
        const value = query.get(name)
        if (value === null) return true
        if (kind.one === 'person' && name === 'deal_id') return dealOf?.person_id === row.id
        const shown = kind.present(row)[name]
        return value.split(',').includes(String(shown))
      })
    const since = Date.parse(query.get('updated_since') ?? '1970-01-01T00:00:00Z')
    const until = Date.parse(query.get('updated_until') ?? '9999-01-01T00:00:00Z')
    if (Number.isNaN(since) || Number.isNaN(until))
      return refused(400, 'Validation failed: updated_since: must be in RFC3339 format')
    const by = query.get('sort_by') ?? 'id'
    if (!['id', 'update_time', 'add_time', ...(kind.one === 'activity' ? ['due_date'] : [])].includes(by))
      return refused(400, 'Validation failed: sort_by: is invalid')
    const way = query.get('sort_direction') === 'desc' ? -1 : 1
    const rows = companyOf(call)
      [kind.many].filter(holds)
      .filter(({ update_time }) => update_time >= since && update_time < until)
      .sort((a, b) => way * compare(a[by], b[by]))
    return pagesByCursor(rows, query, presenting(kind, query))
  }

const compare = (a: unknown, b: unknown): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : String(a ?? '').localeCompare(String(b ?? ''))

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

const search =
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

const recordRoutes = (kind: Kind): ApiRoute[] => {
  const path = `/api/v2/${kind.many}`
  const reads = [`${kind.scope}:read`, `${kind.scope}:full`]
  const writes = [`${kind.scope}:full`]
  return [
    { method: 'GET', path, endpoint: 'api', scopes: reads, handle: list(kind) },
    { method: 'POST', path, endpoint: 'api', scopes: writes, handle: create(kind) },
    ...(kind.one === 'activity'
      ? []
      : [
          {
            method: 'GET',
            path: `${path}/search`,
            endpoint: 'api',
            scopes: [...reads, 'search:read'],
            handle: search(kind),
          } satisfies ApiRoute,
        ]),
    {
      method: 'GET',
      path: `${path}/:id`,
      endpoint: 'api',
      scopes: reads,
      handle: (call) => {
        const row = rowOf(kind, call)
        return row ? found(presenting(kind, call.query)(row)) : missing(kind)
      },
    },
    { method: 'PATCH', path: `${path}/:id`, endpoint: 'api', scopes: writes, handle: update(kind) },
  ]
}

const fieldRoute = (of: 'deal' | 'person' | 'organization'): ApiRoute => {
  const scope = of === 'deal' ? 'deals' : 'contacts'
  return {
    method: 'GET',
    path: `/api/v2/${of}Fields`,
    endpoint: 'api',
    scopes: [`${scope}:read`, `${scope}:full`, 'admin'],
    handle: ({ query }) =>
      pagesByCursor(fields[of], query, ({ custom = false, options, ...field }) => ({
        ...field,
        is_custom_field: custom,
        is_optional_response_field: false,
        options: options ?? null,
        subfields: null,
      })),
  }
}

/** API v2, as developers.pipedrive.com and its migration guide tell it: strict types, cursors, PATCH. */
export const v2Routes: ApiRoute[] = [
  ...kinds.flatMap(recordRoutes),
  ...(['deal', 'person', 'organization'] as const).map(fieldRoute),
  ...(
    [
      ['pipelines', pipelines],
      ['stages', stages],
    ] as const
  ).map(
    ([name, items]): ApiRoute => ({
      method: 'GET',
      path: `/api/v2/${name}`,
      endpoint: 'api',
      scopes: ['deals:read', 'deals:full', 'admin'],
      handle: ({ query, now }) =>
        pagesByCursor([...items], query, (item) => ({
          ...item,
          add_time: rfcTime(now),
          update_time: rfcTime(now),
        })),
    }),
  ),
]
