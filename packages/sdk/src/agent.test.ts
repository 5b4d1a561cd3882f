import { expect, test } from 'vitest'
import { Agent } from './agent.ts'
import type { Grantry } from './client.ts'

test.each([
  [undefined, { endUser: 'u_1', app: 'app_1' }],
  [{ endUser: undefined }, { endUser: 'u_1', app: 'app_1' }],
  [{ endUser: 'u_2' }, { endUser: 'u_2', app: 'app_1' }],
  [
    { endUser: undefined, app: 'app_2' },
    { endUser: 'u_1', app: 'app_2' },
  ],
])(
  'an agent of one end user that is given %j asks as %j, never as the workspace itself',
  async (given, asked) => {
    const seen: unknown[] = []
    const grantry = {
      credentials: (_name: string, whose: unknown) => {
        seen.push(whose)
        return { getToken: async () => ({}) }
      },
    } as unknown as Grantry
    const agent = new Agent({ grantry, endUser: 'u_1', app: 'app_1' })
    await agent.getOAuthProvider().getCredentials('gmail', given)
    expect(seen).toEqual([asked])
  },
)
