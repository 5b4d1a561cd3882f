import { type Answer, json } from '../answer.ts'
import type { ApiCall, ApiRoute } from '../provider-table.ts'
import { dealStages, type KindName, type Portal, properties, type Rec } from './hubspot-portal.ts'
import { matching } from './hubspot-search.ts'

export const CORRELATION = '8e3a7c5e-0000-4000-8000-5a6db0c5a001'

export const failed = (status: number, message: string, category: string): Answer =>
  json(status, { status: 'error', message, correlationId: CORRELATION, category })

const invalid = (message: string) => failed(400, message, 'VALIDATION_ERROR')
const missing = () => failed(404, 'resource not found', 'OBJECT_NOT_FOUND')

type Kind = { many: KindName; one: string; typeId: string; changed: string; usual: string[] }

const kinds: Kind[] = [
  {
    many: 'contacts',
    one: 'contact',
    typeId: '0-1',
    changed: 'lastmodifieddate',
    usual: ['firstname', 'lastname', 'email'],
  },
  {
    many: 'companies',
    one: 'company',
    typeId: '0-2',
    changed: 'hs_lastmodifieddate',
    usual: ['name', 'domain'],
  },
  {
    many: 'deals',
    one: 'deal',
    typeId: '0-3',
    changed: 'hs_lastmodifieddate',
    usual: ['dealname', 'amount', 'closedate', 'dealstage', 'pipeline'],
  },
]

const portalOf = (call: ApiCall) => call.data as Portal
const time = (at: number) => new Date(at).toISOString()
const bodyOf = (call: ApiCall): Record<string, unknown> =>
  typeof call.body === 'object' && call.body !== null ? (call.body as Record<string, unknown>) : {}

/** All that can be asked for of a record. */
const valuesOf = (kind: Kind, rec: Rec): Record<string, string> => ({
  ...rec.properties,
  hs_object_id: rec.id,
  createdate: time(rec.createdAt),
  [kind.changed]: time(rec.updatedAt),
})

/** With the properties asked for (null where unset), those that always come, and links where they are asked for. */
const present =
  (kind: Kind, wanted: string[] | null, associations: string[] = []) =>
  (rec: Rec) => {
    const values = valuesOf(kind, rec)
    const known = properties[kind.many].map(({ name }) => name)
    const names = (wanted ?? kind.usual).filter((name) => known.includes(name))
    const always = ['hs_object_id', 'createdate', kind.changed]
    const linked = associations.flatMap((to) => {
      const ids = rec.links.filter((link) => link.to === to).map(({ id }) => id)
      const type = `${kind.one}_to_${kinds.find(({ many }) => many === to)?.one}`
      // Each link comes with its kind and once more without.
      const results = ids.flatMap((id) => [
        { id, type },
        { id, type: `${type}_unlabeled` },
      ])
      return results.length > 0 ? [[to, { results }]] : []
    })
    return {
      id: rec.id,
      properties: Object.fromEntries(
        [...new Set([...names, ...always])].map((name) => [name, values[name] ?? null]),
      ),
      createdAt: time(rec.createdAt),
      updatedAt: time(rec.updatedAt),
      archived: false,
      url: `https://app.hubspot.com/contacts/14472901/record/${kind.typeId}/${rec.id}`,
      ...(linked.length > 0 ? { associations: Object.fromEntries(linked) } : {}),
    }
  }

const listIn = (query: URLSearchParams, name: string): string[] | null => {
  const values = query.getAll(name).flatMap((value) => value.split(','))
  return values.length > 0 ? values : null
}

const sizeIn = (value: unknown, usual: number, most: number): number | null => {
  const size = value === null || value === undefined ? usual : Number(value)
  return Number.isInteger(size) && size >= 0 && size <= most ? size : null
}

const list =
  (kind: Kind) =>
  (call: ApiCall): Answer => {
    const { query } = call
    const limit = sizeIn(query.get('limit'), 10, 100)
    if (limit === null) return invalid('limit must be between 1 and 100')
    const recs = portalOf(call)[kind.many]
    const after = query.get('after')
    const start = after === null ? 0 : recs.findIndex(({ id }) => id === after)
    if (start < 0) return invalid(`Invalid after: ${after}`)
    const page = recs.slice(start, start + limit)
    return json(200, {
      results: page.map(present(kind, listIn(query, 'properties'), listIn(query, 'associations') ?? [])),
      ...pagingTo(recs[start + limit]?.id),
    })
  }

const pagingTo = (after: string | undefined) =>
  after === undefined
    ? {}
    : { paging: { next: { after, link: `https://api.hubapi.com/crm/objects?after=${after}` } } }

const search =
  (kind: Kind) =>
  (call: ApiCall): Answer => {
    const body = bodyOf(call)
    const limit = sizeIn(body.limit, 10, 200)
    const start = sizeIn(body.after, 0, 10_000)
    if (limit === null) return invalid('limit must be between 1 and 200')
    if (start === null) return invalid('Invalid after')
    const found = matching(
      portalOf(call)[kind.many],
      (rec) => valuesOf(kind, rec),
      properties[kind.many],
      body,
    )
    if (typeof found === 'string') return invalid(found)
    const wanted =
      Array.isArray(body.properties) && body.properties.length > 0 ? (body.properties as string[]) : null
    const end = start + limit
    return json(200, {
      total: found.length,
      results: found.slice(start, end).map(present(kind, wanted)),
      ...pagingTo(end < found.length ? String(end) : undefined),
    })
  }

const recOf = (kind: Kind, call: ApiCall): Rec | undefined => {
  const by = call.query.get('idProperty')
  return portalOf(call)[kind.many].find(
    (rec) => (by === null ? rec.id : rec.properties[by]) === call.params.id,
  )
}

/** What the body sets, or the refusal. */
const settingOf = (kind: Kind, call: ApiCall): Record<string, string> | Answer => {
  const { properties: set } = bodyOf(call)
  if (typeof set !== 'object' || set === null || Array.isArray(set))
    return invalid('Invalid input JSON: properties is missing')
  for (const [name, value] of Object.entries(set)) {
    if (typeof value !== 'string')
      return invalid(`Invalid input JSON: Cannot deserialize value of type \`java.lang.String\` for ${name}`)
    const facts = properties[kind.many].find((property) => property.name === name)
    const wrong = (message: string, error: string) =>
      invalid(
        `Property values were not valid: ${JSON.stringify([{ isValid: false, message, error, name, localizedErrorMessage: message }])}`,
      )
    if (!facts) return wrong(`Property "${name}" does not exist`, 'PROPERTY_DOESNT_EXIST')
    if (facts.readOnly)
      return wrong(`"${name}" is a read only property; its value cannot be set.`, 'READ_ONLY_VALUE')
    if (value !== '' && facts.options && !facts.options.includes(value))
      return wrong(
        `${value} was not one of the allowed options: [${facts.options.join(', ')}]`,
        'INVALID_OPTION',
      )
    if (value !== '' && facts.type === 'number' && Number.isNaN(Number(value)))
      return wrong(`${value} was not a valid number.`, 'INVALID_INTEGER')
    if (name === 'email' && value !== '' && !/^\S+@\S+\.\S+$/.test(value))
      return wrong(`Email address ${value} is invalid`, 'INVALID_EMAIL')
  }
  return set as Record<string, string>
}

const isAnswer = (value: Record<string, string> | Answer): value is Answer => typeof value.status === 'number'

/** Links that the body asks for; null where a record is not there or the kind of link is not. */
const linksOf = (kind: Kind, call: ApiCall): Rec['links'] | null => {
  const links: Rec['links'] = []
  for (const one of (bodyOf(call).associations ?? []) as {
    to?: { id?: unknown }
    types?: Record<string, unknown>[]
  }[]) {
    const to = associationTypes[kind.many][Number(one.types?.[0]?.associationTypeId)]
    const id = String(one.to?.id)
    if (!to || !portalOf(call)[to].some((rec) => rec.id === id)) return null
    links.push({ to, id })
  }
  return links
}

/** HubSpot's own, from one kind to another. */
const associationTypes: Record<KindName, Record<number, KindName>> = {
  contacts: { 279: 'companies', 1: 'companies', 4: 'deals' },
  companies: { 280: 'contacts', 2: 'contacts', 342: 'deals', 6: 'deals' },
  deals: { 3: 'contacts', 341: 'companies', 5: 'companies' },
}

const setIn = (set: Record<string, string>) => (values: Record<string, string>) =>
  Object.fromEntries(Object.entries({ ...values, ...set }).filter(([, value]) => value !== ''))

const create =
  (kind: Kind) =>
  (call: ApiCall): Answer => {
    const set = settingOf(kind, call)
    if (isAnswer(set)) return set
    const portal = portalOf(call)
    const twin =
      kind.many === 'contacts' &&
      set.email &&
      portal.contacts.find(({ properties: { email } }) => email === set.email)
    if (twin) return failed(409, `Contact already exists. Existing ID: ${twin.id}`, 'CONFLICT')
    const links = linksOf(kind, call)
    if (!links) return invalid('One or more associations are not valid')
    portal.next += 1
    const rec: Rec = {
      id: String(portal.next),
      properties: setIn(set)({}),
      createdAt: call.now,
      updatedAt: call.now,
      links,
    }
    portal[kind.many].push(rec)
    for (const { to, id } of links)
      portal[to].find((other) => other.id === id)?.links.push({ to: kind.many, id: rec.id })
    return told(kind, rec, call, 'created', 201)
  }

const update =
  (kind: Kind) =>
  (call: ApiCall): Answer => {
    const rec = recOf(kind, call)
    if (!rec) return missing()
    const set = settingOf(kind, call)
    if (isAnswer(set)) return set
    rec.properties = setIn(set)(rec.properties)
    rec.updatedAt = call.now
    return told(kind, rec, call, 'changed', 200)
  }

/** Answers what is set now, and notes it in the outbox. */
const told = (kind: Kind, rec: Rec, call: ApiCall, what: string, status: number): Answer => {
  const { email, name, dealname } = rec.properties
  const shown = present(kind, Object.keys(rec.properties))(rec)
  call.send({
    kind: kind.one,
    summary: `${kind.one} ${what}: ${email ?? name ?? dealname ?? rec.id}`,
    detail: { ...shown, links: rec.links },
  })
  return json(status, shown)
}

const objectRoutes = (kind: Kind): ApiRoute[] =>
  ['/crm/objects/2026-03', '/crm/v3/objects']
    .flatMap((base) => [`${base}/${kind.many}`, `${base}/${kind.typeId}`])
    .flatMap((path) => {
      const reads = [`crm.objects.${kind.many}.read`]
      const writes = [`crm.objects.${kind.many}.write`]
      const at = (
        method: ApiRoute['method'],
        below: string,
        scopes: string[],
        handle: ApiRoute['handle'],
      ): ApiRoute => ({
        method,
        path: `${path}${below}`,
        endpoint: 'api',
        scopes,
        handle,
      })
      return [
        at('GET', '', reads, list(kind)),
        at('POST', '', writes, create(kind)),
        at('POST', '/search', reads, search(kind)),
        at('GET', '/:id', reads, (call) => {
          const rec = recOf(kind, call)
          if (!rec) return missing()
          const { query } = call
          return json(
            200,
            present(kind, listIn(query, 'properties'), listIn(query, 'associations') ?? [])(rec),
          )
        }),
        at('PATCH', '/:id', writes, update(kind)),
      ]
    })

const anyRead = kinds.flatMap(({ many }) => [`crm.objects.${many}.read`, `crm.objects.${many}.write`])

const listProperties = (call: ApiCall): Answer => {
  const kind = kinds.find(({ many, typeId }) => [many, typeId].includes(call.params.type!))
  if (!kind) return invalid(`Unable to infer object type from: ${call.params.type}`)
  return json(200, {
    results: properties[kind.many].map(({ name, label, type, options = [], readOnly = false }, index) => ({
      name,
      label,
      type,
      fieldType: type === 'enumeration' ? 'select' : 'text',
      description: '',
      groupName: `${kind.one}information`,
      options: options.map((value, displayOrder) => ({ label: value, value, displayOrder, hidden: false })),
      displayOrder: index,
      hasUniqueValue: name === 'email',
      hidden: false,
      modificationMetadata: { archivable: false, readOnlyDefinition: true, readOnlyValue: readOnly },
      formField: !readOnly,
    })),
  })
}

const listPipelines = (call: ApiCall): Answer => {
  if (!['deals', '0-3'].includes(call.params.type!)) return missing()
  const times = { createdAt: time(0), updatedAt: time(0), archived: false }
  return json(200, {
    results: [
      {
        id: 'default',
        label: 'Sales Pipeline',
        displayOrder: 0,
        ...times,
        stages: dealStages.map(({ probability, ...stage }) => ({
          ...stage,
          ...times,
          metadata: { probability, isClosed: String(stage.id.startsWith('closed')) },
          writePermissions: 'CRM_PERMISSIONS_ENFORCEMENT',
        })),
      },
    ],
  })
}

/** The CRM's objects, by the dated API and by v3 before it. Facts from developers.hubspot.com/docs/api-reference/2026-03. */
export const crmRoutes: ApiRoute[] = [
  ...kinds.flatMap(objectRoutes),
  ...(['/crm/properties/2026-03/:type', '/crm/v3/properties/:type'] as const).map(
    (path): ApiRoute => ({ method: 'GET', path, endpoint: 'api', scopes: anyRead, handle: listProperties }),
  ),
  ...(['/crm/pipelines/2026-03/:type', '/crm/v3/pipelines/:type'] as const).map(
    (path): ApiRoute => ({ method: 'GET', path, endpoint: 'api', scopes: anyRead, handle: listPipelines }),
  ),
]
