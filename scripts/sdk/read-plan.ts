import { type Document, type DocumentOperation, operationsOf, type Schema } from './document.ts'
import type { Field, Operation, Plan } from './plan.ts'
import { createTypeReader, pascal, type TypeReader } from './read-type.ts'
import { surface, typeNames } from './surface.ts'

type Found = DocumentOperation & { http: string; path: string }

/** The document seen through the table; throws where the table names what is not there. */
export function readPlan(document: Document): Plan {
  const found = new Map(operationsOf(document).map((operation) => [operation.operationId, operation]))
  const types = createTypeReader(typeNames)
  const entries = Object.entries(surface).flatMap(([resource, methods]) =>
    Object.entries(methods).map(([method, id]) => ({ resource, method, id })),
  )
  const read = new Map<string, Operation>()
  // What `get` answers names the thing; what a list holds, or a change answers, is mostly the same.
  for (const { resource, method, id } of [...entries].sort((a, b) => rank(a.id) - rank(b.id))) {
    const operation = found.get(id)
    if (!operation) throw new Error(`${resource}.${method}: the document has no operation ${id}`)
    read.set(id, { ...readOperation(types, operation, id), resource, method })
  }
  const resources = Object.entries(surface).map(([name, methods]) => ({
    name,
    operations: Object.values<string>(methods).map((id) => read.get(id)!),
  }))
  return { resources, types: types.types() }
}

function readOperation(
  types: TypeReader,
  operation: Found,
  id: string,
): Omit<Operation, 'resource' | 'method'> {
  const parameters = operation.parameters ?? []
  const field = ({ name, schema, required = false, description }: (typeof parameters)[number]): Field => ({
    name,
    type: isSwitch(schema) ? { kind: 'boolean' } : types.read(schema, `${id}.query.${name}`, pascal(name)),
    required,
    description: description ?? schema.description ?? null,
  })
  const ofPath = new Map(
    parameters.filter(({ in: place }) => place === 'path').map((given) => [given.name, field(given)]),
  )
  const query = parameters.filter(({ in: place }) => place === 'query').map(field)
  const queryType = query.length > 0 ? types.record(query, `${id}.query`, `${pascal(id)}Query`) : null
  const body = operation.requestBody?.content['application/json']?.schema
  return {
    id,
    http: operation.http as Operation['http'],
    path: operation.path,
    summary: operation.summary ?? '',
    description: operation.description ?? null,
    params: [...operation.path.matchAll(/\{([^}]+)\}/g)].map(
      ([, name = '']) =>
        ofPath.get(name) ?? { name, type: { kind: 'string' }, required: true, description: null },
    ),
    query:
      queryType?.kind === 'named'
        ? { type: queryType.name, required: query.some(({ required }) => required) }
        : null,
    body: body
      ? {
          type: types.read(body, `${id}.body`, `${pascal(id)}Input`),
          required: needsBody(operation, body),
        }
      : null,
    answer: readAnswer(types, operation, id),
    paged: query.some(({ name }) => name === 'cursor'),
  }
}

function readAnswer(types: TypeReader, operation: Found, id: string): Operation['answer'] {
  const [success] = Object.keys(operation.responses).filter((status) => status.startsWith('2'))
  const schema = operation.responses[success ?? '']?.content?.['application/json']?.schema
  const data = schema?.properties?.data
  if (!data) throw new Error(`${id}: answers are {data}`)
  const list = data.type === 'array' && schema.properties?.next_cursor !== undefined
  return {
    kind: list ? 'list' : 'item',
    item: types.read(list ? data.items! : data, id, answerName(id)),
  }
}

function needsBody(operation: Found, body: Schema): boolean {
  return operation.requestBody?.required === true || (body.required?.length ?? 0) > 0
}

/** `?force=true`: in a program it is a boolean. */
const isSwitch = ({ enum: values }: Schema) => values?.length === 2 && values[0] === 'true'

const rank = (id: string) => (id.startsWith('get') ? 0 : id.startsWith('list') ? 1 : 2)

function answerName(id: string): string {
  if (id.startsWith('get')) return id.slice(3)
  if (id.startsWith('list')) return id.slice(4).replace(/s$/, '')
  return `${pascal(id)}Answer`
}
