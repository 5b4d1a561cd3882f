import type { ToolArgument } from '../tool.ts'

/**
 * HubSpot's CRM objects, by the API of 2026-03: numbered versions end in September 2027, dated ones after 18 months at the earliest.
 * @see https://developers.hubspot.com/docs/api-reference/2026-03/overview
 */
export type Kind = {
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

export const contacts: Kind = {
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
export const companies: Kind = {
  one: 'company',
  many: 'companies',
  path: 'companies',
  shown: ['name', 'domain', 'industry', 'city', 'country', 'phone', 'numberofemployees', 'hubspot_owner_id'],
  searched: 'name, domain, phone and website',
  example: '{"name": "Example Works", "domain": "example.com"}',
  links: { contact: 280 },
  known: '',
}
export const deals: Kind = {
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
export const plural: Record<string, string> = { contact: 'contacts', company: 'companies', deal: 'deals' }

export const base = '/crm/objects/2026-03'
export const recordId = (description: string): ToolArgument => ({
  type: 'string',
  description,
  minLength: 1,
  maxLength: 320,
})
export const limit: ToolArgument = {
  type: 'integer',
  description: 'How many at most.',
  default: 20,
  minimum: 1,
  maximum: 100,
}
export const after: ToolArgument = {
  type: 'string',
  description: 'next_after of the answer before, for the next page.',
  maxLength: 500,
}
export const nextAfter = 'next_after: answer.paging.next.after'

export const chosen = ({ many, shown }: Kind): ToolArgument => ({
  type: 'array',
  description: `Names of the properties to show, from list_properties of ${many}. Default: ${shown.join(', ')}.`,
  items: { type: 'string', minLength: 1, maxLength: 200 },
  maxItems: 50,
})
export const wanted = ({ shown }: Kind) => `(properties || \`${JSON.stringify(shown)}\`)`

export const values = ({ many, example }: Kind): ToolArgument => ({
  type: 'object',
  description: `Values by property name, as ${example}; other names: list_properties of ${many}. Dates as 2026-03-31, several options as "a;b". "" empties a property.`,
  additionalProperties: true,
  maxProperties: 200,
})
// Every value is a string there.
export const asStrings = "from_items(items(properties)[*].[[0], [1] == `null` ? '' : to_string([1])])"

export const record = ({ one }: Kind) =>
  `${one}_id: id, properties: properties, created: createdAt, changed: updatedAt, archived: archived && archived || \`null\`, url: url`

export const filter: ToolArgument = {
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
