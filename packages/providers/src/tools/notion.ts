import type { Tool, ToolArgument } from '../tool.ts'

const id = (description: string): ToolArgument => ({
  type: 'string',
  description: `${description} 32 hexadecimal digits, with or without hyphens.`,
  pattern: '^[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}$',
})

const cursor: ToolArgument = {
  type: 'string',
  description:
    'The next_cursor of the answer before, with the same other arguments, to go on where that ended.',
  maxLength: 200,
}

const limit = (description: string): ToolArgument => ({
  type: 'integer',
  description: `${description}, 1 to 100.`,
  minimum: 1,
  maximum: 100,
  default: 20,
})

const text = (path: string) => `join('', ${path}[].plain_text || \`[]\`)`

const pageTitle = `join('', (values(properties || \`{}\`)[?type == 'title'] | [0].title[].plain_text) || \`[]\`)`

/** A property of a page as a plain value; what has none is left out. */
const plainValue = `(type == 'title' ? ${text('title')} : type == 'rich_text' ? ${text('rich_text')}
  : type == 'number' ? number : type == 'checkbox' ? checkbox
  : type == 'select' ? select.name : type == 'status' ? status.name : type == 'multi_select' ? multi_select[].name
  : type == 'date' ? (date.end ? date.{start: start, end: end} : date.start)
  : type == 'people' ? people[].not_null(name, id) : type == 'relation' ? relation[].id : type == 'files' ? files[].name
  : type == 'url' ? url : type == 'email' ? email : type == 'phone_number' ? phone_number
  : type == 'formula' ? not_null(formula.string, formula.number, formula.boolean, formula.date.start)
  : type == 'rollup' ? not_null(rollup.number, rollup.date.start)
  : type == 'unique_id' ? join('-', [not_null(unique_id.prefix, ''), to_string(unique_id.number)])
  : type == 'created_time' ? created_time : type == 'last_edited_time' ? last_edited_time
  : type == 'created_by' ? created_by.not_null(name, id) : type == 'last_edited_by' ? last_edited_by.not_null(name, id) : \`null\`)`

const plainProperties = `from_items(items(properties || \`{}\`)[*].[@[0], (@[1] | ${plainValue})])`

const pageBrief = `page_id: id, title: ${pageTitle}, url: url, last_edited_at: last_edited_time`

const search: Tool = {
  name: 'search',
  title: 'Search',
  description:
    'Finds pages and databases by words of their titles, the last edited first. Only what was shared with the connection is found. ' +
    'Read a page with get_page; for a database take its data_source_id to get_database and query_database.',
  access: 'read',
  input: {
    type: 'object',
    properties: {
      query: { type: 'string', description: 'Words of the title. Left out: everything.', maxLength: 500 },
      kind: {
        type: 'string',
        description: 'Only pages, or only databases. Left out: both.',
        enum: ['page', 'database'],
      },
      limit: limit('How many hits at most'),
      cursor,
    },
    additionalProperties: false,
  },
  steps: [
    {
      method: 'POST',
      path: '/v1/search',
      body: `{
        query: query, page_size: limit, start_cursor: cursor,
        filter: (kind ? {property: 'object', value: (kind == 'page' ? 'page' : 'data_source')} : \`null\`),
        sort: {timestamp: 'last_edited_time', direction: 'descending'}
      }`,
    },
  ],
  output: `{
    hits: answer.results[].{
      kind: (object == 'page' ? 'page' : 'database'),
      page_id: (object == 'page' ? id : \`null\`),
      data_source_id: (object == 'data_source' ? id : \`null\`),
      database_id: (object == 'data_source' ? parent.database_id : \`null\`),
      title: (object == 'page' ? ${pageTitle} : ${text('title')}),
      url: url, last_edited_at: last_edited_time,
      in_page_id: parent.page_id, in_data_source_id: (object == 'page' ? parent.data_source_id : \`null\`)
    },
    next_cursor: answer.next_cursor
  }`,
}

const getPage: Tool = {
  name: 'get_page',
  title: 'Get a page',
  description:
    'Gives a page: its title, its properties as plain values, and its text as Markdown. A row of a database is a page.',
  access: 'read',
  input: {
    type: 'object',
    properties: { page_id: id('Id of the page, as search or query_database gives it.') },
    required: ['page_id'],
    additionalProperties: false,
  },
  steps: [
    { as: 'page', method: 'GET', path: '/v1/pages/{page_id}' },
    { as: 'content', method: 'GET', path: '/v1/pages/{page_id}/markdown' },
  ],
  output: `merge(page.{${pageBrief},
    created_at: created_time, in_trash: (in_trash ? \`true\` : \`null\`),
    in_page_id: parent.page_id, in_data_source_id: parent.data_source_id, properties: ${plainProperties}
  }, content.{markdown: cut(markdown, \`60000\`), incomplete: (truncated ? \`true\` : \`null\`)})`,
}

const getDatabase: Tool = {
  name: 'get_database',
  title: 'Get a database',
  description:
    'Gives the properties of a database: names, types and choices, as query_database and create_page need them. Takes one of the two ids.',
  access: 'read',
  input: {
    type: 'object',
    properties: {
      data_source_id: id('As search gives it.'),
      database_id: id('As it stands in the link of the database; it may hold several data sources.'),
    },
    additionalProperties: false,
  },
  steps: [
    {
      as: 'database',
      when: '!data_source_id',
      method: 'GET',
      path: '/v1/databases/{database_id}',
    },
    {
      as: 'sources',
      each: 'data_source_id ? [data_source_id] : database.data_sources[].id',
      method: 'GET',
      path: '/v1/data_sources/{it}',
    },
  ],
  output: `{data_sources: sources[].{
    data_source_id: id, database_id: parent.database_id, title: ${text('title')}, url: url,
    properties: from_items(items(properties)[*].[@[0], @[1].{
      type: type,
      options: not_null(select.options, multi_select.options, status.options)[].name,
      related_data_source_id: relation.data_source_id
    }])
  }}`,
}

const queryDatabase: Tool = {
  name: 'query_database',
  title: 'Query a database',
  description:
    'Lists the rows of a database with their properties as plain values. Filter and sort by the names that get_database gives; read a row with get_page.',
  access: 'read',
  input: {
    type: 'object',
    properties: {
      data_source_id: id('As search and get_database give it.'),
      filter: {
        type: 'object',
        description:
          'Filter of the Notion API, like {"property":"Status","status":{"equals":"Done"}}, {"property":"Name","title":{"contains":"x"}}, ' +
          '{"property":"Due","date":{"on_or_before":"2026-03-01"}}; several by {"and":[…]} or {"or":[…]}.',
        additionalProperties: true,
        maxProperties: 200,
      },
      sort_by: {
        type: 'string',
        description: 'Name of a property, or created_time or last_edited_time.',
        maxLength: 200,
      },
      descending: { type: 'boolean', description: 'The other way round.', default: false },
      limit: limit('How many rows at most'),
      cursor,
    },
    required: ['data_source_id'],
    additionalProperties: false,
  },
  steps: [
    {
      method: 'POST',
      path: '/v1/data_sources/{data_source_id}/query',
      body: `{
        filter: filter, page_size: limit, start_cursor: cursor,
        sorts: (sort_by ? [
          (contains(['created_time', 'last_edited_time'], sort_by)
            ? {timestamp: sort_by, direction: (descending ? 'descending' : 'ascending')}
            : {property: sort_by, direction: (descending ? 'descending' : 'ascending')})
        ] : \`null\`)
      }`,
    },
  ],
  output: `{
    rows: answer.results[?object == 'page'].{${pageBrief}, properties: ${plainProperties}},
    next_cursor: answer.next_cursor
  }`,
}

// A plain value beside its type in the database → what the API takes. An object is taken as it is.
const apiValue = `(type(@[1]) == 'object' ? (@[2] == 'date' && @[1].start ? {date: @[1]} : @[1])
  : @[2] == 'title' ? {title: [{text: {content: to_string(@[1])}}]}
  : @[2] == 'rich_text' ? {rich_text: [{text: {content: to_string(@[1])}}]}
  : @[2] == 'number' ? {number: @[1]} : @[2] == 'checkbox' ? {checkbox: @[1]}
  : @[2] == 'select' ? {select: {name: @[1]}} : @[2] == 'status' ? {status: {name: @[1]}}
  : @[2] == 'multi_select' ? {multi_select: to_array(@[1])[].{name: @}}
  : @[2] == 'date' ? {date: {start: @[1]}}
  : @[2] == 'url' ? {url: @[1]} : @[2] == 'email' ? {email: @[1]} : @[2] == 'phone_number' ? {phone_number: @[1]}
  : @[2] == 'relation' ? {relation: to_array(@[1])[].{id: @}}
  : @[2] == 'people' ? {people: to_array(@[1])[].{object: 'user', id: @}} : @[1])`

const apiProperties = `(let $schema = items(source.properties || \`{}\`) in
  from_items(items(properties || \`{}\`)[*].[let $name = @[0] in [$name, @[1], ($schema[?@[0] == $name] | [0][1].type)]][] | [*].[@[0], ${apiValue}]))`

const createPage: Tool = {
  name: 'create_page',
  title: 'Create a page',
  description:
    'Makes a page below a page, or a row in a database, with text in Markdown. Give one parent; without one the page is private, at the top of the workspace.',
  access: 'write',
  input: {
    type: 'object',
    properties: {
      title: { type: 'string', description: 'Title of the page or row.', minLength: 1, maxLength: 2000 },
      parent_page_id: id('The page below which it shall be.'),
      data_source_id: id('The database in which it shall be a row, as search gives it.'),
      properties: {
        type: 'object',
        description:
          'For a row: property name → plain value as query_database shows it, like {"Status":"Done","Due":"2026-03-01","Tags":["a"],"Count":3}. Names and choices: get_database.',
        additionalProperties: true,
        maxProperties: 200,
      },
      markdown: {
        type: 'string',
        description: 'The text, in Markdown, at most 100,000 characters.',
        maxLength: 100_000,
      },
    },
    required: ['title'],
    additionalProperties: false,
  },
  steps: [
    {
      as: 'source',
      when: 'data_source_id && properties',
      method: 'GET',
      path: '/v1/data_sources/{data_source_id}',
    },
    {
      method: 'POST',
      path: '/v1/pages',
      // The property of the title has the id `title`, whatever its name is.
      body: `{
        parent: (parent_page_id ? {type: 'page_id', page_id: parent_page_id}
          : data_source_id ? {type: 'data_source_id', data_source_id: data_source_id}
          : {type: 'workspace', workspace: \`true\`}),
        properties: merge(${apiProperties}, {title: {title: [{text: {content: title}}]}}),
        markdown: markdown
      }`,
    },
  ],
  output: `answer.{page_id: id, title: ${pageTitle}, url: url, created_at: created_time}`,
}

const appendToPage: Tool = {
  name: 'append_to_page',
  title: 'Append to a page',
  description: 'Adds text in Markdown at the end of a page. What is there stays.',
  access: 'write',
  input: {
    type: 'object',
    properties: {
      page_id: id('Id of the page.'),
      markdown: {
        type: 'string',
        description: 'What is added, in Markdown, at most 100,000 characters.',
        minLength: 1,
        maxLength: 100_000,
      },
    },
    required: ['page_id', 'markdown'],
    additionalProperties: false,
  },
  steps: [
    {
      method: 'PATCH',
      path: '/v1/pages/{page_id}/markdown',
      body: "{type: 'insert_content', insert_content: {content: markdown}}",
    },
  ],
  output: '{page_id: answer.id, characters: length(answer.markdown)}',
}

export const notionTools: Tool[] = [search, getPage, getDatabase, queryDatabase, createPage, appendToPage]
