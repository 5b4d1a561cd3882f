import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { connectTools } from '../support/connected-tools.ts'

let tools: Awaited<ReturnType<typeof connectTools>>
beforeAll(async () => {
  tools = await connectTools('salesforce')
})
afterAll(() => tools?.close())
beforeEach(async () => {
  tools.sandbox.control.reset()
  await tools.connect()
})

const awkward = 'Größe "42" <ok> \\ \'x\'\n- 日本 & 👋 100%'
const babbage = '0035a6db0c50002AAE'

test('a query gives records without their envelopes, related ones within', async () => {
  expect(
    await tools.value('query', {
      soql: 'SELECT Id, LastName, Phone, Owner.Name, Account.Name FROM Contact ORDER BY LastName DESC LIMIT 10',
    }),
  ).toEqual({
    total: 2,
    records: [
      { Id: '0035a6db0c50003AAE', LastName: "O'Brien", Owner: { Name: 'Ada Lovelace' } },
      {
        Id: babbage,
        LastName: 'Babbage',
        Owner: { Name: 'Ada Lovelace' },
        Account: { Name: 'Analytical Engines' },
      },
    ],
  })
})

test('a query with quotes, and one that finds nothing', async () => {
  const { records } = await tools.value('query', {
    soql: "SELECT FirstName FROM Contact WHERE LastName = 'O\\'Brien'",
  })
  expect(records).toEqual([{ FirstName: 'Kate' }])
  expect(await tools.value('query', { soql: "SELECT Id FROM Account WHERE Name LIKE '%日本+&?%'" })).toEqual({
    total: 0,
    records: [],
  })
  expect(await tools.value('query', { soql: 'SELECT COUNT() FROM Contact' })).toEqual({
    total: 2,
    records: [],
  })
})

test('a long answer comes in pages', async () => {
  await Promise.all(
    Array.from({ length: 203 }, (_, index) =>
      tools.value('create_record', { object: 'Account', fields: { Name: `n${index}` } }),
    ),
  )
  const first = await tools.value('query', { soql: 'SELECT Id, Name FROM Account' })
  expect([first.total, first.records.length]).toEqual([204, 200])
  const second = await tools.value('query_more', { cursor: first.next_cursor })
  expect(second.records).toHaveLength(4)
  expect(second).not.toHaveProperty('next_cursor')
})

test('a record is shown whole, or with the fields asked for', async () => {
  const record = { object: 'Contact', record_id: babbage }
  const whole = await tools.value('get_record', record)
  expect(whole).toMatchObject({ Id: babbage, LastName: 'Babbage', AccountId: '0015a6db0c50001AAE' })
  expect(whole).not.toHaveProperty('attributes')
  expect(whole).not.toHaveProperty('Phone')
  expect(await tools.value('get_record', { ...record, fields: ['Email'] })).toEqual({
    Id: babbage,
    Email: 'charles@example.com',
  })
  expect(await tools.value('get_record', { ...record, record_id: babbage.slice(0, 15), fields: [] })).toEqual(
    whole,
  )
})

test('records are made, changed and emptied; what is not given stays', async () => {
  const { record_id } = await tools.value('create_record', {
    object: 'Account',
    fields: { Name: awkward, Phone: '-1', Website: null },
  })
  expect(JSON.parse(tools.asked[0]!.body!)).toEqual({ Name: awkward, Phone: '-1', Website: null })
  expect(
    await tools.value('update_record', {
      object: 'Account',
      record_id,
      fields: { Phone: null, Industry: 'Technology' },
    }),
  ).toEqual({ object: 'Account', record_id, updated: true })
  const now = await tools.value('get_record', { object: 'Account', record_id })
  expect(now).toMatchObject({ Name: awkward, Industry: 'Technology' })
  expect(now).not.toHaveProperty('Phone')
  expect(tools.sandbox.control.outbox().map(({ summary }) => summary)).toEqual([
    `account created: ${awkward}`,
    `account changed: ${awkward}`,
  ])
})

test('an object is described: what it must have, what it may have, what it refers to', async () => {
  const { fields, ...opportunity } = await tools.value('describe_object', { object: 'Opportunity' })
  expect(opportunity).toEqual({
    object: 'Opportunity',
    label: 'Opportunity',
    can_create: true,
    can_update: true,
  })
  const field = (name: string) => fields.find((one: { name: string }) => one.name === name)
  expect(field('StageName')).toEqual({
    name: 'StageName',
    label: 'Stage',
    type: 'picklist',
    length: 255,
    required: true,
    values: ['Prospecting', 'Closed Won'],
  })
  expect(field('AccountId')).toEqual({
    name: 'AccountId',
    label: 'Account ID',
    type: 'reference',
    length: 18,
    refers_to: ['Account'],
    relationship: 'Account',
  })
  expect(field('CreatedDate')).toMatchObject({ read_only: true })
  expect(field('OwnerId')).not.toHaveProperty('required')
  const narrow = await tools.value('describe_object', { object: 'Opportunity', words: 'AMOUNT' })
  expect(narrow.fields).toEqual([{ name: 'Amount', label: 'Amount', type: 'currency' }])
  expect((await tools.value('describe_object', { object: 'Account', words: 'nothing' })).fields).toEqual([])
})

test('objects are listed: those that can be queried', async () => {
  const all = await tools.value('list_objects')
  expect(all.objects.map(({ name }: { name: string }) => name)).toEqual([
    'Account',
    'Contact',
    'Opportunity',
    'Invoice__c',
  ])
  expect(await tools.value('list_objects', { custom_only: true })).toEqual({
    total: 1,
    objects: [{ name: 'Invoice__c', label: 'Invoice', custom: true, can_create: true }],
  })
  expect(await tools.value('list_objects', { words: 'nothing' })).toEqual({ total: 0, objects: [] })
})

test('refusals say what to do', async () => {
  expect(await tools.refusal('query', { soql: 'DROP TABLE Account' })).toMatch(
    /\(400\): unexpected token.*Check the arguments/,
  )
  expect(await tools.refusal('query', { soql: 'SELECT Nonsense FROM Account' })).toMatch(
    /No such column 'Nonsense'/,
  )
  expect(await tools.refusal('query_more', { cursor: '01gxyz-200' })).toMatch(/invalid query locator/)
  expect(await tools.refusal('get_record', { object: 'Account', record_id: '001000000000000' })).toMatch(
    /\(404\): The requested resource does not exist\. Check the id/,
  )
  expect(await tools.refusal('create_record', { object: 'Contact', fields: { FirstName: 'x' } })).toMatch(
    /Required fields are missing: \[LastName\]/,
  )
  expect(await tools.refusal('describe_object', { object: 'Nothing' })).toMatch(/\(404\)/)
  tools.sandbox.control.fault({ provider: 'salesforce', endpoint: 'api', fault: 'status', status: 503 })
  expect(await tools.refusal('list_objects')).toMatch(/\(503\).*try again/)
})

test.each(['../../../oauth2/userinfo', 'Account/describe', 'a b', ''])(
  '%j is no object: nothing is sent',
  async (object) => {
    await expect(tools.value('get_record', { object, record_id: babbage })).rejects.toThrow(/do not fit/)
  },
)

test('without the scope of the API nothing can be done', async () => {
  await tools.connect({ scopes: ['id', 'refresh_token'] })
  expect(await tools.refusal('list_objects')).toMatch(/\(403\).*connect it again/)
})
