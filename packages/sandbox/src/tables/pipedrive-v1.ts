import { accounts } from '../accounts.ts'
import { type Answer, json } from '../answer.ts'
import type { ApiCall, ApiRoute } from '../provider-table.ts'
import { bodyOf, companyOf, failed, found, nextId, pagesByStart, plainTime } from './pipedrive-answers.ts'
import { activityTypes, type Note, type Row, userId } from './pipedrive-book.ts'

type Present<T> = (item: T) => unknown

const owner = (row: Row, call: ApiCall) => ({
  id: row.owner_id,
  name: call.account.name,
  email: call.account.email,
})
const linked = (call: ApiCall, many: 'persons' | 'organizations', id: unknown) => {
  const other = companyOf(call)[many].find((row) => row.id === id)
  return other ? { value: other.id, name: other.name as string } : null
}

const presentDeal = (call: ApiCall) => (deal: Row) => {
  const person = linked(call, 'persons', deal.person_id)
  return {
    id: deal.id,
    title: deal.title,
    value: deal.value,
    currency: deal.currency,
    status: deal.status,
    user_id: owner(deal, call),
    person_id: person,
    person_name: person?.name ?? null,
    org_id: linked(call, 'organizations', deal.org_id),
    pipeline_id: deal.pipeline_id,
    stage_id: deal.stage_id,
    add_time: plainTime(deal.add_time),
    update_time: plainTime(deal.update_time),
    active: deal.status === 'open',
    deleted: false,
  }
}

const presentPerson = (call: ApiCall) => (person: Row) => ({
  id: person.id,
  name: person.name,
  owner_id: owner(person, call),
  org_id: linked(call, 'organizations', person.org_id),
  email: person.emails,
  phone: person.phones,
  add_time: plainTime(person.add_time),
  update_time: plainTime(person.update_time),
  active_flag: true,
})

const presentNote = (call: ApiCall) => (note: Note) => {
  const { deals, persons, organizations } = companyOf(call)
  const deal = deals.find(({ id }) => id === note.deal_id)
  const person = persons.find(({ id }) => id === note.person_id)
  const organization = organizations.find(({ id }) => id === note.org_id)
  return {
    ...note,
    lead_id: null,
    project_id: null,
    deal: deal ? { title: deal.title } : null,
    person: person ? { name: person.name } : null,
    organization: organization ? { name: organization.name } : null,
    user: { email: call.account.email, name: call.account.name, icon_url: null, is_you: true },
    last_update_user_id: null,
    active_flag: true,
    pinned_to_deal_flag: false,
    pinned_to_person_flag: false,
    pinned_to_organization_flag: false,
    add_time: plainTime(note.add_time),
    update_time: plainTime(note.update_time),
  }
}

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

const createDeal = (call: ApiCall): Answer => {
  const body = bodyOf(call)
  const title = text(body.title)
  const value = amount(body.value)
  if (!title) return failed(400, 'Deal title must be given.')
  if (value === null) return failed(400, 'Deal value must be a number.')
  const { deals, persons } = companyOf(call)
  const personId = body.person_id === undefined || body.person_id === null ? null : Number(body.person_id)
  if (personId !== null && !persons.some(({ id }) => id === personId)) return failed(400, 'Person not found.')
  const deal: Row = {
    id: nextId(call),
    title,
    value,
    currency: text(body.currency) ?? 'EUR',
    status: 'open',
    person_id: personId,
    org_id: null,
    pipeline_id: 1,
    stage_id: 1,
    owner_id: userId(call.account),
    add_time: call.now,
    update_time: call.now,
  }
  deals.push(deal)
  call.send({ kind: 'deal', summary: `deal created: ${title}`, detail: { ...deal } })
  return json(201, { success: true, data: presentDeal(call)(deal) })
}

const updateDeal = (call: ApiCall): Answer => {
  const deal = companyOf(call).deals.find(({ id }) => String(id) === call.params.id)
  if (!deal) return failed(404, 'Deal not found')
  const body = bodyOf(call)
  const value = body.value === undefined ? deal.value : amount(body.value)
  const status = body.status ?? deal.status
  if (value === null || (status !== 'open' && status !== 'won' && status !== 'lost'))
    return failed(400, 'Bad request')
  Object.assign(deal, { title: text(body.title) ?? deal.title, value, status, update_time: call.now })
  call.send({ kind: 'deal', summary: `deal changed: ${deal.title}`, detail: { ...deal } })
  return found(presentDeal(call)(deal))
}

const createPerson = (call: ApiCall): Answer => {
  const body = bodyOf(call)
  const name = text(body.name)
  if (!name) return failed(400, 'Name must be given.')
  const person: Row = {
    id: nextId(call),
    name,
    emails: contactOf(body.emails ?? body.email),
    phones: contactOf(body.phones ?? body.phone),
    org_id: null,
    owner_id: userId(call.account),
    add_time: call.now,
    update_time: call.now,
  }
  companyOf(call).persons.push(person)
  call.send({ kind: 'person', summary: `person created: ${name}`, detail: { ...person } })
  return json(201, { success: true, data: presentPerson(call)(person) })
}

/** A bare string, a list of strings, or a list of `{value}`. */
const contactOf = (value: unknown) => {
  const first: unknown = Array.isArray(value) ? value[0] : value
  const said = text(typeof first === 'object' && first !== null && 'value' in first ? first.value : first)
  return said === null ? [] : [{ value: said, primary: true, label: 'work' }]
}

const targets = { deal_id: 'deals', person_id: 'persons', org_id: 'organizations' } as const

const listNotes = (call: ApiCall): Answer => {
  const { query } = call
  const since = Date.parse(query.get('updated_since') ?? '1970-01-01T00:00:00Z')
  if (Number.isNaN(since)) return failed(400, 'updated_since is not a valid date')
  const [by = 'id', way = 'ASC'] = (query.get('sort') ?? 'id ASC').split(' ')
  if (!['id', 'add_time', 'update_time', 'content', 'deal_id', 'person_id', 'org_id', 'user_id'].includes(by))
    return failed(400, 'Invalid sort field')
  const notes = companyOf(call)
    .notes.filter((note) =>
      Object.keys(targets).every(
        (name) => query.get(name) === null || query.get(name) === String(note[name as keyof typeof targets]),
      ),
    )
    .filter(({ update_time }) => update_time >= since)
    .sort((a, b) => (way === 'DESC' ? -1 : 1) * (Number(a[by as 'id']) - Number(b[by as 'id'])))
  return pagesByStart(notes, query, presentNote(call))
}

/** Where the body puts the note; null where there is no such place. */
const placeOf = (call: ApiCall): Partial<Record<keyof typeof targets, number>> | null => {
  const body = bodyOf(call)
  const place: Partial<Record<keyof typeof targets, number>> = {}
  for (const [name, many] of Object.entries(targets)) {
    if (body[name] === undefined || body[name] === null) continue
    if (!companyOf(call)[many].some(({ id }) => id === Number(body[name]))) return null
    place[name as keyof typeof targets] = Number(body[name])
  }
  return place
}

const createNote = (call: ApiCall): Answer => {
  const content = text(bodyOf(call).content)
  const place = placeOf(call)
  if (!content) return failed(400, 'Note content must be given.')
  if (!place) return failed(404, 'The item that the note is for was not found')
  if (Object.keys(place).length === 0)
    return failed(400, 'One of: lead_id, deal_id, person_id, org_id, project_id, task_id must be given.')
  const note: Note = {
    id: nextId(call),
    content,
    deal_id: null,
    person_id: null,
    org_id: null,
    ...place,
    user_id: userId(call.account),
    add_time: call.now,
    update_time: call.now,
  }
  companyOf(call).notes.push(note)
  call.send({ kind: 'note', summary: `note created: ${content}`, detail: { ...note } })
  return json(201, { success: true, data: presentNote(call)(note) })
}

const updateNote = (call: ApiCall): Answer => {
  const note = companyOf(call).notes.find(({ id }) => String(id) === call.params.id)
  const place = placeOf(call)
  if (!note || !place) return failed(404, 'Note not found')
  Object.assign(note, place, {
    content: text(bodyOf(call).content) ?? note.content,
    update_time: call.now,
  })
  call.send({ kind: 'note', summary: `note changed: ${note.content}`, detail: { ...note } })
  return found(presentNote(call)(note))
}

const dealsRead = ['deals:read', 'deals:full']
const personsRead = ['contacts:read', 'contacts:full']
const notesRead = [...dealsRead, ...personsRead]
const notesWrite = ['deals:full', 'contacts:full']
const activitiesRead = ['activities:read', 'activities:full', 'admin']

type Route = [ApiRoute['method'], string, string[], (call: ApiCall) => Answer]

const routes: Route[] = [
  ['GET', '/users/me', [], me],
  ['GET', '/users', ['users:read', 'admin'], users],
  ['GET', '/activityTypes', activitiesRead, () => found(activityTypes)],
  ['GET', '/deals', dealsRead, (call) => pagesByStart(companyOf(call).deals, call.query, presentDeal(call))],
  ['POST', '/deals', ['deals:full'], createDeal],
  ['GET', '/deals/:id', dealsRead, (call) => one(companyOf(call).deals, call, 'Deal', presentDeal(call))],
  ['PUT', '/deals/:id', ['deals:full'], updateDeal],
  [
    'GET',
    '/persons',
    personsRead,
    (call) => pagesByStart(companyOf(call).persons, call.query, presentPerson(call)),
  ],
  ['POST', '/persons', ['contacts:full'], createPerson],
  [
    'GET',
    '/persons/:id',
    personsRead,
    (call) => one(companyOf(call).persons, call, 'Person', presentPerson(call)),
  ],
  ['GET', '/notes', notesRead, listNotes],
  ['POST', '/notes', notesWrite, createNote],
  ['GET', '/notes/:id', notesRead, (call) => one(companyOf(call).notes, call, 'Note', presentNote(call))],
  ['PUT', '/notes/:id', notesWrite, updateNote],
]

/** API v1, under both of its prefixes: numbers may be strings, pages go by `start`, an empty list is null. */
export const v1Routes: ApiRoute[] = ['/v1', '/api/v1'].flatMap((prefix) =>
  routes.map(([method, path, scopes, handle]) => ({
    method,
    path: `${prefix}${path}`,
    endpoint: path === '/users/me' ? ('account' as const) : ('api' as const),
    scopes,
    handle,
  })),
)
