import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { addSandboxIntegration, startSession } from '../../../../test/support/connecting.ts'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import {
  countedArgon2,
  goodPassword,
  openBrowser,
  signIn,
  type TestBrowser,
} from '../../../../test/support/members.ts'
import { firstOwnerLink } from '../members/bootstrap-owner.ts'

const email = 'ada@example.com'

eachDatabase('a connect link that is opened by somebody who is signed in', (open) => {
  let grantry: TestGrantry
  let browser: TestBrowser
  let session: { id: string; connect_url: string }

  beforeAll(async () => {
    grantry = await startTestGrantry({
      databaseUrl: open.url,
      world: { background: false, argon2: countedArgon2().argon2 },
    })
    await addSandboxIntegration(grantry, 'gmail')
    const link = await firstOwnerLink(grantry.ctx)
    await openBrowser(grantry).post(link!, { email, password: goodPassword })
  })
  afterAll(() => grantry?.close())
  beforeEach(async () => {
    browser = openBrowser(grantry)
    expect((await signIn(browser, email)).status).toBe(303)
    session = await startSession(grantry, { provider: 'gmail', end_user: { id: 'u1' } })
  })

  async function callbackOf(who: TestBrowser, url = session.connect_url) {
    const out = await who.get(url)
    expect(out.status).toBe(302)
    return grantry.sandbox!.control.consent(out.location!, { account: email })
  }
  const confirms = async (who: TestBrowser, callback: string) => {
    const calls = grantry.sandbox!.control.stats().calls
    const { status, text } = await who.get(callback)
    // No code is exchanged before the person has confirmed, and here not even then.
    expect(grantry.sandbox!.control.stats().calls).toBe(calls)
    return [status, /name="secret"/.test(text)]
  }

  test('comes back in the same session: goes on', async () => {
    expect(await confirms(browser, await callbackOf(browser))).toEqual([200, true])
  })

  test('comes back in a browser where nobody is, or somebody else, or after another sign-in: not taken, and spent', async () => {
    for (const other of [openBrowser(grantry), await signedIn()]) {
      const callback = await callbackOf(browser)
      expect(await confirms(other, callback)).toEqual([403, false])
      expect(await confirms(browser, callback)).toEqual([409, false])
    }
    const callback = await callbackOf(browser)
    await signIn(browser, email)
    expect(await confirms(browser, callback)).toEqual([403, false])
    // The link itself still works.
    expect(await confirms(browser, await callbackOf(browser))).toEqual([200, true])
  })

  test('begun by nobody, it may end where somebody is', async () => {
    const callback = await callbackOf(openBrowser(grantry))
    expect(await confirms(browser, callback)).toEqual([200, true])
  })

  test("through Fiberwise's address, too", async () => {
    const token = session.connect_url.split('/').at(-1)
    const url = `/api/v1/credentials/auth/gmail?connect_session=${token}`
    expect(await confirms(openBrowser(grantry), await callbackOf(browser, url))).toEqual([403, false])
  })

  async function signedIn() {
    const another = openBrowser(grantry)
    await signIn(another, email)
    return another
  }
})
