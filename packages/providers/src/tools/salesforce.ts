import type { Tool, ToolArgument } from '../tool.ts'

/** Spring '26: every organization has it, and it is served for three years at least. */
const base = '/services/data/v66.0'

const object: ToolArgument = {
  type: 'string',
  description:
    'API name of the object, as Account, Contact, Opportunity or Invoice__c; list_objects knows them.',
  pattern: '^[A-Za-z][A-Za-z0-9_]*$',
  maxLength: 80,
}
const recordId: ToolArgument = {
  type: 'string',
  description: 'Id of the record: 15 or 18 letters and digits.',
  pattern: '^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$',
  maxLength: 18,
}
const fields: ToolArgument = {
  type: 'object',
  description:
    'Values by the API name of the field: {"LastName": "Lovelace"}. Dates as 2026-03-31, times as 2026-03-31T09:00:00Z, other records by their id; null empties a field.',
  additionalProperties: true,
  maxProperties: 200,
}
const page =
  "total: answer.totalSize, records: without(answer.records, 'attributes'), next_cursor: answer.nextRecordsUrl && split(answer.nextRecordsUrl, '/')[-1]"
// The smallest page there is; without it up to 2,000 records come at once.
const headers = { 'sforce-query-options': 'batchSize=200' }

/**
 * Salesforce, by its REST API.
 * @see https://developer.salesforce.com/docs/platform/api-rest/guide/resources-list.html
 */
export const salesforceTools: Tool[] = [
  {
    name: 'query',
    title: 'Query by SOQL',
    description:
      'Runs a SOQL query and gives its records; empty fields are left out. Always set a LIMIT. describe_object has the names of fields; query_more the next page, where there is a next_cursor.',
    access: 'read',
    input: {
      type: 'object',
      properties: {
        soql: {
          type: 'string',
          description:
            "The query: SELECT Id, Name, Owner.Name FROM Account WHERE Name LIKE 'Ex%' ORDER BY CreatedDate DESC LIMIT 20. Within quotes, ' is written \\' and \\ is written \\\\.",
          minLength: 1,
          maxLength: 12_000,
        },
      },
      required: ['soql'],
      additionalProperties: false,
    },
    steps: [{ method: 'GET', path: `${base}/query`, query: { q: 'soql' }, headers }],
    output: `{${page}}`,
  },
  {
    name: 'query_more',
    title: 'Next page of a query',
    description: 'Gives the next page of a query, by the next_cursor of the one before.',
    access: 'read',
    input: {
      type: 'object',
      properties: {
        cursor: {
          type: 'string',
          description: 'next_cursor of the answer before.',
          minLength: 1,
          maxLength: 200,
        },
      },
      required: ['cursor'],
      additionalProperties: false,
    },
    steps: [{ method: 'GET', path: `${base}/query/{cursor}`, headers }],
    output: `{${page}}`,
  },
  {
    name: 'get_record',
    title: 'Get a record',
    description: 'Shows one record, with the fields asked for or all of them; empty fields are left out.',
    access: 'read',
    input: {
      type: 'object',
      properties: {
        object,
        record_id: recordId,
        fields: {
          type: 'array',
          description: 'API names of fields to show. Default: all.',
          items: { type: 'string', minLength: 1, maxLength: 200 },
          maxItems: 100,
        },
      },
      required: ['object', 'record_id'],
      additionalProperties: false,
    },
    steps: [
      {
        method: 'GET',
        path: `${base}/sobjects/{object}/{record_id}`,
        query: { fields: "fields && join(',', fields) || `null`" },
      },
    ],
    output: "without(answer, 'attributes')",
  },
  {
    name: 'create_record',
    title: 'Create a record',
    description:
      'Adds a record of any object. describe_object says which fields it must have. Gives the id of the new record.',
    access: 'write',
    input: {
      type: 'object',
      properties: { object, fields },
      required: ['object', 'fields'],
      additionalProperties: false,
    },
    steps: [{ method: 'POST', path: `${base}/sobjects/{object}`, body: 'keep_nulls(fields)' }],
    output: '{object: object, record_id: answer.id}',
  },
  {
    name: 'update_record',
    title: 'Update a record',
    description: 'Changes the fields that are given of a record and leaves the rest.',
    access: 'write',
    destructive: true,
    idempotent: true,
    input: {
      type: 'object',
      properties: { object, record_id: recordId, fields },
      required: ['object', 'record_id', 'fields'],
      additionalProperties: false,
    },
    steps: [{ method: 'PATCH', path: `${base}/sobjects/{object}/{record_id}`, body: 'keep_nulls(fields)' }],
    output: '{object: object, record_id: record_id, updated: `true`}',
  },
  {
    name: 'describe_object',
    title: 'Describe an object',
    description:
      'Lists the fields of an object: API names, labels, types, which are required at creation, what can be set, picklist values, and the objects they refer to. Narrow it by words.',
    access: 'read',
    input: {
      type: 'object',
      properties: {
        object,
        words: {
          type: 'string',
          description: 'Only fields whose name or label has this in it.',
          minLength: 1,
          maxLength: 100,
        },
      },
      required: ['object'],
      additionalProperties: false,
    },
    steps: [{ method: 'GET', path: `${base}/sobjects/{object}/describe` }],
    output:
      "let $words = lower(words || '') in answer.{object: name, label: label, can_create: createable, can_update: updateable, " +
      'fields: fields[?contains(lower(name), $words) || contains(lower(not_null(label, name)), $words)].{name: name, label: label, type: type, ' +
      'length: length > `0` && length || `null`, required: createable && !nillable && !defaultedOnCreate && `true` || `null`, ' +
      'read_only: !createable && !updateable && `true` || `null`, refers_to: length(referenceTo || `[]`) > `0` && referenceTo || `null`, ' +
      'relationship: relationshipName, values: length(picklistValues || `[]`) > `0` && picklistValues[?active].value || `null`}}',
  },
  {
    name: 'list_objects',
    title: 'List objects',
    description:
      'Lists the objects that can be queried, with their API names. Narrow it by words: there are hundreds.',
    access: 'read',
    input: {
      type: 'object',
      properties: {
        words: {
          type: 'string',
          description: 'Only objects whose name or label has this in it.',
          minLength: 1,
          maxLength: 100,
        },
        custom_only: { type: 'boolean', description: 'true: only those the company made.', default: false },
      },
      additionalProperties: false,
    },
    steps: [{ method: 'GET', path: `${base}/sobjects` }],
    output:
      "let $words = lower(words || ''), $custom = custom_only in let $found = answer.sobjects[?queryable && (custom || !$custom) && " +
      '(contains(lower(name), $words) || contains(lower(not_null(label, name)), $words))] in {total: length($found), ' +
      'objects: $found[:200].{name: name, label: label, custom: custom && `true` || `null`, can_create: createable}}',
  },
]
