import { expect, test } from 'vitest'
import { createProxyFetch } from './proxy-fetch.ts'

/** What goes out, as a server is asked for it. */
function play(baseUrl?: string) {
  const asked: string[] = []
  const call = createProxyFetch(
    {
      url: 'https://grantry.example',
      credential: async () => 'grantry_sk_test',
      signal: undefined,
      baseUrl,
      fetch: async (input) => {
        asked.push(input instanceof Request ? input.url : new URL(String(input)).href)
        return new Response('{}')
      },
    },
    'con_1',
  )
  return { asked, call }
}

test.each([
  '/../../connections',
  '/users/../../../api-keys',
  '/%2e%2e/con_2/users/me',
  '/.%2E/con_2/users/me',
  '/..\\con_2/users/me',
  '/\t../con_2/users/me',
  '/users/%2e%2e%2f%2e%2e\\..\\..\\..',
])('%j does not climb out of its connection', async (path) => {
  const { asked, call } = play()
  await expect(call(path)).rejects.toBeInstanceOf(TypeError)
  await expect(call(new Request('https://grantry.example/x'), {})).rejects.toBeInstanceOf(TypeError)
  expect(asked).toEqual([])
})

test('nor does a full URL whose base is given', async () => {
  const { asked, call } = play('https://api.example/v1')
  await expect(call('https://api.example/v1/../../../connections')).rejects.toBeInstanceOf(TypeError)
  expect(asked).toEqual([])
})

test.each(['/users/me?next=/../..', '/a%2fb/c', '/users/..me', '?q=..', ''].map((rest) => [rest]))(
  '%j below the base stays as it was written',
  async (rest) => {
    const { asked, call } = play('https://api.example/v1')
    await call(`https://api.example/v1${rest}`)
    expect(asked).toEqual([`https://grantry.example/api/v1/proxy/con_1${rest}`])
  },
)
