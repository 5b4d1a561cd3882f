import { readFileSync } from 'node:fs'
import { catalogue } from '@grantry/providers'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { connectTools } from '../support/connected-tools.ts'

/** Of a Discovery document of Google: the methods that tools call, and the schemas of what these take and give. */
type Description = {
  source: string
  parameters: Record<string, Parameter>
  methods: Method[]
  schemas: Record<string, Schema>
}

type Method = {
  id: string
  method: string
  path: string
  parameters: Record<string, Parameter>
  request?: string
  response?: string
  scopes: string[]
}

type Parameter = Schema & { location: 'path' | 'query'; required?: boolean; repeated?: boolean }

type Schema = {
  type?: string
  format?: string
  enum?: string[]
  $ref?: string
  items?: Schema
  properties?: Record<string, Schema>
  additionalProperties?: Schema
  maximum?: string
}

type Exchange = { method: string; path: string; query: URLSearchParams; sent: unknown; answered: unknown }

const describedOf = (name: string): Description =>
  JSON.parse(readFileSync(new URL(`descriptions/${name}.json`, import.meta.url), 'utf8'))

/** The method that a call is; where several fit, the one with the most of its path written out. */
function methodOf({ methods }: Description, { method, path }: Pick<Exchange, 'method' | 'path'>) {
  const segments = path.split('/')
  const fits = (template: string) => {
    const parts = template.split('/')
    return (
      parts.length === segments.length && parts.every((part, at) => /^\{/.test(part) || part === segments[at])
    )
  }
  return methods
    .filter((one) => one.method === method && fits(one.path))
    .sort((a, b) => a.path.split('{').length - b.path.split('{').length)[0]
}

/** Where a value is not as described: `start.dateTime: not a string`. */
function faultsOf(value: unknown, schema: Schema, schemas: Description['schemas'], at = ''): string[] {
  const {
    type,
    format,
    enum: allowed,
    items,
    properties = {},
    additionalProperties,
  } = schema.$ref === undefined ? schema : schemas[schema.$ref]!
  // A null takes a field away.
  if (value === null) return []
  if (type === 'array')
    return Array.isArray(value)
      ? value.flatMap((item, index) => faultsOf(item, items!, schemas, `${at}[${index}]`))
      : [`${at}: not a list`]
  if (type === 'object') {
    if (typeof value !== 'object' || Array.isArray(value)) return [`${at}: not an object`]
    return Object.entries(value).flatMap(([name, inner]) => {
      const known = Object.hasOwn(properties, name) ? properties[name] : additionalProperties
      return known ? faultsOf(inner, known, schemas, `${at}.${name}`) : [`${at}.${name}: not described`]
    })
  }
  if (type === 'integer' || type === 'number') return typeof value === 'number' ? [] : [`${at}: not a number`]
  if (type === 'boolean') return typeof value === 'boolean' ? [] : [`${at}: not a boolean`]
  if (type !== 'string') return []
  if (typeof value !== 'string') return [`${at}: not a string`]
  if (allowed && !allowed.includes(value)) return [`${at}: ${value} is none of its values`]
  if (format && !formats[format]?.test(value)) return [`${at}: ${value} is no ${format}`]
  return []
}

const formats: Record<string, RegExp> = {
  int64: /^-?\d+$/,
  uint64: /^\d+$/,
  byte: /^[\w+/-]*=*$/,
  date: /^\d{4}-\d\d-\d\d$/,
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$/,
}

function queryFaults(query: URLSearchParams, method: Method, common: Description['parameters']): string[] {
  const missing = Object.entries(method.parameters)
    .filter(([name, { location, required }]) => location === 'query' && required && !query.has(name))
    .map(([name]) => `${name}: missing`)
  const wrong = [...new Set(query.keys())].flatMap((name) => {
    const parameter = method.parameters[name] ?? common[name]
    if (parameter?.location !== 'query') return [`${name}: not described`]
    const values = query.getAll(name)
    if (values.length > 1 && !parameter.repeated) return [`${name}: repeated`]
    return values.flatMap((value) => {
      if (parameter.type === 'boolean') return /^(true|false)$/.test(value) ? [] : [`${name}: ${value}`]
      if (parameter.type === 'integer')
        return /^\d+$/.test(value) && Number(value) <= Number(parameter.maximum ?? 1e9)
          ? []
          : [`${name}: ${value}`]
      return faultsOf(value, parameter, {}, name)
    })
  })
  return [...missing, ...wrong]
}

type Call = [tool: string, args?: Record<string, unknown>]

/** Each tool with all of its arguments, and with the least. */
const scenes: Record<string, Call[]> = {
  gmail: [
    ['search_messages'],
    [
      'search_messages',
      {
        query: 'has:attachment',
        label_ids: ['INBOX'],
        include_spam_and_trash: true,
        limit: 1,
        page_token: '0',
      },
    ],
    ['read_message', { message_id: '18c000000000101' }],
    ['read_attachment', { message_id: '18c000000000101', attachment_id: '1' }],
    ['read_thread', { thread_id: '18c000000000101' }],
    ['list_labels'],
    ['create_draft', { subject: 'x' }],
    ['create_draft', { reply_to_message_id: '18c000000000101', text: 'x' }],
    ['send_message', { to: ['grace@example.com'], text: 'x' }],
    ['send_message', { reply_to_message_id: '18c000000000101', text: 'x' }],
    [
      'modify_labels',
      { message_ids: ['18c000000000101'], add_label_ids: ['STARRED'], remove_label_ids: ['INBOX'] },
    ],
    ['modify_labels', { message_ids: ['18c000000000101'], remove_label_ids: ['STARRED'] }],
  ],
  'google-calendar': [
    ['list_calendars', { limit: 1 }],
    ['list_calendars', { page_token: '0' }],
    ['list_events', { from: '2020-01-01T00:00:00Z' }],
    [
      'list_events',
      {
        calendar_id: 'ada@example.com',
        from: '2020-01-01T00:00:00Z',
        to: '2040-01-01T00:00:00+01:00',
        query: 'planning',
        time_zone: 'Europe/Zurich',
        limit: 1,
        page_token: '0',
      },
    ],
    ['get_event', { event_id: 'sandboxevent1', time_zone: 'Europe/Zurich' }],
    ['free_busy', { from: '2031-03-04T00:00:00Z', to: '2031-03-05T00:00:00Z' }],
    [
      'free_busy',
      {
        calendar_ids: ['ada@example.com', 'nobody@example.com'],
        from: '2031-03-04T00:00:00Z',
        to: '2031-03-05T00:00:00Z',
        time_zone: 'Europe/Zurich',
      },
    ],
    [
      'create_event',
      {
        title: 'x',
        start: '2031-03-04T09:00:00',
        end: '2031-03-04T10:00:00',
        time_zone: 'Europe/Zurich',
        location: 'x',
        description: 'x',
        recurrence: ['RRULE:FREQ=DAILY;COUNT=2'],
        attendees: ['grace@example.com'],
        send_updates: 'all',
      },
    ],
    ['create_event', { title: 'x', start: '2031-03-04', end: '2031-03-05' }],
    [
      'update_event',
      {
        event_id: 'sandboxevent1',
        title: 'x',
        start: '2031-03-04T09:00:00',
        end: '2031-03-04T10:00:00',
        time_zone: 'Europe/Zurich',
        location: 'x',
        description: 'x',
        recurrence: ['RRULE:FREQ=DAILY;COUNT=2'],
        add_attendees: ['new@example.com'],
        remove_attendees: ['grace@example.com'],
        send_updates: 'externalOnly',
      },
    ],
    ['update_event', { event_id: 'sandboxevent1', start: '2031-03-04', end: '2031-03-05', recurrence: [] }],
  ],
  'google-drive': [
    ['search_files'],
    [
      'search_files',
      {
        name: 'Notes',
        kind: 'document',
        folder_id: 'root',
        changed_after: '2020-01-01T00:00:00Z',
        shared_with_me: true,
        limit: 1,
        page_token: '0',
      },
    ],
    ['search_files', { words: 'engine' }],
    ['read_file', { file_id: '1sandboxfile1' }],
    ['read_file', { file_id: '1sandboxtext1' }],
    ['export_file', { file_id: '1sandboxsheet1', format: 'tsv' }],
    ['export_file', { file_id: '1sandboxsheet1', format: 'xlsx' }],
  ],
}

describe.each(Object.entries(scenes))('%s', (name, calls) => {
  const description = describedOf(name)
  const entry = catalogue.get(name)!
  let service: Awaited<ReturnType<typeof connectTools>>
  let exchanges: Exchange[] = []
  const seen = new Map<string, Set<string>>()

  beforeAll(async () => {
    service = await connectTools(name)
    const { base_url } = service.sandbox.providers[name]!.api!
    const place = new URL(entry.api!.base_url).pathname.replace(/\/$/, '')
    const real = globalThis.fetch
    vi.stubGlobal('fetch', async (...[input, init]: Parameters<typeof fetch>) => {
      const response = await real(input, init)
      const url = new URL(String(input))
      const { pathname } = new URL(base_url)
      exchanges.push({
        method: init?.method ?? 'GET',
        path: place + url.pathname.slice(pathname === '/' ? 0 : pathname.length),
        query: url.searchParams,
        sent: init?.body ? JSON.parse(String(init.body)) : undefined,
        answered: /json/.test(response.headers.get('content-type') ?? '')
          ? await response.clone().json()
          : undefined,
      })
      return response
    })
  })
  afterAll(async () => {
    vi.unstubAllGlobals()
    await service?.close()
  })

  test.each(calls)('%s %j asks, and the sandbox answers, as Google describes', async (tool, args = {}) => {
    exchanges = []
    await service.value(tool, args as Parameters<typeof service.value>[1])
    expect(exchanges.length).toBeGreaterThan(0)
    const { access } = entry.tools!.find((one) => one.name === tool)!
    for (const exchange of exchanges) {
      const said = `${exchange.method} ${exchange.path}`
      const method = methodOf(description, exchange)
      expect(method, said).toBeDefined()
      const { id, request, response, scopes } = method!
      seen.set(tool, (seen.get(tool) ?? new Set()).add(id))
      const faults = [
        ...queryFaults(exchange.query, method!, description.parameters),
        ...(exchange.sent === undefined
          ? []
          : request
            ? faultsOf(exchange.sent, { $ref: request }, description.schemas, 'sent')
            : ['sent: not described']),
        ...(exchange.answered === undefined || !response || exchange.query.get('alt') === 'media'
          ? []
          : faultsOf(exchange.answered, { $ref: response }, description.schemas, 'answered')),
      ]
      expect(faults, said).toEqual([])
      // A server for writing runs the tools for reading too.
      for (const preset of access === 'read' ? (['read', 'write'] as const) : (['write'] as const))
        expect(
          entry.scopes[preset].some(({ scope }) => scopes.includes(scope)),
          `${id}: its scopes are not among those for ${preset}`,
        ).toBe(true)
    }
  })

  test('every step of every tool was among these', () => {
    for (const { name: tool, steps } of entry.tools!) {
      const place = new URL(entry.api!.base_url).pathname.replace(/\/$/, '')
      for (const step of steps) {
        const path = place + step.path.replaceAll(/\{[^{}]+\}/g, 'x')
        const method = methodOf(description, { method: step.method, path })
        expect(method, `${tool}: ${step.method} ${step.path}`).toBeDefined()
        expect([...(seen.get(tool) ?? [])], `${tool}: ${step.method} ${step.path}`).toContain(method!.id)
      }
    }
  })
})

test('what is not as described is found out', () => {
  const description = describedOf('google-calendar')
  const insert = description.methods.find(({ id }) => id === 'calendar.events.insert')!
  const faults = (sent: unknown) => faultsOf(sent, { $ref: insert.request! }, description.schemas)
  expect(
    faults({ sumary: 'x', summary: 1, start: { dateTime: 'now' }, attendees: [{ mail: 'x' }], end: [] }),
  ).toEqual([
    '.sumary: not described',
    '.summary: not a string',
    '.start.dateTime: now is no date-time',
    '.attendees[0].mail: not described',
    '.end: not an object',
  ])
  const query = new URLSearchParams('sendUpdates=some&notify=true&maxAttendees=x&maxAttendees=2')
  expect(queryFaults(query, insert, description.parameters)).toEqual([
    'sendUpdates: some is none of its values',
    'notify: not described',
    'maxAttendees: repeated',
  ])
  expect(methodOf(description, { method: 'DELETE', path: insert.path })).toBeUndefined()
})
