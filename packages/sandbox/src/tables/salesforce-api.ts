import { type Answer, json } from '../answer.ts'
import type { ApiCall, ApiRoute } from '../provider-table.ts'
import {
  type FieldFacts,
  idOf,
  type ObjectFacts,
  type Org,
  objects,
  type Row,
  time,
} from './salesforce-org.ts'
import { presentRow, runSoql } from './salesforce-soql.ts'

const refused = (status: number, errorCode: string, message: string, fields?: string[]): Answer =>
  json(status, [{ message, errorCode, ...(fields ? { fields } : {}) }])
const missing = () => refused(404, 'NOT_FOUND', 'The requested resource does not exist')
const orgOf = (call: ApiCall) => call.data as Org

/** The object that the path names, and the record where it names one. */
const targetOf = (call: ApiCall): { object: ObjectFacts; row: Row | undefined } | null => {
  const object = objects.find(({ name }) => name === call.params.object)
  if (!object) return null
  // The first 15 characters are the id; three more guard against a lost case.
  return {
    object,
    row: orgOf(call).rows[object.name]!.find(({ Id }) => Id.slice(0, 15) === call.params.id?.slice(0, 15)),
  }
}

const query = (call: ApiCall): Answer => {
  const soql = call.query.get('q')
  if (!soql) return refused(400, 'MALFORMED_QUERY', 'A query string has to be specified')
  return pageOf(call, soql, 0)
}

const locatorOf = (index: number) => `01g5a6db0c5${String(index).padStart(4, '0')}AAE`

const queryMore = (call: ApiCall): Answer => {
  const [, locator, start] = /^(01g\w+)-(\d+)$/.exec(call.params.cursor!) ?? []
  const soql = orgOf(call).queries.find((_, index) => locatorOf(index) === locator)
  return soql === undefined
    ? refused(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator')
    : pageOf(call, soql, Number(start))
}

const pageOf = (call: ApiCall, soql: string, start: number): Answer => {
  const version = call.params.version!
  const found = runSoql(soql, orgOf(call))
  if (typeof found === 'number') return json(200, { totalSize: found, done: true, records: [] })
  if ('errorCode' in found) return refused(400, found.errorCode, found.message)
  const asked = Number(/batchSize=(\d+)/i.exec(call.headers['sforce-query-options'] ?? '')?.[1] ?? 2000)
  const end = start + Math.min(Math.max(asked, 200), 2000)
  const more = end < found.rows.length
  const { queries } = orgOf(call)
  if (more && !queries.includes(soql)) queries.push(soql)
  return json(200, {
    totalSize: found.rows.length,
    done: !more,
    ...(more
      ? { nextRecordsUrl: `/services/data/${version}/query/${locatorOf(queries.indexOf(soql))}-${end}` }
      : {}),
    records: found.rows.slice(start, end).map((row) => presentRow(found, row, orgOf(call), version)),
  })
}

const getRecord = (call: ApiCall): Answer => {
  const target = targetOf(call)
  if (!target?.row) return missing()
  const { object, row } = target
  const asked = call.query.get('fields')?.split(',')
  const unknown = asked?.find((name) => !object.fields.some((field) => field.name === name))
  if (unknown)
    return refused(400, 'INVALID_FIELD', `No such column '${unknown}' on sobject of type ${object.name}`)
  const fields = asked ? [...new Set([...asked, 'Id'])] : object.fields.map(({ name }) => name)
  return json(200, presentRow({ object, fields }, row, orgOf(call), call.params.version!))
}

/** What the body sets, or the refusal. */
const settingOf = ({ name, fields }: ObjectFacts, call: ApiCall): Record<string, unknown> | Answer => {
  if (typeof call.body !== 'object' || call.body === null || Array.isArray(call.body))
    return refused(
      400,
      'JSON_PARSER_ERROR',
      'The HTTP entity body is required, but this request has no entity body.',
    )
  for (const [field, value] of Object.entries(call.body)) {
    const facts = fields.find((one) => one.name === field)
    if (!facts) return refused(400, 'INVALID_FIELD', `No such column '${field}' on sobject of type ${name}`)
    if (facts.system)
      return refused(
        400,
        'INVALID_FIELD_FOR_INSERT_UPDATE',
        `Unable to create/update fields: ${field}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`,
        [field],
      )
    if (facts.type === 'currency' && value !== null && typeof value !== 'number')
      return refused(
        400,
        'JSON_PARSER_ERROR',
        `Cannot deserialize instance of currency from VALUE_STRING value ${value}`,
      )
    if (
      facts.refersTo &&
      facts.refersTo !== 'User' &&
      value !== null &&
      !orgOf(call).rows[facts.refersTo]!.some(({ Id }) => Id === value)
    )
      return refused(400, 'MALFORMED_ID', `${facts.label}: id value of incorrect type: ${value}`, [field])
  }
  return call.body as Record<string, unknown>
}

const isAnswer = (value: Record<string, unknown> | Answer): value is Answer =>
  typeof value.status === 'number'
const isEmpty = (value: unknown) => value === undefined || value === null || value === ''

const createRecord = (call: ApiCall): Answer => {
  const object = targetOf(call)?.object
  if (!object) return missing()
  const set = settingOf(object, call)
  if (isAnswer(set)) return set
  const lacking = object.fields
    .filter(({ name, required }) => required && isEmpty(set[name]))
    .map(({ name }) => name)
  if (lacking.length > 0)
    return refused(
      400,
      'REQUIRED_FIELD_MISSING',
      `Required fields are missing: [${lacking.join(', ')}]`,
      lacking,
    )
  const org = orgOf(call)
  org.next += 1
  const row: Row = {
    OwnerId: org.owner.Id,
    ...set,
    Id: idOf(object, org.next),
    CreatedDate: time(call.now),
    LastModifiedDate: time(call.now),
  }
  org.rows[object.name]!.push(row)
  told(object, row, call, 'created')
  return json(201, { id: row.Id, success: true, errors: [] })
}

const updateRecord = (call: ApiCall): Answer => {
  const target = targetOf(call)
  if (!target?.row) return missing()
  const { object, row } = target
  const set = settingOf(object, call)
  if (isAnswer(set)) return set
  const emptied = object.fields.find(({ name, required }) => required && name in set && isEmpty(set[name]))
  if (emptied)
    return refused(400, 'REQUIRED_FIELD_MISSING', `Required fields are missing: [${emptied.name}]`, [
      emptied.name,
    ])
  Object.assign(row, set, { LastModifiedDate: time(call.now) })
  told(object, row, call, 'changed')
  return { status: 204, body: undefined }
}

const told = ({ name }: ObjectFacts, row: Row, call: ApiCall, what: string): void => {
  const kind = name.toLowerCase()
  call.send({ kind, summary: `${kind} ${what}: ${row.Name ?? row.LastName}`, detail: { ...row } })
}

const sobject = ({ name, label, prefix, custom }: ObjectFacts, version: string) => ({
  name,
  label,
  labelPlural: `${label}s`,
  keyPrefix: prefix,
  custom,
  queryable: true,
  createable: true,
  updateable: true,
  deletable: true,
  searchable: true,
  urls: { sobject: `/services/data/${version}/sobjects/${name}` },
})

const describeField = ({
  name,
  label,
  type,
  length,
  required,
  system,
  values,
  refersTo,
  relationship,
}: FieldFacts) => ({
  name,
  label,
  type,
  length: length ?? 0,
  nillable: !required && !system,
  createable: !system,
  updateable: !system,
  // The owner is whoever creates it.
  defaultedOnCreate: name === 'OwnerId' || system === true,
  custom: false,
  picklistValues: (values ?? []).map((value) => ({
    active: true,
    defaultValue: false,
    label: value,
    validFor: null,
    value,
  })),
  referenceTo: refersTo ? [refersTo] : [],
  relationshipName: relationship ?? null,
})

const describeObject = (call: ApiCall): Answer => {
  const object = targetOf(call)?.object
  return object
    ? json(200, { ...sobject(object, call.params.version!), fields: object.fields.map(describeField) })
    : missing()
}

const describeAll = (call: ApiCall): Answer =>
  json(200, {
    encoding: 'UTF-8',
    maxBatchSize: 200,
    sobjects: [
      ...objects.map((object) => sobject(object, call.params.version!)),
      {
        ...sobject(
          {
            name: 'AccountChangeEvent',
            label: 'Account Change Event',
            prefix: '',
            custom: false,
            fields: [],
          },
          call.params.version!,
        ),
        queryable: false,
      },
    ],
  })

const base = '/services/data/:version'

/** The REST API's query and sObject resources. Facts from the REST API Developer Guide. */
export const dataRoutes: ApiRoute[] = (
  [
    ['GET', '/query', query],
    ['GET', '/query/:cursor', queryMore],
    ['GET', '/sobjects', describeAll],
    ['POST', '/sobjects/:object', createRecord],
    ['GET', '/sobjects/:object/describe', describeObject],
    ['GET', '/sobjects/:object/:id', getRecord],
    ['PATCH', '/sobjects/:object/:id', updateRecord],
  ] as const
).map(([method, path, handle]) => ({
  method,
  path: `${base}${path}`,
  endpoint: 'api',
  scopes: ['api', 'full'],
  handle: (call) => (/^v\d\d\.0$/.test(call.params.version!) ? handle(call) : missing()),
}))
