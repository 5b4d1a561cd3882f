import type { Account } from '../accounts.ts'
import { type Answer, json } from '../answer.ts'
import type { ApiCall, ApiRoute } from '../provider-table.ts'
import { type Filter, matches } from './notion-filter.ts'

const REQUEST = '10472900-0000-4000-8000-000000000001'
const DATABASE = '10472900-0000-4000-8000-0000000000f1'
const SOURCE = '10472900-0000-4000-8000-0000000000f2'

export const failed = (status: number, code: string, message: string): Answer =>
  json(status, { object: 'error', status, code, message, request_id: REQUEST })

const invalid = (message: string) => failed(400, 'validation_error', message)
const missing = (what: string, id: string | undefined) =>
  failed(
    404,
    'object_not_found',
    `Could not find ${what} with ID: ${id}. Make sure the relevant pages and databases are shared with your connection "Grantry".`,
  )

type Value = Record<string, unknown> & { type: string }
type Page = {
  id: string
  parent: Record<string, unknown>
  properties: Record<string, Value>
  markdown: string
  created_time: string
  last_edited_time: string
}
export type Store = { pages: Page[] }

/** The one database: its properties by name. */
const schema = {
  Name: { id: 'title', name: 'Name', type: 'title', title: {} },
  Notes: { id: 'n%3Aa', name: 'Notes', type: 'rich_text', rich_text: {} },
  Status: {
    id: 's%3Ab',
    name: 'Status',
    type: 'status',
    status: { options: ['To do', 'Done'].map((name) => ({ id: name, name, color: 'gray' })), groups: [] },
  },
  Tags: {
    id: 't%3Ac',
    name: 'Tags',
    type: 'multi_select',
    multi_select: { options: ['mill', 'cards'].map((name) => ({ id: name, name, color: 'blue' })) },
  },
  Count: { id: 'c%3Ad', name: 'Count', type: 'number', number: { format: 'number' } },
  Due: { id: 'd%3Ae', name: 'Due', type: 'date', date: {} },
  Urgent: { id: 'u%3Af', name: 'Urgent', type: 'checkbox', checkbox: {} },
} as const
const names = Object.keys(schema) as (keyof typeof schema)[]

const richText = (content: string) => [
  {
    type: 'text',
    text: { content, link: null },
    annotations: { bold: false, italic: false, code: false, color: 'default' },
    plain_text: content,
    href: null,
  },
]
const titleOf = (content: string): Value => ({ id: 'title', type: 'title', title: richText(content) })
const empty: Record<string, unknown> = {
  title: [],
  rich_text: [],
  multi_select: [],
  checkbox: false,
}

/** The value of a row's property, as it is answered. */
const presentValue = (name: keyof typeof schema, given: unknown): Value => {
  const { id, type } = schema[name]
  return { id, type, [type]: given ?? empty[type] ?? null }
}

const rowOf = (given: Partial<Record<keyof typeof schema, unknown>>) =>
  Object.fromEntries(names.map((name) => [name, presentValue(name, given[name])]))

export const seedNotion = (_account: Account, now: number): Store => {
  const page = (number: number, minutesAgo: number, more: Partial<Page>): Page => ({
    id: `10472900-0000-4000-8000-0000000000c${number}`,
    parent: { type: 'workspace', workspace: true },
    properties: {},
    markdown: '',
    created_time: new Date(now - 90 * 60_000).toISOString(),
    last_edited_time: new Date(now - minutesAgo * 60_000).toISOString(),
    ...more,
  })
  const inSource = { type: 'data_source_id', data_source_id: SOURCE, database_id: DATABASE }
  return {
    pages: [
      page(0, 5, {
        properties: { title: titleOf('Notes on the engine') },
        markdown: '# Cards\n\nIt weaves “algebraic patterns”.\n\n- [ ] Oil the mill\n',
      }),
      page(1, 10, {
        parent: inSource,
        properties: rowOf({
          Name: richText('Oil the mill'),
          Notes: richText('Twice'),
          Status: { id: 'To do', name: 'To do', color: 'gray' },
          Tags: [{ id: 'mill', name: 'mill', color: 'blue' }],
          Count: 2,
          Due: { start: '2026-03-01', end: '2026-03-03', time_zone: null },
          Urgent: true,
        }),
      }),
      page(2, 20, {
        parent: inSource,
        properties: rowOf({
          Name: richText('Print the tables'),
          Status: { id: 'Done', name: 'Done', color: 'gray' },
        }),
        markdown: 'Done.',
      }),
    ],
  }
}

const bare = (id: string) => id.replaceAll('-', '').toLowerCase()
const store = ({ data }: ApiCall) => data as Store
const pageOf = (call: ApiCall) =>
  store(call).pages.find(({ id }) => bare(id) === bare(call.params.id ?? '')) ?? null

const presentPage = (call: ApiCall, { markdown: _, ...page }: Page) => ({
  object: 'page',
  ...page,
  created_by: { object: 'user', id: '10472900-0000-4000-8000-0000000000a1' },
  last_edited_by: { object: 'user', id: '10472900-0000-4000-8000-0000000000a1' },
  cover: null,
  icon: null,
  archived: false,
  in_trash: false,
  is_locked: false,
  url: `${call.base}/p/${bare(page.id)}`,
  public_url: null,
})

const presentSource = (call: ApiCall) => ({
  object: 'data_source',
  id: SOURCE,
  title: richText('Work'),
  description: [],
  parent: { type: 'database_id', database_id: DATABASE },
  database_parent: { type: 'workspace', workspace: true },
  properties: schema,
  created_time: '2025-12-10T00:00:00.000Z',
  last_edited_time: '2026-01-01T00:00:00.000Z',
  archived: false,
  in_trash: false,
  url: `${call.base}/d/${bare(DATABASE)}`,
  request_id: REQUEST,
})

const bodyOf = ({ body }: ApiCall) =>
  (typeof body === 'object' && body !== null && !Array.isArray(body) ? body : {}) as Record<string, unknown>

/** The field that the endpoint does not know, as the API names it. */
const unknownField = (call: ApiCall, known: string[]) => {
  const name = Object.keys(bodyOf(call)).find((field) => !known.includes(field))
  return name === undefined
    ? null
    : invalid(`body failed validation: body.${name} should be not present, instead was defined.`)
}

const listed = (call: ApiCall, items: unknown[], type: string): Answer => {
  const { page_size = 100, start_cursor } = bodyOf(call)
  if (!Number.isInteger(page_size) || (page_size as number) < 1 || (page_size as number) > 100)
    return invalid('body failed validation: body.page_size should be ≤ `100`.')
  const start = start_cursor === undefined ? 0 : Number(/^cursor-(\d+)$/.exec(String(start_cursor))?.[1])
  if (Number.isNaN(start)) return invalid('The start_cursor provided is invalid.')
  const end = start + (page_size as number)
  const more = end < items.length
  return json(200, {
    object: 'list',
    results: items.slice(start, end),
    next_cursor: more ? `cursor-${end}` : null,
    has_more: more,
    type,
    [type]: {},
    request_id: REQUEST,
  })
}

const plainTitle = ({ properties }: Page) =>
  Object.values(properties)
    .filter(({ type }) => type === 'title')
    .flatMap(({ title }) => title as { plain_text: string }[])
    .map(({ plain_text }) => plain_text)
    .join('')

const search = (call: ApiCall): Answer => {
  const wrong = unknownField(call, ['query', 'sort', 'filter', 'start_cursor', 'page_size'])
  if (wrong) return wrong
  const { query = '', filter } = bodyOf(call) as {
    query?: string
    filter?: { property?: string; value?: string }
  }
  if (filter && (filter.property !== 'object' || !['page', 'data_source'].includes(filter.value ?? '')))
    return invalid('body failed validation: body.filter.value should be `"page"` or `"data_source"`.')
  const named = (title: string) => title.toLowerCase().includes(query.toLowerCase())
  const pages = store(call)
    .pages.filter((page) => named(plainTitle(page)))
    .toSorted((one, other) => other.last_edited_time.localeCompare(one.last_edited_time))
    .map((page) => presentPage(call, page))
  const sources = named('Work') ? [presentSource(call)] : []
  return listed(
    call,
    filter ? (filter.value === 'page' ? pages : sources) : [...pages, ...sources],
    'page_or_data_source',
  )
}

const query = (call: ApiCall): Answer => {
  if (bare(call.params.id ?? '') !== bare(SOURCE)) return missing('data_source', call.params.id)
  const wrong = unknownField(call, [
    'filter',
    'sorts',
    'start_cursor',
    'page_size',
    'in_trash',
    'result_type',
  ])
  if (wrong) return wrong
  const { filter, sorts = [] } = bodyOf(call) as {
    filter?: Filter
    sorts?: { property?: string; timestamp?: string; direction: string }[]
  }
  const rows = store(call).pages.filter(({ parent }) => parent.data_source_id === SOURCE)
  for (const { property } of sorts)
    if (property !== undefined && !(property in schema))
      return invalid(`Could not find sort property with name or id: ${property}`)
  try {
    const found = rows.filter(({ properties }) => filter === undefined || matches(properties, filter))
    for (const { property, timestamp, direction } of sorts.toReversed()) {
      const key = (page: Page) =>
        timestamp
          ? String(page[timestamp as 'created_time'])
          : property === 'Name'
            ? plainTitle(page)
            : JSON.stringify(Object.values(page.properties[property!]!).at(-1))
      found.sort((one, other) => key(one).localeCompare(key(other)) * (direction === 'descending' ? -1 : 1))
    }
    return listed(
      call,
      found.map((page) => presentPage(call, page)),
      'page_or_data_source',
    )
  } catch (error) {
    return invalid((error as Error).message)
  }
}

/** What is written, as it is read: texts get their plain text, choices must exist. */
const written = (name: string, given: Record<string, unknown>): Value | string => {
  const known = names.find((one) => one === name || schema[one].id === name)
  if (!known) return `${name} is not a property that exists.`
  const { type } = schema[known]
  const value = given[type]
  if (value === undefined) return `${name} is expected to be ${type}.`
  if (type === 'title' || type === 'rich_text')
    return presentValue(
      known,
      richText((value as { text: { content: string } }[]).map((part) => part.text.content).join('')),
    )
  if (type === 'status') {
    const { name: option } = value as { name: string }
    const found = schema.Status.status.options.find((one) => one.name === option)
    return found ? presentValue(known, found) : `Status option "${option}" does not exist.`
  }
  if (type === 'multi_select')
    return presentValue(
      known,
      (value as { name: string }[]).map(({ name: tag }) => ({ id: tag, name: tag, color: 'default' })),
    )
  if (type === 'number' && typeof value !== 'number')
    return `body.properties.${name}.number should be a number.`
  if (type === 'checkbox' && typeof value !== 'boolean')
    return `body.properties.${name}.checkbox should be a boolean.`
  return presentValue(known, type === 'date' ? { end: null, time_zone: null, ...(value as object) } : value)
}

const createPage = (call: ApiCall): Answer => {
  const wrong = unknownField(call, [
    'parent',
    'properties',
    'icon',
    'cover',
    'children',
    'markdown',
    'template',
    'position',
  ])
  if (wrong) return wrong
  const {
    parent,
    properties = {},
    markdown = '',
  } = bodyOf(call) as {
    parent?: { page_id?: string; data_source_id?: string; workspace?: boolean }
    properties?: Record<string, Record<string, unknown>>
    markdown?: string
  }
  const inSource = bare(parent?.data_source_id ?? '') === bare(SOURCE)
  if (parent?.data_source_id !== undefined && !inSource) return missing('data_source', parent.data_source_id)
  const above = store(call).pages.find(({ id }) => bare(id) === bare(parent?.page_id ?? ''))
  if (parent?.page_id !== undefined && !above) return missing('page', parent.page_id)
  const values: Record<string, Value> = inSource ? rowOf({}) : {}
  for (const [name, given] of Object.entries(properties)) {
    const value = written(inSource ? name : name === 'title' ? 'title' : `${name} below a page`, given)
    if (typeof value === 'string') return invalid(value)
    values[inSource ? names.find((one) => one === name || schema[one].id === name)! : 'title'] = value
  }
  const now = new Date(call.now).toISOString()
  const page: Page = {
    id: `10472900-0000-4000-8000-${String(store(call).pages.length + 1).padStart(12, '0')}`,
    parent: inSource
      ? { type: 'data_source_id', data_source_id: SOURCE, database_id: DATABASE }
      : above
        ? { type: 'page_id', page_id: above.id }
        : { type: 'workspace', workspace: true },
    properties: values,
    markdown,
    created_time: now,
    last_edited_time: now,
  }
  store(call).pages.push(page)
  call.send({
    kind: 'page',
    summary: `page made: ${plainTitle(page)}`,
    detail: { id: page.id, markdown, properties: values },
  })
  return json(200, { ...presentPage(call, page), request_id: REQUEST })
}

const presentMarkdown = ({ id, markdown }: Page) =>
  json(200, {
    object: 'page_markdown',
    id,
    markdown,
    truncated: false,
    unknown_block_ids: [],
    request_id: REQUEST,
  })

const insert = (call: ApiCall): Answer => {
  const page = pageOf(call)
  if (!page) return missing('page', call.params.id)
  const { type, insert_content } = bodyOf(call) as { type?: string; insert_content?: { content?: string } }
  const content = insert_content?.content
  if (type !== 'insert_content' || typeof content !== 'string')
    return invalid('body failed validation: body.insert_content should be defined.')
  page.markdown = page.markdown === '' ? content : `${page.markdown.trimEnd()}\n\n${content}`
  page.last_edited_time = new Date(call.now).toISOString()
  call.send({
    kind: 'page',
    summary: `page extended: ${plainTitle(page)}`,
    detail: { id: page.id, markdown: content },
  })
  return presentMarkdown(page)
}

const withPage = (handle: (call: ApiCall, page: Page) => Answer) => (call: ApiCall) => {
  const page = pageOf(call)
  return page ? handle(call, page) : missing('page', call.params.id)
}

const route = (method: ApiRoute['method'], path: string, handle: ApiRoute['handle']): ApiRoute => ({
  method,
  path,
  endpoint: 'api',
  scopes: [],
  handle,
})

/**
 * Version 2025-09-03, in which a database holds data sources. Facts from developers.notion.com: reference/post-search, retrieve-a-page,
 * retrieve-page-markdown, update-page-markdown, post-page, retrieve-a-database, retrieve-a-data-source, query-a-data-source, status-codes;
 * guides/data-apis/working-with-markdown-content.
 */
export const notionRoutes: ApiRoute[] = [
  route('POST', '/v1/search', search),
  route('POST', '/v1/pages', createPage),
  route(
    'GET',
    '/v1/pages/:id',
    withPage((call, page) => json(200, { ...presentPage(call, page), request_id: REQUEST })),
  ),
  route(
    'GET',
    '/v1/pages/:id/markdown',
    withPage((_call, page) => presentMarkdown(page)),
  ),
  route('PATCH', '/v1/pages/:id/markdown', insert),
  route('GET', '/v1/databases/:id', (call) =>
    bare(call.params.id ?? '') === bare(DATABASE)
      ? json(200, {
          object: 'database',
          id: DATABASE,
          title: richText('Work'),
          parent: { type: 'workspace', workspace: true },
          data_sources: [{ id: SOURCE, name: 'Work' }],
          in_trash: false,
          url: `${call.base}/d/${bare(DATABASE)}`,
          request_id: REQUEST,
        })
      : missing('database', call.params.id),
  ),
  route('GET', '/v1/data_sources/:id', (call) =>
    bare(call.params.id ?? '') === bare(SOURCE)
      ? json(200, presentSource(call))
      : missing('data_source', call.params.id),
  ),
  route('POST', '/v1/data_sources/:id/query', query),
]
