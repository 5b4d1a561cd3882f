import type { Tool, ToolArgument } from '../tool.ts'
import { id, type Kind } from './pipedrive-kinds.ts'

/** The tools for one kind of record of API v2, made alike. */
export function recordTools(kind: Kind): Tool[] {
  return [
    ...(kind.search ? [searchTool(kind, kind.search)] : []),
    listTool(kind),
    getTool(kind),
    createTool(kind),
    updateTool(kind),
  ]
}

export const limit: ToolArgument = {
  type: 'integer',
  description: 'How many at most.',
  default: 25,
  minimum: 1,
  maximum: 100,
}
export const cursor: ToolArgument = {
  type: 'string',
  description: 'next_cursor of the answer before, for the next page.',
  maxLength: 500,
}
const nextCursor = 'next_cursor: answer.additional_data.next_cursor'

const customFields: ToolArgument = {
  type: 'object',
  description:
    'Custom fields by their code from list_fields: {"9dc8…": "value"}. Of options the option_id; null empties a field.',
  additionalProperties: true,
  maxProperties: 200,
}
const shownFields: ToolArgument = {
  type: 'array',
  description: 'Codes of custom fields to show, from list_fields. Default: none.',
  items: { type: 'string', maxLength: 100 },
  maxItems: 15,
}

const pathOf = ({ many }: Kind) => `/api/v2/${many}`
const idOf = ({ one }: Kind) => `${one === 'organization' ? 'org' : one}_id`
const theId = (kind: Kind) => ({
  [idOf(kind)]: id(
    `Id of the ${kind.one}, from ${kind.search ? `search_${kind.many} or ` : ''}list_${kind.many}.`,
  ),
})
const sameNames = (names: string[]) => Object.fromEntries(names.map((name) => [name, name]))

/** Options and labels come as `{id, label}`, which says what they are. */
const labelled = ({ custom }: Kind) =>
  custom ? { include_option_labels: "'true'", include_labels: "'true'" } : {}

const record = (kind: Kind) =>
  `answer.data.{${kind.shown}${kind.custom ? ', custom_fields: custom_fields' : ''}}`

const searchTool = (kind: Kind, { tells, filters, names, shown }: NonNullable<Kind['search']>): Tool => ({
  name: `search_${kind.many}`,
  title: `Search ${kind.many}`,
  description: `Finds ${kind.many} by words in ${tells}, best matches first, with their ids. get_${kind.one} shows one whole.`,
  access: 'read',
  input: {
    type: 'object',
    properties: {
      term: {
        type: 'string',
        description: 'Words to look for, 2 characters at least.',
        minLength: 2,
        maxLength: 500,
      },
      exact_match: {
        type: 'boolean',
        description: 'true: a whole field must be the term; case does not count.',
        default: false,
      },
      ...filters,
      limit,
      cursor,
    },
    required: ['term'],
    additionalProperties: false,
  },
  steps: [
    {
      method: 'GET',
      path: `${pathOf(kind)}/search`,
      query: { ...sameNames(['term', 'exact_match']), ...names, ...sameNames(['limit', 'cursor']) },
    },
  ],
  output: `{${kind.many}: answer.data.items[].item.{${idOf(kind)}: id, ${shown}}, ${nextCursor}}`,
})

const listTool = (kind: Kind): Tool => ({
  name: `list_${kind.many}`,
  title: `List ${kind.many}`,
  description: `Lists ${kind.many}, those changed last first, narrowed by what is given.${kind.listed}`,
  access: 'read',
  input: {
    type: 'object',
    properties: {
      ...kind.filters,
      ...(kind.custom ? { custom_fields: shownFields } : {}),
      sort_by: { type: 'string', enum: kind.sorts, description: 'What to sort by.', default: 'update_time' },
      sort_direction: {
        type: 'string',
        enum: ['asc', 'desc'],
        description: 'asc: lowest or oldest first.',
        default: 'desc',
      },
      limit,
      cursor,
    },
    additionalProperties: false,
  },
  steps: [
    {
      method: 'GET',
      path: pathOf(kind),
      query: {
        ...sameNames(Object.keys(kind.filters)),
        ...(kind.custom ? { custom_fields: "custom_fields && join(',', custom_fields)" } : {}),
        ...labelled(kind),
        ...sameNames(['sort_by', 'sort_direction', 'limit', 'cursor']),
      },
    },
  ],
  output: kind.custom
    ? `let $wanted = custom_fields in {${kind.many}: answer.data[].{${kind.shown}, custom_fields: $wanted && custom_fields}, ${nextCursor}}`
    : `{${kind.many}: answer.data[].{${kind.shown}}, ${nextCursor}}`,
})

const getTool = (kind: Kind): Tool => ({
  name: `get_${kind.one}`,
  title: `Get ${kind.article} ${kind.one}`,
  description: `Shows one ${kind.one}.${kind.custom ? ' list_fields says what the codes of its custom fields mean; list_notes and list_activities have what belongs to it.' : ''}`,
  access: 'read',
  input: {
    type: 'object',
    properties: theId(kind),
    required: [idOf(kind)],
    additionalProperties: false,
  },
  steps: [{ method: 'GET', path: `${pathOf(kind)}/{${idOf(kind)}}`, query: labelled(kind) }],
  output: record(kind),
})

const fieldsOf = (kind: Kind) => ({ ...kind.fields, ...(kind.custom ? { custom_fields: customFields } : {}) })

function bodyOf(kind: Kind): string {
  const as = { ...sameNames(Object.keys(kind.fields)), ...kind.sent }
  const sent = Object.entries(as).flatMap(([name, expression]) =>
    expression === null ? [] : `${name}: ${expression}`,
  )
  return `{${[...sent, ...(kind.custom ? ['custom_fields: keep_nulls(custom_fields)'] : [])].join(', ')}}`
}

const createTool = (kind: Kind): Tool => ({
  name: `create_${kind.one}`,
  title: `Create ${kind.article} ${kind.one}`,
  description: `Adds ${kind.article} ${kind.one}.${kind.search ? ' Search first, it may be there already.' : ''} Gives the ${kind.one} with its id.`,
  access: 'write',
  input: {
    type: 'object',
    properties: fieldsOf(kind),
    required: kind.required,
    additionalProperties: false,
  },
  steps: [{ method: 'POST', path: pathOf(kind), body: bodyOf(kind) }],
  output: record(kind),
})

const updateTool = (kind: Kind): Tool => ({
  name: `update_${kind.one}`,
  title: `Update ${kind.article} ${kind.one}`,
  description: `Changes what is given of ${kind.article} ${kind.one} and leaves the rest. Gives the ${kind.one} as it is now.`,
  access: 'write',
  destructive: true,
  idempotent: true,
  input: {
    type: 'object',
    properties: { ...theId(kind), ...fieldsOf(kind) },
    required: [idOf(kind)],
    additionalProperties: false,
  },
  steps: [{ method: 'PATCH', path: `${pathOf(kind)}/{${idOf(kind)}}`, body: bodyOf(kind) }],
  output: record(kind),
})
