import type { Tool, ToolArgument } from '../tool.ts'

/**
 * HubSpot's CRM objects, by the API of 2026-03: numbered versions end in September 2027, dated ones after 18 months at the earliest.
 * @see https://developers.hubspot.com/docs/api-reference/2026-03/overview
 */
type Kind = {
  one: string
  many: string
  /** The kind's name in paths; deals go by their type id, as the API's description writes it. */
  path: string
  /** Shown where no properties are chosen. */
  shown: string[]
  /** What a search looks into. */
  searched: string
  /** Words on the properties one would set. */
  example: string
  /** Other records that one is linked to at creation: kind → HubSpot's id of the unlabelled association. */
  links: Record<string, number>
  /** Further words on the id. */
  known: string
}

const contacts: Kind = {
  one: 'contact',
  many: 'contacts',
  path: 'contacts',
  shown: [
    'firstname',
    'lastname',
    'email',
    'phone',
    'company',
    'jobtitle',
    'lifecyclestage',
    'hubspot_owner_id',
  ],
  searched: 'name, e-mail, phone and company',
  example: '{"email": "ada@example.com", "firstname": "Ada", "lastname": "Lovelace"}',
  links: { company: 279 },
  known: ' With by_email it is the address instead.',
}
const companies: Kind = {
  one: 'company',
  many: 'companies',
  path: 'companies',
  shown: ['name', 'domain', 'industry', 'city', 'country', 'phone', 'numberofemployees', 'hubspot_owner_id'],
  searched: 'name, domain, phone and website',
  example: '{"name": "Example Works", "domain": "example.com"}',
  links: { contact: 280 },
  known: '',
}
const deals: Kind = {
  one: 'deal',
  many: 'deals',
  path: '0-3',
  shown: [
    'dealname',
    'amount',
    'deal_currency_code',
    'dealstage',
    'pipeline',
    'closedate',
    'hubspot_owner_id',
  ],
  searched: 'name, stage and pipeline',
  example: '{"dealname": "New engine", "amount": "1500", "dealstage": "appointmentscheduled"}',
  links: { contact: 3, company: 341 },
  known: '',
}
const plural: Record<string, string> = { contact: 'contacts', company: 'companies', deal: 'deals' }

const base = '/crm/objects/2026-03'
const recordId = (description: string): ToolArgument => ({
  type: 'string',
  description,
  minLength: 1,
  maxLength: 320,
})
const limit: ToolArgument = {
  type: 'integer',
  description: 'How many at most.',
  default: 20,
  minimum: 1,
  maximum: 100,
}
const after: ToolArgument = {
  type: 'string',
  description: 'next_after of the answer before, for the next page.',
  maxLength: 500,
}
const nextAfter = 'next_after: answer.paging.next.after'

const chosen = ({ many, shown }: Kind): ToolArgument => ({
  type: 'array',
  description: `Names of the properties to show, from list_properties of ${many}. Default: ${shown.join(', ')}.`,
  items: { type: 'string', minLength: 1, maxLength: 200 },
  maxItems: 50,
})
const wanted = ({ shown }: Kind) => `(properties || \`${JSON.stringify(shown)}\`)`

const values = ({ many, example }: Kind): ToolArgument => ({
  type: 'object',
  description: `Values by property name, as ${example}; other names: list_properties of ${many}. Dates as 2026-03-31, several options as "a;b". "" empties a property.`,
  additionalProperties: true,
})
// Every value is a string there.
const asStrings = "from_items(items(properties)[*].[[0], [1] == `null` ? '' : to_string([1])])"

const record = ({ one }: Kind) =>
  `${one}_id: id, properties: properties, created: createdAt, changed: updatedAt, archived: archived && archived || \`null\`, url: url`

const filter: ToolArgument = {
  type: 'array',
  description: 'Conditions that must all hold.',
  maxItems: 10,
  items: {
    type: 'object',
    properties: {
      property: { type: 'string', description: 'Name of the property.', minLength: 1, maxLength: 200 },
      operator: {
        type: 'string',
        description:
          'CONTAINS_TOKEN takes * as a wildcard; IN and NOT_IN take values; BETWEEN takes value and high_value; (NOT_)HAS_PROPERTY takes none.',
        enum: [
          'EQ',
          'NEQ',
          'LT',
          'LTE',
          'GT',
          'GTE',
          'BETWEEN',
          'IN',
          'NOT_IN',
          'HAS_PROPERTY',
          'NOT_HAS_PROPERTY',
          'CONTAINS_TOKEN',
          'NOT_CONTAINS_TOKEN',
        ],
      },
      value: { type: 'string', description: 'Times as 2026-03-01T00:00:00Z.', maxLength: 3000 },
      high_value: { type: 'string', description: 'Upper end of BETWEEN.', maxLength: 3000 },
      values: {
        type: 'array',
        description: 'For IN and NOT_IN; text in lower case.',
        items: { type: 'string', maxLength: 3000 },
        maxItems: 100,
      },
    },
    required: ['property', 'operator'],
    additionalProperties: false,
  },
}

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
