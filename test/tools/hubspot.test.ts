import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { connectTools } from '../support/connected-tools.ts'

let tools: Awaited<ReturnType<typeof connectTools>>
beforeAll(async () => {
  tools = await connectTools('hubspot')
})
afterAll(() => tools?.close())
beforeEach(async () => {
  tools.sandbox.control.reset()
  await tools.connect()
})

const awkward = 'Größe "42" <ok> \\ \'x\' - 日本 & 👋'
const ids = (list: Record<string, string>[], name: string) => list.map((one) => one[name])

test('contacts are searched by words, with the properties that matter', async () => {
  const { contacts, total } = await tools.value('search_contacts', { query: 'babbage' })
  expect(total).toBe(1)
  expect(contacts).toEqual([
    {
      contact_id: '1',
      properties: expect.objectContaining({
        firstname: 'Charles',
        lastname: 'Babbage',
        email: 'charles@example.com',
        lifecyclestage: 'lead',
      }),
      created: expect.stringMatching(/Z$/),
      changed: expect.stringMatching(/Z$/),
      url: expect.stringContaining('/0-1/1'),
    },
  ])
  expect(await tools.value('search_contacts', { query: awkward })).toEqual({ total: 0, contacts: [] })
})

test('conditions all hold; every operator is taken', async () => {
  const found = async (filters: Record<string, string | string[]>[]) =>
    ids((await tools.value('search_deals', { filters })).deals, 'deal_id')
  const on = (property: string, operator: string, more = {}) => [{ property, operator, ...more }]
  expect(await found(on('amount', 'GT', { value: '100' }))).toEqual(['21'])
  expect(await found(on('amount', 'LTE', { value: '90.5' }))).toEqual(['22'])
  expect(await found(on('amount', 'BETWEEN', { value: '90', high_value: '91' }))).toEqual(['22'])
  expect(await found(on('dealstage', 'IN', { values: ['contractsent', 'closedwon'] }))).toEqual(['21'])
  expect(await found(on('dealstage', 'NOT_IN', { values: ['contractsent'] }))).toEqual(['22'])
  expect(await found(on('closedate', 'NOT_HAS_PROPERTY'))).toEqual(['22'])
  expect(await found(on('dealname', 'CONTAINS_TOKEN', { value: 'wheel*' }))).toEqual(['22'])
  expect(
    await found([...on('pipeline', 'EQ', { value: 'default' }), ...on('closedate', 'HAS_PROPERTY')]),
  ).toEqual(['21'])
  expect(await found([])).toEqual(['21', '22'])
})

test('a search is sorted and paged, and shows what is chosen', async () => {
  const first = await tools.value('search_deals', {
    sort_by: 'amount',
    sort_direction: 'ASCENDING',
    properties: ['dealname'],
    limit: 1,
  })
  expect(first.deals[0].properties).toEqual({
    dealname: 'Spare wheels',
    hs_object_id: '22',
    createdate: expect.any(String),
    hs_lastmodifieddate: expect.any(String),
  })
  const second = await tools.value('search_deals', {
    sort_by: 'amount',
    sort_direction: 'ASCENDING',
    limit: 1,
    after: first.next_after,
  })
  expect(ids(second.deals, 'deal_id')).toEqual(['21'])
  expect(second).not.toHaveProperty('next_after')
})

test.each(['contacts', 'companies', 'deals'])('%s are listed page by page', async (many) => {
  const one = { contacts: 'contact_id', companies: 'company_id', deals: 'deal_id' }[many]!
  const page = await tools.value(`list_${many}`, { limit: 1 })
  expect(page[many]).toHaveLength(1)
  if (many === 'companies') return expect(page).not.toHaveProperty('next_after')
  const rest = await tools.value(`list_${many}`, { limit: 1, after: page.next_after })
  expect(ids(rest[many], one)).not.toEqual(ids(page[many], one))
})

test('a contact is shown by id or address, with each linked record once', async () => {
  for (const args of [{ contact_id: '1' }, { contact_id: 'charles@example.com', by_email: true }])
    expect(await tools.value('get_contact', args)).toMatchObject({
      contact_id: '1',
      properties: { lastname: 'Babbage' },
      company_ids: ['11'],
      deal_ids: ['21'],
    })
  expect(await tools.value('get_contact', { contact_id: '2' })).not.toHaveProperty('company_ids')
  const { properties } = await tools.value('get_contact', {
    contact_id: '2',
    properties: ['jobtitle', 'email'],
  })
  expect(properties).toMatchObject({ email: 'mary@example.com' })
  expect(properties).not.toHaveProperty('lastname')
})

test('records are made with links, changed and emptied; values of any type go out as text', async () => {
  const { company_id } = await tools.value('create_company', {
    properties: { name: awkward, numberofemployees: 12, domain: '-x.example' },
    contact_ids: ['2'],
  })
  expect(JSON.parse(tools.asked[0]!.body!)).toEqual({
    properties: { name: awkward, numberofemployees: '12', domain: '-x.example' },
    associations: [
      { to: { id: '2' }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 280 }] },
    ],
  })
  const { contact_id } = await tools.value('create_contact', {
    properties: { email: 'new@example.com', phone: '1' },
    company_ids: [company_id],
  })
  const { deal_id } = await tools.value('create_deal', {
    properties: { dealname: 'x\ny', amount: 0.5 },
    contact_ids: [contact_id],
    company_ids: [company_id, '11'],
  })
  expect(await tools.value('get_deal', { deal_id })).toMatchObject({
    properties: { dealname: 'x\ny', amount: '0.5' },
    contact_ids: [contact_id],
    company_ids: ['11', company_id],
  })
  expect(await tools.value('get_company', { company_id })).toMatchObject({
    properties: { name: awkward, numberofemployees: '12' },
    contact_ids: ['2', contact_id],
  })
  const changed = await tools.value('update_contact', {
    contact_id: 'new@example.com',
    by_email: true,
    properties: { phone: null, firstname: '', lastname: awkward },
  })
  expect(JSON.parse(tools.asked[0]!.body!)).toEqual({
    properties: { phone: '', firstname: '', lastname: awkward },
  })
  expect(changed.properties).toMatchObject({ email: 'new@example.com', lastname: awkward })
  expect(changed.properties).not.toHaveProperty('phone')
  expect(
    (await tools.value('update_deal', { deal_id, properties: { dealstage: 'closedwon' } })).properties,
  ).toMatchObject({
    dealstage: 'closedwon',
    amount: '0.5',
  })
  expect(
    (await tools.value('update_company', { company_id, properties: { city: 'Zürich' } })).properties.city,
  ).toBe('Zürich')
  expect(tools.sandbox.control.outbox().map(({ kind }) => kind)).toEqual([
    'company',
    'contact',
    'deal',
    'contact',
    'deal',
    'company',
  ])
})

test('a new record without links is linked to nothing', async () => {
  await tools.value('create_deal', { properties: { dealname: 'alone' }, contact_ids: [] })
  expect(JSON.parse(tools.asked[0]!.body!)).toEqual({ properties: { dealname: 'alone' }, associations: [] })
})

test('what gives names and ids', async () => {
  expect(await tools.value('list_properties', { of: 'deals', words: 'STAGE' })).toEqual({
    properties: [
      {
        name: 'dealstage',
        label: 'Deal stage',
        type: 'enumeration',
        options: ['appointmentscheduled', 'contractsent', 'closedwon', 'closedlost'].map((value) => ({
          value,
          label: value,
        })),
      },
    ],
  })
  expect(await tools.value('list_properties', { of: 'contacts', words: 'nothing like it' })).toEqual({
    properties: [],
  })
  const { properties } = await tools.value('list_properties', { of: 'companies' })
  expect(properties).toContainEqual({
    name: 'createdate',
    label: 'Create date',
    type: 'datetime',
    read_only: true,
  })
  const { pipelines } = await tools.value('list_deal_pipelines')
  expect(pipelines[0].stages[0]).toEqual({
    dealstage: 'appointmentscheduled',
    label: 'Appointment scheduled',
    probability: '0.2',
  })
  expect(ids(pipelines[0].stages, 'dealstage').at(-1)).toBe('closedlost')
})

test('refusals say what to do', async () => {
  expect(await tools.refusal('get_deal', { deal_id: '999' })).toMatch(
    /\(404\): resource not found\. Check the id/,
  )
  expect(await tools.refusal('create_contact', { properties: { email: 'charles@example.com' } })).toMatch(
    /\(409\): Contact already exists\. Existing ID: 1/,
  )
  expect(await tools.refusal('update_deal', { deal_id: '21', properties: { nonsense: '1' } })).toMatch(
    /\(400\): Property values were not valid: .*nonsense.* does not exist/,
  )
  expect(await tools.refusal('search_deals', { filters: [{ property: 'amount', operator: 'EQ' }] })).toMatch(
    /\(400\).*requires value/,
  )
  tools.sandbox.control.fault({
    provider: 'hubspot',
    endpoint: 'api',
    fault: 'status',
    status: 429,
    retry_after: 10,
  })
  expect(await tools.refusal('list_deals')).toMatch(/\(429\).*wait 10 seconds/)
})

test('the scopes of the preset for reading are enough to read, and do not write', async () => {
  await tools.connect({ access: 'read' })
  for (const [one, many, id] of [
    ['contact', 'contacts', '1'],
    ['company', 'companies', '11'],
    ['deal', 'deals', '21'],
  ]) {
    await tools.value(`search_${many}`)
    await tools.value(`list_${many}`)
    await tools.value(`get_${one}`, { [`${one}_id`]: id! })
    await tools.value('list_properties', { of: many! })
    expect(await tools.refusal(`update_${one}`, { [`${one}_id`]: id!, properties: {} })).toMatch(
      /\(403\): This app hasn’t been granted all required scopes.*connect it again/,
    )
  }
  await tools.value('list_deal_pipelines')
})
