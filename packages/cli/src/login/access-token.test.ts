import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { updateProfiles } from '../profiles/file.ts'
import { createAccessToken } from './access-token.ts'

test("a profile that became another server's gives no token for the one that is still called", async () => {
  const env = { HOME: await mkdtemp(join(tmpdir(), 'grantry-token-')) }
  const signIn = (url: string, access_token: string) =>
    updateProfiles(env, ({ profiles }) => {
      const login = {
        access_token,
        refresh_token: `refresh-${access_token}`,
        expires_at: Date.now() + 900_000,
      }
      profiles.default = { url, login }
    })
  await signIn('https://one.example', 'of-one')
  expect(await createAccessToken({ env }, { profile: 'default', url: 'https://one.example' })()).toBe(
    'of-one',
  )
  const following = createAccessToken({ env }, { profile: 'default', url: 'https://one.example' })
  await signIn('https://two.example', 'of-two')
  await expect(following()).rejects.toThrow('not signed in')
})
