import type { Tool, ToolStep } from '@grantry/providers'
import { expect, test } from 'vitest'
import type { ToolRequest } from './build-request.ts'
import type { Json } from './evaluate.ts'
import { runTool } from './run-tool.ts'

type Answers = (request: ToolRequest) => Response | Promise<Response>

const input: Tool['input'] = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    words: { type: 'string' },
    limit: { type: 'integer', default: 10 },
    people: { type: 'array', items: { type: 'string' } },
  },
  additionalProperties: false,
}

async function run(
  steps: ToolStep[],
  output: string,
  args: Record<string, Json>,
  answers: Answers,
  more = {},
  kind: Pick<Tool, 'access' | 'idempotent'> = { access: 'read' },
) {
  const asked: ToolRequest[] = []
  const tool: Tool = { name: 't', title: 'T', description: 'T.', ...kind, input, steps, output }
  const answer = await runTool({
    provider: { display_name: 'Acme', ...more },
    tool,
    args,
    call: async (request) => {
      asked.push(request)
      return answers(request)
    },
  })
  return { asked, answer }
}

const json = (value: unknown, status = 200, headers = {}) =>
  new Response(JSON.stringify(value), { status, headers })

test('sends what the expressions give: encoded segments, query, JSON; nothing for what is not given', async () => {
  const step: ToolStep = {
    method: 'POST',
    path: '/a/{id}/b',
    query: { q: 'words', limit: 'limit', person: 'people', none: 'missing' },
    body: '{to: people[].{email: @}, title: words, gone: missing, deep: {gone: missing}}',
  }
  const args = { id: 'x/../y?#%', words: 'Grüße & "q" +1', people: ['a@x.example', 'b@x.example'] }
  const { asked, answer } = await run([step], 'answer', args, () => json({ ok: true, nothing: null }))
  expect(asked).toEqual([
    {
      method: 'POST',
      path: '/a/x%2F..%2Fy%3F%23%25/b',
      query: 'q=Gr%C3%BC%C3%9Fe+%26+%22q%22+%2B1&limit=10&person=a%40x.example&person=b%40x.example',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: '{"to":[{"email":"a@x.example"},{"email":"b@x.example"}],"title":"Grüße & \\"q\\" +1","deep":{}}',
    },
  ])
  expect(answer).toEqual({ ok: true, value: { ok: true } })
})

test.each(['.', '..', '', undefined])('a path takes no id %j: nothing is sent', async (id) => {
  const args = id === undefined ? {} : { id }
  const { asked, answer } = await run([{ method: 'GET', path: '/a/{id}' }], 'answer', args, () => json({}))
  expect([asked, answer]).toEqual([[], { ok: false, message: '"id" is missing or is no id.' }])
})

test('steps see the answers before them; each asks for one item after another, in their order', async () => {
  const steps: ToolStep[] = [
    { as: 'list', method: 'GET', path: '/list' },
    { as: 'left', when: 'words', method: 'GET', path: '/never' },
    { as: 'items', each: 'list.ids', method: 'GET', path: '/items/{it}' },
  ]
  const answers: Answers = ({ path }) =>
    path === '/list' ? json({ ids: [3, 1, 2, 5, 4] }) : json({ name: `n${path.slice(7)}` })
  const { asked, answer } = await run(steps, '{names: items[].name, left: left}', {}, answers)
  expect(asked.map(({ path }) => path)).toEqual([
    '/list',
    '/items/3',
    '/items/1',
    '/items/2',
    '/items/5',
    '/items/4',
  ])
  expect(answer).toEqual({ ok: true, value: { names: ['n3', 'n1', 'n2', 'n5', 'n4'] } })
})

test('each asks for 50 at most, and for none of what is no list', async () => {
  const steps = (each: string): ToolStep[] => [{ as: 'items', each, method: 'GET', path: '/items/{it}' }]
  const many = await run(
    steps('people'),
    'length(items)',
    { people: Array.from({ length: 80 }, (_, i) => `p${i}`) },
    () => json({}),
  )
  expect(many.answer).toEqual({ ok: true, value: 50 })
  expect((await run(steps('words'), 'items', { words: 'x' }, () => json({}))).answer).toEqual({
    ok: true,
    value: [],
  })
})

test('a GraphQL document goes with its variables', async () => {
  const step: ToolStep = {
    method: 'POST',
    path: '/graphql',
    graphql: 'query($id: ID!) { x(id: $id) }',
    body: '{id: id}',
  }
  const { asked } = await run([step], 'answer', { id: 'a' }, () => json({}))
  expect(JSON.parse(asked[0]!.body!)).toEqual({ query: step.graphql, variables: { id: 'a' } })
})

test.each<[string, Response, string]>([
  [
    'a problem document',
    json({ title: 'No', detail: 'No such deal.' }, 404),
    'Acme refused this (404): No such deal. Check the id: search or list first to get one that exists.',
  ],
  [
    'a nested error',
    json({ error: { code: 403, message: 'Insufficient Permission', errors: [] } }, 403),
    'Acme refused this (403): Insufficient Permission. The connected account may not do this, or was not asked for the permission: connect it again with more access, or do something else.',
  ],
  [
    'too many calls, as a 403',
    json({ error: { code: 403, message: 'User Rate Limit Exceeded' } }, 403),
    'Acme refused this (403): User Rate Limit Exceeded. Too many calls: wait a minute before the next one.',
  ],
  [
    'a list of errors',
    json([{ message: 'MALFORMED', errorCode: 'X' }], 400),
    'Acme refused this (400): MALFORMED. Check the arguments.',
  ],
  [
    'too many calls',
    json({}, 429, { 'retry-after': '7' }),
    'Acme refused this (429). Too many calls: wait 7 seconds before the next one.',
  ],
  [
    'a page',
    new Response('<html>Bad Gateway</html>', { status: 502 }),
    'Acme refused this (502). The trouble is on its side: try again in a minute.',
  ],
  [
    'a refusal with status 200',
    json({ ok: false, error: 'channel_not_found' }),
    'Acme refused this (400): channel_not_found. Check the arguments.',
  ],
  ['no JSON', new Response('<html>'), 'Acme answered something that is not JSON. Try again in a minute.'],
])('%s is told as what to do next, and later steps are not done', async (_, response, message) => {
  const steps: ToolStep[] = [
    { method: 'GET', path: '/a' },
    { method: 'GET', path: '/b' },
  ]
  const failure = { tool_failure: 'ok == `false` && error' }
  const { asked, answer } = await run(steps, 'answer', {}, () => response, failure)
  expect([asked.length, answer]).toEqual([1, { ok: false, message }])
})

test('a refusal with status 200 may say which status it is as good as', async () => {
  const failure = { tool_failure: "ok == `false` && {status: `403`, message: 'No such permission'}" }
  const step: ToolStep = { method: 'GET', path: '/a' }
  const { answer } = await run([step], 'answer', {}, () => json({ ok: false }), failure)
  expect(answer).toMatchObject({
    ok: false,
    message: expect.stringMatching(/^Acme refused this \(403\): No such permission\. The connected account/),
  })
})

test.each([
  [502, { access: 'write' as const }, 'look before you try again'],
  [503, { access: 'write' as const }, 'try again in a minute'],
  [502, { access: 'write' as const, idempotent: true }, 'try again in a minute'],
  [502, { access: 'read' as const }, 'try again in a minute'],
])('after a %s nobody is told to do twice what may have been done once (%j)', async (status, kind, words) => {
  const step: ToolStep = { method: 'POST', path: '/a' }
  const { answer } = await run([step], 'answer', {}, () => json({}, status), {}, kind)
  expect(answer).toMatchObject({ ok: false, message: expect.stringContaining(words) })
})

test('an optional step that is refused answers null, and the call goes on; what call throws still ends it', async () => {
  const steps: ToolStep[] = [
    { as: 'ids', method: 'GET', path: '/ids' },
    { as: 'people', each: 'ids', optional: true, method: 'GET', path: '/people/{it}' },
  ]
  const answers: Answers = ({ path }) =>
    path === '/ids'
      ? json([1, 2, 3])
      : path === '/people/2'
        ? json({ message: 'Gone' }, 404)
        : json({ name: path.slice(8) })
  const { answer } = await run(steps, '{names: people[].name}', {}, answers)
  expect(answer).toEqual({ ok: true, value: { names: ['1', '3'] } })
  const failing = run(steps, 'ids', {}, ({ path }) =>
    path === '/ids' ? json([1]) : Promise.reject(new Error('needs reauth')),
  )
  await expect(failing).rejects.toThrow('needs reauth')
})

test('what call throws goes on to whoever asked', async () => {
  const gone = new Error('needs reauth')
  const failing = run([{ method: 'GET', path: '/a' }], 'answer', {}, () => Promise.reject(gone))
  await expect(failing).rejects.toBe(gone)
})

test('an answer that is too large is cut, and says so', async () => {
  const long = await run([{ method: 'GET', path: '/a' }], 'answer', {}, () =>
    json({ text: 'é'.repeat(200_000), id: 1 }),
  )
  const { value } = long.answer as unknown as { value: { text: string; id: number; truncated: string } }
  expect([value.id, value.text.length < 100_000, value.truncated]).toEqual([
    1,
    true,
    expect.stringContaining('shortened'),
  ])
  const list = await run([{ method: 'GET', path: '/a' }], 'answer', {}, () =>
    json(Array.from({ length: 50_000 }, (_, i) => ({ i }))),
  )
  expect(JSON.stringify((list.answer as { value: Json }).value).length).toBeLessThan(101_000)
})
