import type { Tool, ToolArgument } from '../tool.ts'
import { activities, asHtml, deals, id, organizations, persons } from './pipedrive-kinds.ts'
import { cursor, limit, recordTools } from './pipedrive-records.ts'

const none = { type: 'object', properties: {}, additionalProperties: false } as const

const attachedTo: Record<string, ToolArgument> = {
  deal_id: id('Id of the deal, from search_deals.'),
  person_id: id('Id of the person, from search_persons.'),
  org_id: id('Id of the organization, from search_organizations.'),
}
const noteId = id('Id of the note, from list_notes.')
const content: ToolArgument = {
  type: 'string',
  description: 'What the note says: plain text, or HTML.',
  minLength: 1,
  maxLength: 100_000,
}
const note = (most: number) =>
  `note_id: id, text: cut(html_text(content), \`${most}\`), by: user.name, deal_id: deal_id, deal: deal.title, person_id: person_id, ` +
  'person: person.name, org_id: org_id, organization: organization.name, added: add_time, changed: update_time'

/** Notes are in API v1 only. */
const notes: Tool[] = [
  {
    name: 'list_notes',
    title: 'List notes',
    description:
      'Lists notes, those changed last first: of one deal, person or organization, or of all. To find notes by words, use search_deals, search_persons or search_organizations, which look into them.',
    access: 'read',
    input: {
      type: 'object',
      properties: {
        ...attachedTo,
        updated_since: {
          type: 'string',
          format: 'date-time',
          maxLength: 40,
          description: 'Only what was changed at or after this time, in UTC: 2026-03-01T00:00:00Z.',
        },
        limit,
        start: { type: 'integer', description: 'next_start of the answer before.', default: 0, minimum: 0 },
      },
      additionalProperties: false,
    },
    steps: [
      {
        method: 'GET',
        path: '/api/v1/notes',
        query: {
          deal_id: 'deal_id',
          person_id: 'person_id',
          org_id: 'org_id',
          updated_since: 'updated_since',
          sort: "'update_time DESC'",
          start: 'start',
          limit: 'limit',
        },
      },
    ],
    output: `{notes: (answer.data || \`[]\`)[].{${note(2000)}}, next_start: answer.additional_data.pagination.next_start}`,
  },
  {
    name: 'get_note',
    title: 'Get a note',
    description: 'Shows one note whole.',
    access: 'read',
    input: {
      type: 'object',
      properties: { note_id: noteId },
      required: ['note_id'],
      additionalProperties: false,
    },
    steps: [{ method: 'GET', path: '/api/v1/notes/{note_id}' }],
    output: `answer.data.{${note(50_000)}}`,
  },
  {
    name: 'create_note',
    title: 'Create a note',
    description:
      'Attaches a note to a deal, a person or an organization: give at least one of their ids. Gives the note with its id.',
    access: 'write',
    input: {
      type: 'object',
      properties: { content, ...attachedTo },
      required: ['content'],
      additionalProperties: false,
    },
    steps: [
      {
        method: 'POST',
        path: '/api/v1/notes',
        body: `{content: ${asHtml('content')}, deal_id: deal_id, person_id: person_id, org_id: org_id}`,
      },
    ],
    output: `answer.data.{${note(2000)}}`,
  },
  {
    name: 'update_note',
    title: 'Update a note',
    description: 'Replaces the text of a note. Gives the note as it is now.',
    access: 'write',
    destructive: true,
    idempotent: true,
    input: {
      type: 'object',
      properties: { note_id: noteId, content },
      required: ['note_id', 'content'],
      additionalProperties: false,
    },
    steps: [{ method: 'PUT', path: '/api/v1/notes/{note_id}', body: `{content: ${asHtml('content')}}` }],
    output: `answer.data.{${note(2000)}}`,
  },
]

/** What gives the ids and codes that other tools take. */
const surroundings: Tool[] = [
  {
    name: 'get_current_user',
    title: 'Get the connected user',
    description:
      'Says whose account this is: user id (the owner_id of what is theirs), company and its web address. A record opens in a browser at web_address + /deal/ID, /person/ID or /organization/ID.',
    access: 'read',
    input: none,
    steps: [{ method: 'GET', path: '/api/v1/users/me' }],
    output:
      "answer.data.{user_id: id, name: name, email: email, company: company_name, currency: default_currency, timezone: timezone_name, web_address: company_domain && join('', ['https://', company_domain, '.pipedrive.com'])}",
  },
  {
    name: 'list_pipelines',
    title: 'List pipelines and stages',
    description: 'Lists the pipelines with their stages in order, whose ids deals have and take.',
    access: 'read',
    input: none,
    steps: [
      { as: 'pipelines', method: 'GET', path: '/api/v2/pipelines', query: { limit: '`100`' } },
      {
        as: 'stages',
        method: 'GET',
        path: '/api/v2/stages',
        query: { sort_by: "'order_nr'", sort_direction: "'asc'", limit: '`500`' },
      },
    ],
    output:
      'let $stages = stages.data in {pipelines: pipelines.data[?!is_deleted].{pipeline_id: id, name: name, stages: let $id = id in ' +
      '$stages[?pipeline_id == $id && !is_deleted].{stage_id: id, name: name, probability: deal_probability}}}',
  },
  {
    name: 'list_fields',
    title: 'List fields',
    description:
      'Lists the custom fields of deals, persons or organizations: their codes, which records show and take, names, types and options.',
    access: 'read',
    input: {
      type: 'object',
      properties: {
        of: { type: 'string', enum: ['deal', 'person', 'organization'], description: 'Whose fields.' },
        custom_only: {
          type: 'boolean',
          description: 'false: built-in fields too, such as label_ids with its options.',
          default: true,
        },
        limit: { ...limit, default: 100, maximum: 500 },
        cursor,
      },
      required: ['of'],
      additionalProperties: false,
    },
    steps: [
      {
        method: 'GET',
        path: "/api/v2/{join('', [of, 'Fields'])}",
        query: { limit: 'limit', cursor: 'cursor' },
      },
    ],
    output:
      'let $only = custom_only in {fields: answer.data[?is_custom_field || !$only].{code: field_code, name: field_name, type: field_type, ' +
      'custom: is_custom_field, description: description, options: options[].{option_id: id, label: label}}, next_cursor: answer.additional_data.next_cursor}',
  },
  {
    name: 'list_activity_types',
    title: 'List types of activities',
    description: 'Lists the types that an activity can have.',
    access: 'read',
    input: none,
    steps: [{ method: 'GET', path: '/api/v1/activityTypes' }],
    output: '{types: (answer.data || `[]`)[?active_flag].{type: key_string, name: name}}',
  },
]

/**
 * Pipedrive: API v2, and v1 for what v2 does not have (notes, types of activities, the user).
 * @see https://developers.pipedrive.com/docs/api/v1
 */
export const pipedriveTools: Tool[] = [
  ...[deals, persons, organizations, activities].flatMap(recordTools),
  ...notes,
  ...surroundings,
]
