import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { type GoogleRequest, googleRequest } from './google-request.ts'

/** Answers these one after the other; keeps what was asked. */
function play(...answers: Response[]) {
  const asked: { url: string; init: RequestInit }[] = []
  const waits: number[] = []
  const fetcher = async (url: unknown, init: RequestInit = {}) => {
    asked.push({ url: String(url), init })
    return answers.shift()!
  }
  const ask = (config: GoogleRequest) =>
    googleRequest(fetcher as typeof fetch, { url: 'https://api.example/x', ...config }, async (seconds) => {
      waits.push(seconds)
    })
  return { asked, waits, ask }
}
const busy = () => new Response('busy', { status: 503 })

test('parameters, headers and a JSON body go as gaxios would send them', async () => {
  const { asked, ask } = play(Response.json({ a: 1 }))
  const { data, status } = await ask({
    method: 'post',
    url: 'https://api.example/x?alt=json',
    params: { q: 'a b', ids: [1, 2] },
    paramsSerializer: () => 'q=a%20b&ids=1&ids=2',
    headers: new Headers({ 'x-one': '1' }),
    data: { subject: 'Hi' },
  })
  expect([status, data]).toEqual([200, { a: 1 }])
  expect(asked[0]!.url).toBe('https://api.example/x?alt=json&q=a%20b&ids=1&ids=2')
  expect(asked[0]!.init).toMatchObject({ method: 'POST', body: '{"subject":"Hi"}' })
  expect(Object.fromEntries(asked[0]!.init.headers as Headers)).toEqual({
    'content-type': 'application/json',
    'x-one': '1',
  })
})

test('a body of any other kind goes as it is', async () => {
  const { asked, ask } = play(Response.json({}))
  const data = Readable.from(['bytes'])
  await ask({ method: 'POST', data, headers: { 'content-type': 'message/rfc822' } })
  expect(asked[0]!.init.body).toBe(data)
})

test('where retry is asked for, reads are tried again, three times at most', async () => {
  const { asked, waits, ask } = play(
    busy(),
    new Response('', { status: 429, headers: { 'retry-after': '2' } }),
    Response.json(1),
  )
  expect((await ask({ retry: true })).data).toBe(1)
  expect(asked.length).toBe(3)
  expect(waits[1]).toBeGreaterThanOrEqual(2)

  const always = play(busy(), busy(), busy(), busy(), busy())
  await expect(always.ask({ retry: true })).rejects.toMatchObject({ status: 503 })
  expect(always.asked.length).toBe(4)
})

test.each<GoogleRequest>([{ retry: true, method: 'POST', data: {} }, { retry: false }])(
  'nothing else is tried again: %o',
  async (config) => {
    const { asked, ask } = play(busy(), busy())
    await expect(ask(config)).rejects.toMatchObject({ status: 503 })
    expect(asked.length).toBe(1)
  },
)

test("the error says what the API's own says", async () => {
  const problem = { error: { message: 'Not found.', errors: [{ reason: 'notFound' }] } }
  const { ask } = play(Response.json(problem, { status: 404 }))
  const error = await ask({ responseType: 'stream' }).catch((error: unknown) => error)
  expect(error).toMatchObject({
    name: 'GaxiosError',
    message: 'Not found.',
    code: 404,
    errors: [{ reason: 'notFound' }],
    response: { status: 404, data: problem },
  })
})

test('the caller says what is good, and in which form it is wanted', async () => {
  const unchanged = await play(new Response(null, { status: 304 })).ask({
    validateStatus: (status) => status === 304,
  })
  expect([unchanged.status, unchanged.data]).toEqual([304, ''])
  const bytes = await play(new Response('abc')).ask({ responseType: 'arraybuffer' })
  expect(Buffer.from(bytes.data as ArrayBuffer).toString()).toBe('abc')
  const stream = await play(new Response('abc')).ask({ responseType: 'stream' })
  expect((await (stream.data as Readable).toArray()).join('')).toBe('abc')
  const text = await play(new Response('abc', { headers: { 'content-type': 'text/plain' } })).ask({})
  expect(text.data).toBe('abc')
  const file = await play(new Response('abc', { headers: { 'content-type': 'image/png' } })).ask({})
  expect(await (file.data as Blob).text()).toBe('abc')
})
