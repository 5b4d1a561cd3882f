import { afterAll, beforeAll, expect, test } from 'vitest'
import { MATERIAL, NICKNAME, REMARK } from '../../packages/sandbox/src/tables/pipedrive-book.ts'
import { type ConnectedTools, connectTools } from '../support/connected-tools.ts'

let tools: ConnectedTools & { close(): Promise<void> }
beforeAll(async () => {
  tools = await connectTools('pipedrive')
})
afterAll(() => tools.close())

const awkward = 'Größe "42" <ok> \\ \'x\'\n- 日本 & 👋'

test('deals are searched by words in title and notes, with what they belong to', async () => {
  expect(await tools.value('search_deals', { term: 'analytical' })).toEqual({
    deals: [
      {
        deal_id: 1,
        title: 'Analytical engine, 50 columns',
        value: 17_000,
        currency: 'GBP',
        status: 'open',
        stage: 'Offered',
        organization: { org_id: 1, name: 'Analytical Engines' },
        owner_id: 180,
        archived: false,
        matching_notes: [],
        matching_fields: [],
      },
    ],
  })
  const { deals } = await tools.value('search_deals', { term: 'brass', org_id: 1 })
  expect(deals[0]).toMatchObject({ deal_id: 1, matching_notes: ['Wants it in brass,\nby spring.'] })
  expect(await tools.value('search_deals', { term: 'brass', org_id: 2 })).toEqual({ deals: [] })
  expect(await tools.value('search_deals', { term: 'compiler', exact_match: true })).toEqual({ deals: [] })
  expect(await tools.value('search_deals', { term: awkward })).toEqual({ deals: [] })
})

test('deals are listed a page at a time, changed last first, narrowed', async () => {
  const page = await tools.value('list_deals', { limit: 2 })
  expect(page.deals.map(({ deal_id }: { deal_id: number }) => deal_id)).toEqual([3, 2])
  const rest = await tools.value('list_deals', { limit: 2, cursor: page.next_cursor })
  expect(rest).toEqual({ deals: [expect.objectContaining({ deal_id: 1, labels: ['Hot'] })] })
  expect(rest.deals[0]).not.toHaveProperty('custom_fields')
  expect((await tools.value('list_deals', { status: 'won' })).deals).toHaveLength(1)
  expect(await tools.value('list_deals', { stage_id: 3 })).toEqual({ deals: [] })
  const since = new Date(Date.now() - 2 * 86_400_000).toISOString()
  expect((await tools.value('list_deals', { updated_since: since })).deals).toHaveLength(1)
  const shown = await tools.value('list_deals', { org_id: 1, custom_fields: [MATERIAL] })
  expect(shown.deals[0].custom_fields).toEqual({ [MATERIAL]: { id: 12, label: 'Brass' } })
})

test('one deal is shown with custom fields by the names of their options', async () => {
  const deal = await tools.value('get_deal', { deal_id: 1 })
  expect(deal).toMatchObject({
    title: 'Analytical engine, 50 columns',
    status: 'open',
    stage_id: 2,
    org_id: 1,
  })
  expect(deal.custom_fields).toEqual({ [MATERIAL]: { id: 12, label: 'Brass' } })
  expect(deal.added).toMatch(/Z$/)
})

test('a deal is made, changed and emptied; what is not given stays', async () => {
  const made = await tools.value('create_deal', {
    title: awkward,
    value: 12.5,
    currency: 'EUR',
    person_id: 2,
    org_id: 1,
    expected_close_date: '2026-03-31',
    label_ids: [1, 2],
    custom_fields: { [REMARK]: '-x', [MATERIAL]: 13 },
  })
  expect(made).toMatchObject({ title: awkward, value: 12.5, person_id: 2, status: 'open', label_ids: [1, 2] })
  const { deal_id } = made
  const changed = await tools.value('update_deal', {
    deal_id,
    status: 'lost',
    lost_reason: 'Too dear',
    label_ids: [],
    custom_fields: { [REMARK]: null },
  })
  expect(changed).toMatchObject({
    title: awkward,
    status: 'lost',
    lost_reason: 'Too dear',
    label_ids: [],
    custom_fields: { [MATERIAL]: 13 },
  })
  expect(changed.custom_fields).not.toHaveProperty(REMARK)
  expect(JSON.parse(tools.asked[0]!.body!)).toEqual({
    status: 'lost',
    lost_reason: 'Too dear',
    label_ids: [],
    custom_fields: { [REMARK]: null },
  })
  expect(tools.sandbox.control.outbox().map(({ summary }) => summary)).toContain(`deal changed: ${awkward}`)
})

test('persons: the main address first, and none where the list is empty', async () => {
  expect((await tools.value('search_persons', { term: 'grace@' })).persons).toEqual([
    {
      person_id: 2,
      name: 'Grace Hopper',
      emails: ['grace@example.com'],
      phones: ['+1 555 0102'],
      organization: { org_id: 2, name: 'Harvard Computation Laboratory' },
      owner_id: 180,
      matching_notes: [],
      matching_fields: [],
    },
  ])
  const made = await tools.value('create_person', {
    name: awkward,
    emails: [{ value: 'a@example.com' }, { value: 'b@example.com', label: 'home' }],
    org_id: 1,
    custom_fields: { [NICKNAME]: 'Countess' },
  })
  expect(made.emails).toEqual([
    { value: 'a@example.com', label: 'work', main: true },
    { value: 'b@example.com', label: 'home', main: false },
  ])
  expect(made.phones).toEqual([])
  const { person_id } = made
  expect((await tools.value('update_person', { person_id, phones: [{ value: '-1' }] })).emails).toHaveLength(
    2,
  )
  expect((await tools.value('update_person', { person_id, emails: [] })).emails).toEqual([])
  expect(await tools.value('get_person', { person_id })).toMatchObject({
    name: awkward,
    emails: [],
    phones: [{ value: '-1', label: 'work', main: true }],
    custom_fields: { [NICKNAME]: 'Countess' },
  })
  const { persons } = await tools.value('list_persons', { deal_id: 2 })
  expect(persons.map(({ name }: { name: string }) => name)).toEqual(['Grace Hopper'])
})

test('organizations: one line is the address', async () => {
  expect((await tools.value('search_organizations', { term: 'dorset' })).organizations).toEqual([
    {
      org_id: 1,
      name: 'Analytical Engines',
      address: '5 Dorset Street, London',
      owner_id: 180,
      matching_notes: [],
      matching_fields: [],
    },
  ])
  const { org_id } = await tools.value('create_organization', { name: awkward, employee_count: 0 })
  await tools.value('update_organization', {
    org_id,
    address: '1 Straße, Zürich',
    website: 'https://x.example',
  })
  expect(await tools.value('get_organization', { org_id })).toMatchObject({
    name: awkward,
    address: '1 Straße, Zürich',
    website: 'https://x.example',
    employee_count: 0,
    custom_fields: {},
  })
  expect(
    (await tools.value('list_organizations', { sort_by: 'id', sort_direction: 'asc', limit: 1 }))
      .organizations,
  ).toEqual([expect.objectContaining({ org_id: 1 })])
})

test('activities: done or not, with people, notes as text', async () => {
  const open = await tools.value('list_activities', { done: false, deal_id: 1 })
  expect(open.activities).toEqual([
    expect.objectContaining({
      activity_id: 1,
      type: 'call',
      done: false,
      note: 'Ask for brass.',
      participant_ids: [],
    }),
  ])
  const made = await tools.value('create_activity', {
    subject: awkward,
    type: 'meeting',
    due_date: '2026-03-31',
    due_time: '14:30',
    duration: '00:45',
    participant_ids: [3, 2],
    deal_id: 2,
    location: '5 Dorset Street',
    note: 'first line\nsecond',
  })
  expect(made).toMatchObject({
    subject: awkward,
    person_id: 3,
    participant_ids: [3, 2],
    location: '5 Dorset Street',
    note: 'first line\nsecond',
  })
  const { activity_id } = made
  expect(
    await tools.value('update_activity', { activity_id, done: true, participant_ids: [] }),
  ).toMatchObject({
    done: true,
    due_date: '2026-03-31',
    participant_ids: [],
  })
  expect(await tools.value('get_activity', { activity_id })).toMatchObject({ activity_id, done: true })
})

test('notes: lists stay lists, text is read without its HTML, lines stay lines', async () => {
  expect(await tools.value('list_notes', { person_id: 2 })).toEqual({ notes: [] })
  expect((await tools.value('list_notes', { deal_id: 1 })).notes).toEqual([
    expect.objectContaining({
      note_id: 1,
      text: 'Wants it in brass,\nby spring.',
      by: 'Ada Lovelace',
      deal: 'Analytical engine, 50 columns',
    }),
  ])
  const { note_id } = await tools.value('create_note', { content: 'one & "two"\nthree', deal_id: 1 })
  expect(await tools.value('get_note', { note_id })).toMatchObject({ text: 'one & "two"\nthree', deal_id: 1 })
  expect(await tools.value('update_note', { note_id, content: '<b>new</b>' })).toMatchObject({ text: 'new' })
  const page = await tools.value('list_notes', { deal_id: 1, limit: 1 })
  expect(page.next_start).toBe(1)
  expect(
    (await tools.value('list_notes', { deal_id: 1, limit: 1, start: page.next_start })).notes,
  ).toHaveLength(1)
})

test('what gives ids and codes', async () => {
  expect(await tools.value('get_current_user')).toEqual({
    user_id: 180,
    name: 'Ada Lovelace',
    email: 'ada@example.com',
    company: 'Example Works',
    currency: 'EUR',
    timezone: 'Europe/Tallinn',
    web_address: 'https://example-works.pipedrive.com',
  })
  expect(await tools.value('list_pipelines')).toEqual({
    pipelines: [
      {
        pipeline_id: 1,
        name: 'Engines',
        stages: [
          { stage_id: 1, name: 'Asked', probability: 20 },
          { stage_id: 2, name: 'Offered', probability: 50 },
          { stage_id: 3, name: 'Agreed', probability: 90 },
        ],
      },
    ],
  })
  const { fields } = await tools.value('list_fields', { of: 'deal' })
  expect(fields).toEqual([
    {
      code: MATERIAL,
      name: 'Material',
      type: 'enum',
      custom: true,
      options: [
        { option_id: 12, label: 'Brass' },
        { option_id: 13, label: 'Steel' },
      ],
    },
    { code: REMARK, name: 'Remark', type: 'varchar', custom: true },
  ])
  expect(await tools.value('list_fields', { of: 'organization' })).toEqual({ fields: [] })
  expect((await tools.value('list_fields', { of: 'person', custom_only: false })).fields).toHaveLength(3)
  expect((await tools.value('list_activity_types')).types).toContainEqual({ type: 'call', name: 'Call' })
})

test('refusals say what to do', async () => {
  expect(await tools.refusal('get_deal', { deal_id: 999 })).toBe(
    'Pipedrive refused this (404): Deal not found. Check the id: search or list first to get one that exists.',
  )
  expect(await tools.refusal('update_deal', { deal_id: 1, custom_fields: { nonsense: 1 } })).toMatch(
    /\(400\): Validation failed: custom_fields: nonsense: is not allowed/,
  )
  expect(await tools.refusal('create_note', { content: 'to nothing' })).toMatch(/deal_id, person_id, org_id/)
  tools.sandbox.control.fault({
    provider: 'pipedrive',
    endpoint: 'api',
    fault: 'status',
    status: 429,
    retry_after: 3,
  })
  expect(await tools.refusal('list_deals')).toMatch(/\(429\).*wait 3 seconds/)
})

test('the scopes of the preset for reading are enough to read, and do not write', async () => {
  await tools.connect({ access: 'read' })
  for (const [tool, args] of [
    ['search_deals', { term: 'engine' }],
    ['list_deals', {}],
    ['get_deal', { deal_id: 1 }],
    ['search_persons', { term: 'grace' }],
    ['list_persons', {}],
    ['get_person', { person_id: 2 }],
    ['search_organizations', { term: 'engine' }],
    ['list_organizations', {}],
    ['get_organization', { org_id: 1 }],
    ['list_activities', {}],
    ['get_activity', { activity_id: 1 }],
    ['list_notes', {}],
    ['get_note', { note_id: 1 }],
    ['get_current_user', {}],
    ['list_pipelines', {}],
    ['list_fields', { of: 'deal' }],
    ['list_fields', { of: 'person' }],
    ['list_activity_types', {}],
  ] as const)
    await tools.value(tool, args)
  expect(await tools.refusal('create_deal', { title: 'x' })).toMatch(
    /\(403\): Scope and URL mismatch.*connect it again/,
  )
  await tools.connect()
})
