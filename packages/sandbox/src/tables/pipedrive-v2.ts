import { type Answer, json } from '../answer.ts'
import type { ApiCall, ApiRoute } from '../provider-table.ts'
import { bodyOf, companyOf, found, nextId, pagesByCursor, refused, rfcTime } from './pipedrive-answers.ts'
import { fields, pipelines, type Row, stages, userId } from './pipedrive-book.ts'
import { type Kind, kinds, nameOf } from './pipedrive-v2-kinds.ts'
import { search } from './pipedrive-v2-search.ts'

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
