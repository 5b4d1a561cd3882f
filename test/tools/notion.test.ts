import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { connectTools } from '../support/connected-tools.ts'

let notion: Awaited<ReturnType<typeof connectTools>>
beforeAll(async () => {
  notion = await connectTools('notion')
})
afterAll(() => notion?.close())
beforeEach(async () => {
  notion.sandbox.control.reset()
  await notion.connect()
})

const page_id = '10472900-0000-4000-8000-0000000000c0'
const row_id = '10472900-0000-4000-8000-0000000000c1'
const data_source_id = '10472900-0000-4000-8000-0000000000f2'
const database_id = '10472900-0000-4000-8000-0000000000f1'
const titles = (list: { title: string }[]) => list.map(({ title }) => title)

test('finds pages and databases by their titles, in pages', async () => {
  const { hits } = await notion.value('search')
  expect(hits).toEqual([
    {
      kind: 'page',
      page_id,
      title: 'Notes on the engine',
      url: expect.any(String),
      last_edited_at: expect.any(String),
    },
    expect.objectContaining({ kind: 'page', title: 'Oil the mill', in_data_source_id: data_source_id }),
    expect.objectContaining({ kind: 'page', title: 'Print the tables' }),
    {
      kind: 'database',
      data_source_id,
      database_id,
      title: 'Work',
      url: expect.any(String),
      last_edited_at: expect.any(String),
    },
  ])
  expect(titles((await notion.value('search', { query: 'THE', kind: 'database' })).hits)).toEqual([])
  expect(titles((await notion.value('search', { kind: 'database' })).hits)).toEqual(['Work'])
  expect(titles((await notion.value('search', { query: 'oil', kind: 'page' })).hits)).toEqual([
    'Oil the mill',
  ])
  const first = await notion.value('search', { limit: 3 })
  const rest = await notion.value('search', { limit: 3, cursor: first.next_cursor })
  expect([titles(first.hits).length, titles(rest.hits), rest.next_cursor]).toEqual([3, ['Work'], undefined])
})

test('gets a page with its text, and a row with its properties', async () => {
  expect(await notion.value('get_page', { page_id })).toEqual({
    page_id,
    title: 'Notes on the engine',
    url: expect.any(String),
    created_at: expect.any(String),
    last_edited_at: expect.any(String),
    properties: { title: 'Notes on the engine' },
    markdown: '# Cards\n\nIt weaves “algebraic patterns”.\n\n- [ ] Oil the mill\n',
  })
  const row = await notion.value('get_page', { page_id: row_id.replaceAll('-', '') })
  expect(row).toMatchObject({
    title: 'Oil the mill',
    in_data_source_id: data_source_id,
    properties: {
      Name: 'Oil the mill',
      Notes: 'Twice',
      Status: 'To do',
      Tags: ['mill'],
      Count: 2,
      Due: { start: '2026-03-01', end: '2026-03-03' },
      Urgent: true,
    },
  })
})

test('gets a database by either id', async () => {
  const found = await notion.value('get_database', { data_source_id })
  expect(found.data_sources).toEqual([
    {
      data_source_id,
      database_id,
      title: 'Work',
      url: expect.any(String),
      properties: {
        Name: { type: 'title' },
        Notes: { type: 'rich_text' },
        Status: { type: 'status', options: ['To do', 'Done'] },
        Tags: { type: 'multi_select', options: ['mill', 'cards'] },
        Count: { type: 'number' },
        Due: { type: 'date' },
        Urgent: { type: 'checkbox' },
      },
    },
  ])
  expect(await notion.value('get_database', { database_id })).toEqual(found)
  expect(await notion.refusal('get_database')).toBe('"database_id" is missing or is no id.')
})

test('queries a database: all rows, filtered, sorted, in pages, and none', async () => {
  const query = (more = {}) => notion.value('query_database', { data_source_id, ...more })
  const { rows } = await query()
  expect(rows[1]).toEqual({
    page_id: expect.any(String),
    title: 'Print the tables',
    url: expect.any(String),
    last_edited_at: expect.any(String),
    properties: { Name: 'Print the tables', Notes: '', Status: 'Done', Tags: [], Urgent: false },
  })
  const done = { property: 'Status', status: { equals: 'Done' } }
  expect(titles((await query({ filter: done })).rows)).toEqual(['Print the tables'])
  const both = { and: [done, { property: 'Name', title: { contains: 'mill' } }] }
  expect(await query({ filter: both })).toEqual({ rows: [] })
  const names = { sort_by: 'Name', limit: 1 }
  const first = await query(names)
  expect(titles(first.rows)).toEqual(['Oil the mill'])
  expect(titles((await query({ ...names, cursor: first.next_cursor })).rows)).toEqual(['Print the tables'])
  expect(titles((await query({ sort_by: 'Name', descending: true })).rows)).toEqual([
    'Print the tables',
    'Oil the mill',
  ])
  expect(titles((await query({ sort_by: 'last_edited_time' })).rows)[0]).toBe('Print the tables')
})

test('makes a page below a page, and one at the top', async () => {
  const title = "-Ünïcode “quotes” & 'it' 🎉"
  const markdown = '# One\n\n| a | b |\n|---|---|\n\n```js\nconst x = `y`\n```\n'
  const made = await notion.value('create_page', { title, markdown, parent_page_id: page_id })
  expect(made).toEqual({
    page_id: expect.any(String),
    title,
    url: expect.any(String),
    created_at: expect.any(String),
  })
  expect(await notion.value('get_page', { page_id: made.page_id })).toMatchObject({
    in_page_id: page_id,
    markdown,
  })
  const top = await notion.value('create_page', { title: 'Top' })
  expect(await notion.value('get_page', { page_id: top.page_id })).toMatchObject({
    title: 'Top',
    markdown: '',
  })
})

test('makes a row from plain values, each in the form of its type', async () => {
  const properties = {
    Notes: 'Line 1\n“2”',
    Status: 'Done',
    Tags: ['mill', 'cards'],
    Count: 0,
    Due: '2026-04-01',
    Urgent: false,
  }
  const { page_id: made } = await notion.value('create_page', { title: 'Row', data_source_id, properties })
  expect((await notion.value('get_page', { page_id: made })).properties).toEqual({
    Name: 'Row',
    ...properties,
  })
  const other = {
    Tags: [],
    Due: { start: '2026-04-01', end: '2026-04-02' },
    Notes: { rich_text: [{ text: { content: 'as the API has it' } }] },
  }
  const second = await notion.value('create_page', { title: 'R2', data_source_id, properties: other })
  expect((await notion.value('get_page', { page_id: second.page_id })).properties).toMatchObject({
    Tags: [],
    Due: { start: '2026-04-01', end: '2026-04-02' },
    Notes: 'as the API has it',
  })
  const bare = await notion.value('create_page', { title: 'R3', data_source_id })
  expect(notion.asked.map(({ path }) => path)).toEqual(['/v1/pages'])
  expect((await notion.value('get_page', { page_id: bare.page_id })).properties).toMatchObject({ Name: 'R3' })
})

test('appends to a page', async () => {
  const added = '## Más\n\n- “x” & \\n stays'
  const { characters } = await notion.value('append_to_page', { page_id, markdown: added })
  const { markdown } = await notion.value('get_page', { page_id })
  expect([markdown.endsWith(added), markdown.startsWith('# Cards'), markdown.length]).toEqual([
    true,
    true,
    characters,
  ])
  expect(notion.sandbox.control.outbox({ provider: 'notion' })).toMatchObject([
    { kind: 'page', detail: { markdown: added } },
  ])
})

test('says what to do where Notion refuses', async () => {
  const unknown = page_id.replace(/c0$/, 'ff')
  expect(await notion.refusal('get_page', { page_id: unknown })).toMatch(
    /^Notion refused this \(404\): Could not find page.*shared with your connection.*Check the id/,
  )
  const filter = { property: 'Nope', status: { equals: 'x' } }
  expect(await notion.refusal('query_database', { data_source_id, filter })).toMatch(
    /\(400\): Could not find property with name or id: Nope/,
  )
  const properties = { Status: 'Never' }
  expect(await notion.refusal('create_page', { title: 'x', data_source_id, properties })).toContain(
    'Status option "Never" does not exist',
  )
  expect(notion.sandbox.control.outbox({ provider: 'notion' })).toEqual([])
  const body = (status: number, code: string, message: string) => ({
    endpoint: 'api' as const,
    provider: 'notion',
    fault: 'status' as const,
    status,
    body: { object: 'error', status, code, message },
  })
  notion.sandbox.control.fault(
    body(403, 'restricted_resource', 'Insufficient permissions for this endpoint.'),
  )
  expect(await notion.refusal('append_to_page', { page_id, markdown: 'x' })).toMatch(/\(403\).*more access/)
  notion.sandbox.control.fault({
    ...body(429, 'rate_limited', 'You have been rate limited.'),
    retry_after: 9,
  })
  expect(await notion.refusal('search')).toContain('wait 9 seconds')
  for (const wrong of ['x', '../users/me', `${page_id}?a=b`])
    await expect(notion.value('get_page', { page_id: wrong })).rejects.toThrow(/do not fit/)
})
