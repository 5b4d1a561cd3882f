import type { ToolArgument } from '../tool.ts'

/** What there is to know of one kind of Pipedrive record, so that its tools can be made alike. */
export type Kind = {
  one: string
  many: string
  article: 'a' | 'an'
  /** What a list takes besides paging and sorting; each goes out under its own name. */
  filters: Record<string, ToolArgument>
  sorts: string[]
  /** What a search takes besides the term: argument → name of the query parameter. Absent: the service has no search for it. */
  search?: {
    filters: Record<string, ToolArgument>
    names: Record<string, string>
    shown: string
    tells: string
  }
  /** What can be set. */
  fields: Record<string, ToolArgument>
  required: string[]
  /** How a field is sent, where it is not as it was given; null: not under its own name. */
  sent: Record<string, string | null>
  /** A further sentence on the list. */
  listed: string
  /** How a record is shown, as the inside of `{…}`. */
  shown: string
  custom: boolean
}

export const id = (description: string): ToolArgument => ({ type: 'integer', description, minimum: 1 })
const text = (description: string, maxLength: number): ToolArgument => ({
  type: 'string',
  description,
  maxLength,
})

const owner = id('Id of the user who owns it; get_current_user gives your own.')
const person = id('Id of the person, from search_persons.')
const organization = id('Id of the organization, from search_organizations.')
const deal = id('Id of the deal, from search_deals.')
const updatedSince: ToolArgument = {
  type: 'string',
  format: 'date-time',
  maxLength: 40,
  description: 'Only what was changed at or after this time, in UTC: 2026-03-01T00:00:00Z.',
}
const labels: ToolArgument = {
  type: 'array',
  description: 'Ids of labels, from the options of label_ids in list_fields. Replaces the labels it has.',
  items: { type: 'integer', minimum: 1 },
  maxItems: 20,
}
const ways = (what: string, example: string): ToolArgument => ({
  type: 'array',
  description: `${what}, the main one first. Replaces all that it has.`,
  maxItems: 20,
  items: {
    type: 'object',
    properties: {
      value: { type: 'string', description: `As ${example}.`, minLength: 1, maxLength: 255 },
      label: { type: 'string', description: 'Default: work.', enum: ['work', 'home', 'mobile', 'other'] },
    },
    required: ['value'],
    additionalProperties: false,
  },
})
const mainFirst = (name: string) =>
  `${name} && [${name}[:1].{value: value, label: label || 'work', primary: \`true\`}, ${name}[1:].{value: value, label: label || 'work', primary: \`false\`}][]`

/** Plain text keeps its lines where HTML is stored. */
export const asHtml = (name: string) =>
  `${name} && (contains(${name}, '<') ? ${name} : replace(${name}, \`"\\n"\`, '<br>'))`

const status = (description: string): ToolArgument => ({
  type: 'string',
  enum: ['open', 'won', 'lost'],
  description,
})

export const deals: Kind = {
  one: 'deal',
  many: 'deals',
  article: 'a',
  filters: {
    status: status('Only deals of this status. Default: all.'),
    owner_id: owner,
    person_id: person,
    org_id: organization,
    pipeline_id: id('Id of the pipeline, from list_pipelines.'),
    stage_id: id('Id of the stage, from list_pipelines.'),
    updated_since: updatedSince,
  },
  sorts: ['update_time', 'add_time', 'id'],
  search: {
    tells: 'title, notes and custom fields',
    filters: {
      status: status('Only deals of this status. Default: all.'),
      person_id: person,
      org_id: organization,
    },
    names: { status: 'status', person_id: 'person_id', organization_id: 'org_id' },
    shown:
      'title: title, value: value, currency: currency, status: status, stage: stage.name, person: person.{person_id: id, name: name}, ' +
      'organization: organization.{org_id: id, name: name}, owner_id: owner.id, archived: is_archived, ' +
      'matching_notes: notes[*].cut(html_text(@), `500`), matching_fields: custom_fields',
  },
  fields: {
    title: { type: 'string', description: 'Title of the deal.', minLength: 1, maxLength: 255 },
    value: { type: 'number', description: 'What it is worth, without currency: 1500.5.' },
    currency: {
      type: 'string',
      pattern: '^[A-Z]{3}$',
      maxLength: 3,
      description: "Currency code: EUR. Default: the owner's.",
    },
    person_id: person,
    org_id: organization,
    pipeline_id: id('Id of the pipeline, from list_pipelines. Default: the first one.'),
    stage_id: id('Id of the stage, from list_pipelines; it decides the pipeline.'),
    status: status('Status.'),
    lost_reason: text('Why it was lost; only with status lost.', 255),
    probability: {
      type: 'integer',
      minimum: 0,
      maximum: 100,
      description: 'Chance of winning, in percent; only where the pipeline uses it.',
    },
    expected_close_date: {
      type: 'string',
      format: 'date',
      maxLength: 10,
      description: 'Day on which it should be won: 2026-03-31.',
    },
    owner_id: owner,
    label_ids: labels,
  },
  required: ['title'],
  sent: {},
  listed: ' To find by words, use search_deals. Archived deals are not among them.',
  shown:
    'deal_id: id, title: title, value: value, currency: currency, status: status, pipeline_id: pipeline_id, stage_id: stage_id, ' +
    'person_id: person_id, org_id: org_id, owner_id: owner_id, probability: probability, expected_close_date: expected_close_date, ' +
    'lost_reason: lost_reason, added: add_time, changed: update_time, won: won_time, lost: lost_time, labels: labels[].label, label_ids: label_ids',
  custom: true,
}

export const persons: Kind = {
  one: 'person',
  many: 'persons',
  article: 'a',
  filters: { owner_id: owner, org_id: organization, deal_id: deal, updated_since: updatedSince },
  sorts: ['update_time', 'add_time', 'id'],
  search: {
    tells: 'name, e-mail, phone, notes and custom fields',
    filters: { org_id: organization },
    names: { organization_id: 'org_id' },
    shown:
      'name: name, emails: emails, phones: phones, organization: organization.{org_id: id, name: name}, owner_id: owner.id, ' +
      'matching_notes: notes[*].cut(html_text(@), `500`), matching_fields: custom_fields',
  },
  fields: {
    name: { type: 'string', description: 'Full name.', minLength: 1, maxLength: 255 },
    emails: ways('E-mail addresses', 'ada@example.com'),
    phones: ways('Phone numbers', '+44 20 7946 0018'),
    org_id: organization,
    owner_id: owner,
    label_ids: labels,
  },
  required: ['name'],
  listed: ' To find by words, use search_persons.',
  sent: { emails: mainFirst('emails'), phones: mainFirst('phones') },
  shown:
    'person_id: id, name: name, emails: emails[].{value: value, label: label, main: primary}, ' +
    'phones: phones[].{value: value, label: label, main: primary}, org_id: org_id, owner_id: owner_id, job_title: job_title, ' +
    'birthday: birthday, added: add_time, changed: update_time, labels: labels[].label, label_ids: label_ids',
  custom: true,
}

export const organizations: Kind = {
  one: 'organization',
  many: 'organizations',
  article: 'an',
  filters: { owner_id: owner, updated_since: updatedSince },
  sorts: ['update_time', 'add_time', 'id'],
  search: {
    tells: 'name, address, notes and custom fields',
    filters: {},
    names: {},
    shown:
      'name: name, address: address, owner_id: owner.id, matching_notes: notes[*].cut(html_text(@), `500`), matching_fields: custom_fields',
  },
  fields: {
    name: { type: 'string', description: 'Name of the organization.', minLength: 1, maxLength: 255 },
    address: text('Whole address in one line: 12 High Street, London SW1A 1AA, UK.', 500),
    website: text('Address of its website.', 255),
    annual_revenue: { type: 'number', description: 'Revenue of a year, in the currency of the company.' },
    employee_count: { type: 'integer', minimum: 0, description: 'How many people work there.' },
    owner_id: owner,
    label_ids: labels,
  },
  required: ['name'],
  listed: ' To find by words, use search_organizations.',
  sent: { address: 'address && {value: address}' },
  shown:
    'org_id: id, name: name, address: address.value, website: website, industry: industry, annual_revenue: annual_revenue, ' +
    'employee_count: employee_count, owner_id: owner_id, added: add_time, changed: update_time, labels: labels[].label, label_ids: label_ids',
  custom: true,
}

export const activities: Kind = {
  one: 'activity',
  many: 'activities',
  article: 'an',
  filters: {
    done: { type: 'boolean', description: 'true: only what is done; false: only what is still to do.' },
    owner_id: owner,
    deal_id: deal,
    person_id: person,
    org_id: organization,
    updated_since: updatedSince,
  },
  sorts: ['due_date', 'update_time', 'add_time', 'id'],
  fields: {
    subject: { type: 'string', description: 'What is to be done.', minLength: 1, maxLength: 255 },
    type: text(
      'call, meeting, task, deadline, email, lunch, or another type of list_activity_types. Default: the first type.',
      100,
    ),
    due_date: {
      type: 'string',
      format: 'date',
      maxLength: 10,
      description: 'Day on which it is due, in UTC: 2026-03-31.',
    },
    due_time: {
      type: 'string',
      pattern: '^([01]\\d|2[0-3]):[0-5]\\d$',
      maxLength: 5,
      description: 'Time at which it begins, in UTC: 14:30.',
    },
    duration: {
      type: 'string',
      pattern: '^\\d{2}:[0-5]\\d$',
      maxLength: 5,
      description: 'How long it takes, hours and minutes: 00:45.',
    },
    done: { type: 'boolean', description: 'true: it is done.' },
    deal_id: deal,
    org_id: organization,
    participant_ids: {
      type: 'array',
      description:
        'Ids of persons who take part, the main one first, from search_persons. Replaces those it has.',
      items: { type: 'integer', minimum: 1 },
      maxItems: 50,
    },
    owner_id: owner,
    location: text('Address of the place.', 500),
    note: text('Text for the team: plain, or HTML.', 50_000),
    public_description: text('Text that invited guests see too.', 10_000),
  },
  required: ['subject'],
  listed: ' Calls, meetings, tasks and the like.',
  sent: {
    participant_ids: null,
    participants:
      'participant_ids && [participant_ids[:1].{person_id: @, primary: `true`}, participant_ids[1:].{person_id: @, primary: `false`}][]',
    location: 'location && {value: location}',
    note: asHtml('note'),
  },
  shown:
    'activity_id: id, subject: subject, type: type, done: done, due_date: due_date, due_time: due_time, duration: duration, deal_id: deal_id, ' +
    'person_id: person_id, org_id: org_id, participant_ids: participants[].person_id, owner_id: owner_id, location: location.value, ' +
    'meeting_url: conference_meeting_url, note: cut(html_text(note), `4000`), public_description: cut(public_description, `4000`), ' +
    'added: add_time, changed: update_time, done_at: marked_as_done_time',
  custom: false,
}
