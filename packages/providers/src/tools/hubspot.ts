import type { Tool, ToolArgument } from '../tool.ts'
import {
  after,
  asStrings,
  base,
  chosen,
  companies,
  contacts,
  deals,
  filter,
  type Kind,
  limit,
  nextAfter,
  plural,
  record,
  recordId,
  values,
  wanted,
} from './hubspot-kinds.ts'

const searchTool = (kind: Kind): Tool => ({
  name: `search_${kind.many}`,
  title: `Search ${kind.many}`,
  description: `Finds ${kind.many} by words in ${kind.searched}, by conditions on properties, or both. Says how many there are in total; what was just made may take some seconds to be found.`,
  access: 'read',
  input: {
    type: 'object',
    properties: {
      query: { type: 'string', description: 'Words to look for.', minLength: 1, maxLength: 3000 },
      filters: filter,
      properties: chosen(kind),
      sort_by: {
        type: 'string',
        description: 'Name of the property to sort by, as createdate. Default: best match.',
        minLength: 1,
        maxLength: 200,
      },
      sort_direction: {
        type: 'string',
        enum: ['ASCENDING', 'DESCENDING'],
        description: 'Of sort_by.',
        default: 'DESCENDING',
      },
      limit,
      after,
    },
    additionalProperties: false,
  },
  steps: [
    {
      method: 'POST',
      path: `${base}/${kind.path}/search`,
      body:
        '{query: query, filterGroups: filters && [{filters: filters[].{propertyName: property, operator: operator, value: value, highValue: high_value, values: values}}] || `[]`, ' +
        `sorts: sort_by && [{propertyName: sort_by, direction: sort_direction}] || \`[]\`, properties: ${wanted(kind)}, limit: limit, after: after}`,
    },
  ],
  output: `{total: answer.total, ${kind.many}: answer.results[].{${record(kind)}}, ${nextAfter}}`,
})

const listTool = (kind: Kind): Tool => ({
  name: `list_${kind.many}`,
  title: `List ${kind.many}`,
  description: `Lists all ${kind.many}, page by page, oldest first. To find some of them, or the newest, use search_${kind.many}.`,
  access: 'read',
  input: {
    type: 'object',
    properties: { properties: chosen(kind), limit, after },
    additionalProperties: false,
  },
  steps: [
    {
      method: 'GET',
      path: `${base}/${kind.path}`,
      query: { properties: `join(',', ${wanted(kind)})`, limit: 'limit', after: 'after' },
    },
  ],
  output: `{${kind.many}: answer.results[].{${record(kind)}}, ${nextAfter}}`,
})

const idArgument = ({ one, many, known }: Kind) => ({
  [`${one}_id`]: recordId(`Id of the ${one}, from search_${many} or list_${many}.${known}`),
  ...(one === 'contact'
    ? {
        by_email: {
          type: 'boolean',
          description: 'true: contact_id is an e-mail address.',
          default: false,
        } satisfies ToolArgument,
      }
    : {}),
})
const idQuery = ({ one }: Kind): Record<string, string> =>
  one === 'contact' ? { idProperty: "by_email && 'email' || `null`" } : {}

const getTool = (kind: Kind): Tool => {
  const others = Object.keys(plural).filter((one) => one !== kind.one)
  return {
    name: `get_${kind.one}`,
    title: `Get a ${kind.one}`,
    description: `Shows one ${kind.one} with the properties asked for, and the ids of the ${others.map((one) => plural[one]).join(' and ')} it is linked to.`,
    access: 'read',
    input: {
      type: 'object',
      properties: { ...idArgument(kind), properties: chosen(kind) },
      required: [`${kind.one}_id`],
      additionalProperties: false,
    },
    steps: [
      {
        method: 'GET',
        path: `${base}/${kind.path}/{${kind.one}_id}`,
        query: {
          properties: `join(',', ${wanted(kind)})`,
          associations: `'${others.map((one) => plural[one]).join(',')}'`,
          ...idQuery(kind),
        },
      },
    ],
    output: `answer.{${record(kind)}, ${others
      // One record may be linked in several ways, with a row for each.
      .map(
        (one) =>
          `${one}_ids: associations.${plural[one]}.results && keys(group_by(associations.${plural[one]}.results, &id))`,
      )
      .join(', ')}}`,
  }
}

const createTool = (kind: Kind): Tool => {
  const links = Object.entries(kind.links)
  return {
    name: `create_${kind.one}`,
    title: `Create a ${kind.one}`,
    description: `Adds a ${kind.one}. Search first, it may be there already. Gives the ${kind.one} with its id.`,
    access: 'write',
    input: {
      type: 'object',
      properties: {
        properties: values(kind),
        ...Object.fromEntries(
          links.map(([one]) => [
            `${one}_ids`,
            {
              type: 'array',
              description: `Ids of ${plural[one]} to link it to.`,
              items: { type: 'string', minLength: 1, maxLength: 50 },
              maxItems: 20,
            } satisfies ToolArgument,
          ]),
        ),
      },
      required: ['properties'],
      additionalProperties: false,
    },
    steps: [
      {
        method: 'POST',
        path: `${base}/${kind.path}`,
        body: `{properties: ${asStrings}, associations: [${links
          .map(
            ([one, type]) =>
              `(${one}_ids || \`[]\`)[*].{to: {id: @}, types: [{associationCategory: 'HUBSPOT_DEFINED', associationTypeId: \`${type}\`}]}`,
          )
          .join(', ')}][]}`,
      },
    ],
    output: `answer.{${record(kind)}}`,
  }
}

const updateTool = (kind: Kind): Tool => ({
  name: `update_${kind.one}`,
  title: `Update a ${kind.one}`,
  description: `Changes the properties that are given of a ${kind.one} and leaves the rest. Gives its id and what was changed.`,
  access: 'write',
  destructive: true,
  idempotent: true,
  input: {
    type: 'object',
    properties: { ...idArgument(kind), properties: values(kind) },
    required: [`${kind.one}_id`, 'properties'],
    additionalProperties: false,
  },
  steps: [
    {
      method: 'PATCH',
      path: `${base}/${kind.path}/{${kind.one}_id}`,
      query: idQuery(kind),
      body: `{properties: ${asStrings}}`,
    },
  ],
  output: `answer.{${record(kind)}}`,
})

/** What gives the names and ids that other tools take. */
const surroundings: Tool[] = [
  {
    name: 'list_properties',
    title: 'List properties',
    description:
      'Lists the properties that contacts, companies or deals have: names, labels, types and the values of those with options. Narrow it by words; there are hundreds.',
    access: 'read',
    input: {
      type: 'object',
      properties: {
        of: { type: 'string', enum: ['contacts', 'companies', 'deals'], description: 'Whose properties.' },
        words: {
          type: 'string',
          description: 'Only those whose name or label has this in it.',
          minLength: 1,
          maxLength: 100,
        },
      },
      required: ['of'],
      additionalProperties: false,
    },
    steps: [{ method: 'GET', path: '/crm/properties/2026-03/{of}' }],
    output:
      "let $words = lower(words || '') in {properties: answer.results[?!hidden && (contains(lower(name), $words) || contains(lower(not_null(label, name)), $words))]" +
      '.{name: name, label: label, type: type, description: description != label && cut(description, `200`) || `null`, read_only: modificationMetadata.readOnlyValue && `true` || `null`, ' +
      'options: length(options || `[]`) > `0` && options[?!hidden][].{value: value, label: label} || `null`}}',
  },
  {
    name: 'list_deal_pipelines',
    title: 'List pipelines and stages of deals',
    description:
      'Lists the pipelines of deals with their stages in order; their ids are the values of pipeline and dealstage.',
    access: 'read',
    input: { type: 'object', properties: {}, additionalProperties: false },
    steps: [{ method: 'GET', path: '/crm/pipelines/2026-03/deals' }],
    output:
      '{pipelines: answer.results[].{pipeline: id, label: label, stages: sort_by(stages, &displayOrder)[].{dealstage: id, label: label, probability: metadata.probability}}}',
  },
]

export const hubspotTools: Tool[] = [
  ...[contacts, companies, deals].flatMap((kind) => [
    searchTool(kind),
    listTool(kind),
    getTool(kind),
    createTool(kind),
    updateTool(kind),
  ]),
  ...surroundings,
]
