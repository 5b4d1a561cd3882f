import { type Account, accounts } from '../accounts.ts'
import { type Answer, json } from '../answer.ts'
import type { ApiCall, ApiRoute } from '../provider-table.ts'

export type Deal = {
  id: number
  title: string
  value: number
  currency: string
  status: 'open' | 'won' | 'lost'
  person_id: number | null
  owner_id: number
  at: number
}

export type Person = {
  id: number
  name: string
  email: string | null
  phone: string | null
  owner_id: number
  at: number
}

export type Company = { deals: Deal[]; persons: Person[]; next: number }

const DAY = 86_400_000
const info = 'Please check developers.pipedrive.com'

const userId = (account: Account): number => 179 + account.number

/** A small book of business for each account. */
export const seedCompany = (account: Account, now: number): Company => {
  const owner = userId(account)
  return {
    persons: accounts
      .filter((other) => other !== account)
      .map((other) => ({
        id: other.number,
        name: other.name,
        email: other.email,
        phone: `+1 555 010${other.number}`,
        owner_id: owner,
        at: now - 9 * DAY,
      })),
    deals: [
      {
        id: 1,
        title: 'Analytical engine, 50 columns',
        value: 17_000,
        currency: 'GBP',
        status: 'open',
        person_id: null,
        owner_id: owner,
        at: now - 8 * DAY,
      },
      {
        id: 2,
        title: 'Compiler licence',
        value: 4_200.5,
        currency: 'USD',
        status: 'open',
        person_id: account.number === 2 ? 3 : 2,
        owner_id: owner,
        at: now - 3 * DAY,
      },
      {
        id: 3,
        title: 'Vitamin C, one tonne',
        value: 900,
        currency: 'EUR',
        status: 'won',
        person_id: null,
        owner_id: owner,
        at: now - DAY,
      },
    ],
    next: 100,
  }
}

const found = (data: unknown, additional?: unknown): Answer =>
  json(200, { success: true, data, ...(additional === undefined ? {} : { additional_data: additional }) })

const failed = (status: number, error: string): Answer =>
  json(status, { success: false, error, error_info: info, data: null, additional_data: null })

const company = (call: ApiCall) => call.data as Company

const bodyOf = (call: ApiCall): Record<string, unknown> => {
  if (call.body instanceof URLSearchParams) return Object.fromEntries(call.body)
  return typeof call.body === 'object' && call.body !== null ? (call.body as Record<string, unknown>) : {}
}

type Present<T> = (item: T) => unknown

/** v1: `start` and `limit`, and null for an empty list. */
const pagesByStart = <T>(items: T[], query: URLSearchParams, present: Present<T>): Answer => {
  const start = Number(query.get('start') ?? 0)
  const limit = Math.min(Number(query.get('limit') ?? 100), 500)
  if (!Number.isInteger(start) || !Number.isInteger(limit) || start < 0 || limit < 1)
    return failed(400, 'Bad request')
  const part = items.slice(start, start + limit)
  const more = start + limit < items.length
  return found(part.length > 0 ? part.map(present) : null, {
    pagination: {
      start,
      limit,
      more_items_in_collection: more,
      ...(more ? { next_start: start + limit } : {}),
    },
  })
}

/** v2: an opaque cursor. */
const pagesByCursor = <T>(items: T[], query: URLSearchParams, present: Present<T>): Answer => {
  const limit = Math.min(Number(query.get('limit') ?? 100), 500)
  const cursor = query.get('cursor')
  const start = Number(
    cursor === null ? 0 : /^at:(\d+)$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1],
  )
  if (!Number.isInteger(start) || !Number.isInteger(limit) || start < 0 || limit < 1)
    return failed(400, 'Bad request')
  const next = start + limit < items.length ? Buffer.from(`at:${start + limit}`).toString('base64url') : null
  return found(items.slice(start, start + limit).map(present), { next_cursor: next })
}

const plainTime = (at: number) => new Date(at).toISOString().slice(0, 19).replace('T', ' ')
const rfcTime = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z`

const dealV1 = (call: ApiCall) => (deal: Deal) => {
  const person = company(call).persons.find(({ id }) => id === deal.person_id)
  return {
    id: deal.id,
    title: deal.title,
    value: deal.value,
    currency: deal.currency,
    status: deal.status,
    user_id: { id: deal.owner_id, name: call.account.name, email: call.account.email },
    person_id: person ? { value: person.id, name: person.name } : null,
    person_name: person?.name ?? null,
    org_id: null,
    pipeline_id: 1,
    stage_id: 1,
    add_time: plainTime(deal.at),
    update_time: plainTime(deal.at),
    active: deal.status === 'open',
    deleted: false,
  }
}

const dealV2 = () => (deal: Deal) => ({
  id: deal.id,
  title: deal.title,
  value: deal.value,
  currency: deal.currency,
  status: deal.status,
  owner_id: deal.owner_id,
  person_id: deal.person_id,
  org_id: null,
  pipeline_id: 1,
  stage_id: 1,
  add_time: rfcTime(deal.at),
  update_time: rfcTime(deal.at),
  is_deleted: false,
  is_archived: false,
  label_ids: [],
  custom_fields: {},
})

const labelled = (value: string | null) => (value === null ? [] : [{ value, primary: true, label: 'work' }])

const personV1 = (call: ApiCall) => (person: Person) => ({
  id: person.id,
  name: person.name,
  owner_id: { id: person.owner_id, name: call.account.name, email: call.account.email },
  org_id: null,
  email: labelled(person.email),
  phone: labelled(person.phone),
  add_time: plainTime(person.at),
  update_time: plainTime(person.at),
  active_flag: true,
})

const personV2 = () => (person: Person) => ({
  id: person.id,
  name: person.name,
  owner_id: person.owner_id,
  org_id: null,
  emails: labelled(person.email),
  phones: labelled(person.phone),
  add_time: rfcTime(person.at),
  update_time: rfcTime(person.at),
  is_deleted: false,
  label_ids: [],
  custom_fields: {},
})

const me = (call: ApiCall): Answer =>
  found({
    id: userId(call.account),
    name: call.account.name,
    default_currency: 'EUR',
    locale: 'en_GB',
    email: call.account.email,
    activated: true,
    is_admin: call.account.number === 1 ? 1 : 0,
    timezone_name: 'Europe/Tallinn',
    company_id: 53,
    company_name: 'Example Works',
    company_domain: 'example-works',
    company_country: 'EE',
    active_flag: true,
    is_you: true,
  })

const users = (call: ApiCall): Answer =>
  found(
    accounts.map((account) => ({
      id: userId(account),
      name: account.name,
      email: account.email,
      active_flag: true,
      is_you: account === call.account,
    })),
  )

const one = <T extends { id: number }>(
  items: T[],
  call: ApiCall,
  what: string,
  present: Present<T>,
): Answer => {
  const item = items.find(({ id }) => String(id) === call.params.id)
  return item ? found(present(item)) : failed(404, `${what} not found`)
}

const text = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : null

const amount = (value: unknown): number | null => {
  const parsed = value === undefined || value === null ? 0 : Number(value)
  return Number.isFinite(parsed) ? parsed : null
}

const createDeal =
  (present: (call: ApiCall) => Present<Deal>) =>
  (call: ApiCall): Answer => {
    const body = bodyOf(call)
    const title = text(body.title)
    const value = amount(body.value)
    if (!title) return failed(400, 'Deal title must be given.')
    if (value === null) return failed(400, 'Deal value must be a number.')
    const { deals, persons } = company(call)
    const personId = body.person_id === undefined || body.person_id === null ? null : Number(body.person_id)
    if (personId !== null && !persons.some(({ id }) => id === personId))
      return failed(400, 'Person not found.')
    const deal: Deal = {
      id: nextId(call),
      title,
      value,
      currency: text(body.currency) ?? 'EUR',
      status: 'open',
      person_id: personId,
      owner_id: userId(call.account),
      at: call.now,
    }
    deals.push(deal)
    call.send({ kind: 'deal', summary: `deal created: ${title}`, detail: { ...deal } })
    return json(201, { success: true, data: present(call)(deal) })
  }

const updateDeal =
  (present: (call: ApiCall) => Present<Deal>) =>
  (call: ApiCall): Answer => {
    const deal = company(call).deals.find(({ id }) => String(id) === call.params.id)
    if (!deal) return failed(404, 'Deal not found')
    const body = bodyOf(call)
    const value = body.value === undefined ? deal.value : amount(body.value)
    const status = body.status ?? deal.status
    if (value === null || (status !== 'open' && status !== 'won' && status !== 'lost'))
      return failed(400, 'Bad request')
    Object.assign(deal, { title: text(body.title) ?? deal.title, value, status })
    call.send({ kind: 'deal', summary: `deal changed: ${deal.title}`, detail: { ...deal } })
    return found(present(call)(deal))
  }

const createPerson =
  (present: (call: ApiCall) => Present<Person>) =>
  (call: ApiCall): Answer => {
    const body = bodyOf(call)
    const name = text(body.name)
    if (!name) return failed(400, 'Name must be given.')
    const person: Person = {
      id: nextId(call),
      name,
      email: firstOf(body.emails ?? body.email),
      phone: firstOf(body.phones ?? body.phone),
      owner_id: userId(call.account),
      at: call.now,
    }
    company(call).persons.push(person)
    call.send({ kind: 'person', summary: `person created: ${name}`, detail: { ...person } })
    return json(201, { success: true, data: present(call)(person) })
  }

const nextId = (call: ApiCall): number => {
  company(call).next += 1
  return company(call).next
}

/** A bare string, a list of strings, or a list of `{value}`. */
const firstOf = (value: unknown): string | null => {
  const first: unknown = Array.isArray(value) ? value[0] : value
  return text(typeof first === 'object' && first !== null && 'value' in first ? first.value : first)
}

const dealsRead = ['deals:read', 'deals:full']
const personsRead = ['contacts:read', 'contacts:full']

const v1 = (prefix: string): ApiRoute[] => [
  { method: 'GET', path: `${prefix}/users/me`, endpoint: 'account', scopes: [], handle: me },
  { method: 'GET', path: `${prefix}/users`, endpoint: 'api', scopes: ['users:read', 'admin'], handle: users },
  {
    method: 'GET',
    path: `${prefix}/deals`,
    endpoint: 'api',
    scopes: dealsRead,
    handle: (call) => pagesByStart(company(call).deals, call.query, dealV1(call)),
  },
  {
    method: 'POST',
    path: `${prefix}/deals`,
    endpoint: 'api',
    scopes: ['deals:full'],
    handle: createDeal(dealV1),
  },
  {
    method: 'GET',
    path: `${prefix}/deals/:id`,
    endpoint: 'api',
    scopes: dealsRead,
    handle: (call) => one(company(call).deals, call, 'Deal', dealV1(call)),
  },
  {
    method: 'PUT',
    path: `${prefix}/deals/:id`,
    endpoint: 'api',
    scopes: ['deals:full'],
    handle: updateDeal(dealV1),
  },
  {
    method: 'GET',
    path: `${prefix}/persons`,
    endpoint: 'api',
    scopes: personsRead,
    handle: (call) => pagesByStart(company(call).persons, call.query, personV1(call)),
  },
  {
    method: 'POST',
    path: `${prefix}/persons`,
    endpoint: 'api',
    scopes: ['contacts:full'],
    handle: createPerson(personV1),
  },
  {
    method: 'GET',
    path: `${prefix}/persons/:id`,
    endpoint: 'api',
    scopes: personsRead,
    handle: (call) => one(company(call).persons, call, 'Person', personV1(call)),
  },
]

/** api.pipedrive.com: v1 under both of its prefixes, v2 under its one. */
export const pipedriveRoutes: ApiRoute[] = [
  ...v1('/v1'),
  ...v1('/api/v1'),
  {
    method: 'GET',
    path: '/api/v2/deals',
    endpoint: 'api',
    scopes: dealsRead,
    handle: (call) => pagesByCursor(company(call).deals, call.query, dealV2()),
  },
  {
    method: 'POST',
    path: '/api/v2/deals',
    endpoint: 'api',
    scopes: ['deals:full'],
    handle: createDeal(dealV2),
  },
  {
    method: 'GET',
    path: '/api/v2/deals/:id',
    endpoint: 'api',
    scopes: dealsRead,
    handle: (call) => one(company(call).deals, call, 'Deal', dealV2()),
  },
  {
    method: 'PATCH',
    path: '/api/v2/deals/:id',
    endpoint: 'api',
    scopes: ['deals:full'],
    handle: updateDeal(dealV2),
  },
  {
    method: 'GET',
    path: '/api/v2/persons',
    endpoint: 'api',
    scopes: personsRead,
    handle: (call) => pagesByCursor(company(call).persons, call.query, personV2()),
  },
  {
    method: 'POST',
    path: '/api/v2/persons',
    endpoint: 'api',
    scopes: ['contacts:full'],
    handle: createPerson(personV2),
  },
  {
    method: 'GET',
    path: '/api/v2/persons/:id',
    endpoint: 'api',
    scopes: personsRead,
    handle: (call) => one(company(call).persons, call, 'Person', personV2()),
  },
]
