import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encodeId } from '@grantry/api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHome, runCli } from '../../../../test/support/cli.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import { addMember } from '../../../../test/support/partner-app.ts'
import type { Profiles } from '../profiles/file.ts'

let grantry: TestGrantry
beforeAll(async () => {
  grantry = await startTestGrantry({ sandbox: false, world: { background: false } })
})
afterAll(() => grantry?.close())

const pathOf = (home: string) => join(home, '.config/grantry/profiles.json')
const profilesOf = async (home: string) => JSON.parse(await readFile(pathOf(home), 'utf8')) as Profiles
type Member = Awaited<ReturnType<typeof addMember>>

/** What the person does in the browser that the command opened. */
const decide =
  ({ browser }: Member, decision: 'allow' | 'deny') =>
  async (address: string) => {
    const confirm = await browser.submit(await browser.open(address))
    const consent = await browser.submit(confirm)
    await browser.submit(consent, { decision })
    return true
  }

async function signedIn(
  email: string,
  role: 'owner' | 'developer' | 'viewer' = 'owner',
  args: string[] = [],
) {
  const member = await addMember(grantry, { email, role })
  const home = await createHome()
  const env = { GRANTRY_URL: grantry.url }
  const login = await runCli(['login', ...args], { home, env, openBrowser: decide(member, 'allow') })
  const run = (...words: string[]) => runCli(words, { home })
  return { home, member, login, run }
}

describe('login', () => {
  test('opens the browser, waits, and is the member from then on', async () => {
    const { login, home, run } = await signedIn('ada@login.example')
    expect(login).toMatchObject({
      code: 0,
      stdout: `✓ Signed in to ${grantry.url} as ada@login.example, owner of default.\nNext: grantry account oauth list-providers\n`,
      stderr: expect.stringMatching(
        /^Open http\S+\/oauth\/device and type the code [A-Z]{4}-[A-Z]{4}\nWaiting/,
      ),
    })
    const { current, profiles } = await profilesOf(home)
    expect([current, profiles.default?.url]).toEqual(['default', grantry.url])
    for (const secret of [profiles.default!.login!.access_token, profiles.default!.login!.refresh_token])
      expect(login.stdout + login.stderr).not.toContain(secret)
    const listed = await run('account', 'oauth', 'list-providers', '--json')
    expect([listed.code, listed.json]).toEqual([0, []])
  })

  test('what was refused there is told, and nothing is saved', async () => {
    const member = await addMember(grantry, { email: 'bea@login.example' })
    const home = await createHome()
    const args = ['login', '--url', grantry.url, '--profile', 'prod']
    const login = await runCli(args, { home, openBrowser: decide(member, 'deny') })
    expect(login).toMatchObject({ code: 1, stderr: expect.stringContaining('not allowed') })
    await expect(profilesOf(home)).rejects.toThrow('ENOENT')
  })

  test('--no-browser opens none; Ctrl-C ends the wait, and nothing is saved', async () => {
    const home = await createHome()
    const interrupted = new AbortController()
    const login = await runCli(['login', '--no-browser', '--url', grantry.url], {
      home,
      signal: interrupted.signal,
      onOutput(text) {
        if (text.includes('Waiting')) interrupted.abort('SIGINT')
      },
    })
    expect(login).toMatchObject({ code: 130, opened: [], stderr: expect.stringContaining('type the code') })
    await expect(profilesOf(home)).rejects.toThrow('ENOENT')
  })

  test('a viewer’s command line changes nothing', async () => {
    const { run } = await signedIn('vic@login.example', 'viewer')
    expect((await run('account', 'oauth', 'list-connections')).code).toBe(0)
    const refused = await run('account', 'oauth', 'auth', 'gmail')
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('connections:write')])
  })

  test('by an API key from stdin: one that is not good is not saved', async () => {
    const home = await createHome()
    const args = ['login', '--api-key-stdin', '--url', grantry.url]
    const wrong = await runCli(args, { home, stdin: 'gky_wrong' })
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.not.stringContaining('gky_wrong')])
    await expect(profilesOf(home)).rejects.toThrow('ENOENT')
    const right = await runCli(args, { home, stdin: `${grantry.apiKey}\n` })
    expect([right.code, right.stdout]).toEqual([0, expect.not.stringContaining(grantry.apiKey)])
    expect((await runCli(['account', 'oauth', 'list-connections'], { home })).code).toBe(0)
  })

  test('a server that calls itself otherwise is not signed in to', async () => {
    const home = await createHome()
    const other = grantry.url.replace('localhost', '127.0.0.1')
    const { code, stderr } = await runCli(['login', '--url', other], { home })
    expect([code, stderr]).toEqual([1, expect.stringContaining(`Next: grantry login --url ${grantry.url}`)])
  })

  test('again, it ends the sign-in before', async () => {
    const { home, member } = await signedIn('cat@login.example')
    const before = (await profilesOf(home)).profiles.default!.login!
    await runCli(['login'], { home, openBrowser: decide(member, 'allow') })
    const call = async (key: string) =>
      (await grantry.call('GET', '/api/v1/account', undefined, { key })).status
    expect(await call(before.access_token)).toBe(401)
    expect(await call((await profilesOf(home)).profiles.default!.login!.access_token)).toBe(200)
  })
})

describe('afterwards', () => {
  /** As if a quarter of an hour had gone by for the command line. */
  async function age(home: string) {
    const file = await profilesOf(home)
    for (const { login } of Object.values(file.profiles)) if (login) login.expires_at = 0
    await writeFile(pathOf(home), JSON.stringify(file))
    return file.profiles.default!.login!
  }

  test('tokens are renewed once, however many commands run at once', async () => {
    const { home, member, run } = await signedIn('dan@login.example')
    const before = await age(home)
    const runs = await Promise.all(
      Array.from({ length: 5 }, () => run('account', 'oauth', 'list-connections')),
    )
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0])
    const after = (await profilesOf(home)).profiles.default!.login!
    expect(after.refresh_token).not.toBe(before.refresh_token)
    // The one before, used up, and one in its place: two renewals would have made another, and its use a theft.
    const issued = await grantry.ctx.db
      .selectFrom('oauth_records')
      .select('id_hash')
      .where('model', '=', 'RefreshToken')
      .where('payload', 'like', `%${encodeId('mem', member.member)}%`)
      .execute()
    expect(issued).toHaveLength(2)
    expect((await run('account', 'oauth', 'list-connections')).code).toBe(0)
  })

  test('one browser that allowed two machines: signing out at one leaves the other', async () => {
    const { member, run } = await signedIn('gil@login.example')
    const other = await createHome()
    const env = { GRANTRY_URL: grantry.url }
    const second = await runCli(['login'], { home: other, env, openBrowser: decide(member, 'allow') })
    expect(second.code).toBe(0)
    expect((await run('logout')).code).toBe(0)
    expect((await runCli(['account', 'oauth', 'list-connections'], { home: other })).code).toBe(0)
  })

  test('logout ends it at the server too', async () => {
    const { home, run } = await signedIn('eve@login.example')
    const { access_token, refresh_token } = (await profilesOf(home)).profiles.default!.login!
    expect((await run('profile', 'remove', 'default')).stderr).toContain('Next: grantry logout')
    expect((await run('logout')).code).toBe(0)
    expect((await profilesOf(home)).profiles.default).toEqual({ url: grantry.url })
    expect((await grantry.call('GET', '/api/v1/account', undefined, { key: access_token })).status).toBe(401)
    const form = { grant_type: 'refresh_token', client_id: 'grantry-cli', refresh_token }
    const renewed = await fetch(`${grantry.url}/v1/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams(form),
    })
    expect(renewed.status).toBe(400)
    expect((await run('logout')).code).toBe(1)
    expect((await run('account', 'oauth', 'list-connections')).stderr).toContain('Next: grantry login')
  })

  test('a sign-in that was ended elsewhere is forgotten, and how to go on is told', async () => {
    const { home, member, run } = await signedIn('fay@login.example', 'developer')
    await grantry.ctx.db.deleteFrom('members').where('id', '=', member.member).execute()
    const refused = await run('account', 'oauth', 'list-connections')
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('Next: grantry login')])
    await age(home)
    const renewed = await run('account', 'oauth', 'list-connections')
    expect(renewed.stderr).toContain('Next: grantry login --profile default')
    expect((await profilesOf(home)).profiles.default).toEqual({ url: grantry.url })
  })
})
