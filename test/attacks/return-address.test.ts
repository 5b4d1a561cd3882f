import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { consent, startSession } from '../support/connecting.ts'
import { eachDatabase } from '../support/databases.ts'
import type { Answer } from '../support/grantry.ts'
import { expectRepelled, openScene, origin, returnTo, type Scene, secretOf } from './scene.ts'

const returnAttacks = [
  'javascript:alert(1)',
  'javascript://app.example.com/settings%0aalert(1)',
  'data:text/html,<script>1</script>',
  'vbscript:x',
  'file:///etc/passwd',
  'blob:https://app.example.com/settings',
  '//evil.example/settings',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/settings',
  'settings',
  'https:app.example.com/settings',
  'https:/app.example.com/settings',
  'https:\\\\app.example.com\\settings',
  'https://app.example.com\\@evil.example/settings',
  'https://evil.example\\@app.example.com/settings',
  'https://app.example.com@evil.example/settings',
  'https://user:pass@app.example.com/settings',
  'https://@app.example.com/settings',
  'https://app.example.com.evil.example/settings',
  'https://evilapp.example.com/settings',
  'https://app.example.com.:443/settings',
  'https://app.example.com./settings',
  'https://app-example.com/settings',
  'https://app.exаmple.com/settings',
  'https://app.example.com。evil.example/settings',
  'https://app%2eexample.com/settings',
  'https://app.example.com%2f@evil.example/settings',
  'http://app.example.com/settings',
  'https://app.example.com:8443/settings',
  'https://app.example.com:443/settings',
  'HTTPS://app.example.com/settings',
  'https://APP.example.com/settings',
  'https://app.example.com/Settings',
  'https://app.example.com/settings/',
  'https://app.example.com/settings?next=//evil.example',
  'https://app.example.com/settings?',
  'https://app.example.com/settings#',
  'https://app.example.com/settings#access_token=x',
  'https://app.example.com/settings;x',
  'https://app.example.com/./settings',
  'https://app.example.com/x/../settings',
  'https://app.example.com/%2e%2e/settings',
  'https://app.example.com/x/%2e%2e/settings',
  'https://app.example.com/%73ettings',
  'https://app.example.com//settings',
  'https://app.example.com/',
  'https://app.example.com',
  ' https://app.example.com/settings',
  'https://app.example.com/settings ',
  'https://app.example.com/set\ttings',
  'ht\ttps://app.example.com/settings',
  'https://app.example.com/settings\r\nset-cookie: a=b',
  'https://app.example.com/settings%0d%0aset-cookie:a=b',
  'https://app.example.com/settings\0',
  `https://app.example.com/settings?${'a'.repeat(3000)}`,
  '',
  'null',
]

const originAttacks = [
  '*',
  'null',
  '',
  'https://*',
  'https://*.example.com',
  'https://evil.example',
  'https://app.example.com.evil.example',
  'https://app.example.com@evil.example',
  'https://app.example.com/',
  'https://app.example.com/settings',
  'https://app.example.com:443',
  'https://app.example.com:8443',
  'http://app.example.com',
  'HTTPS://app.example.com',
  'https://APP.example.com',
  'https://app.example.com.',
  'https://app.example.com?',
  'https://app.example.com#',
  ' https://app.example.com',
  'https://app.example.com ',
  'https://app.example.com\t',
  'https://app.example.com\r\n',
  'https://app.example.com,https://evil.example',
  'https:\\\\app.example.com',
  '//app.example.com',
  'app.example.com',
  'javascript:alert(1)',
  'data:text/html,x',
]

/** The fields that a problem document names. */
const blamed = ({ body }: Answer): string[] => [
  ...new Set((body.errors as { path: string }[]).map(({ path }) => path)),
]

eachDatabase('addresses to go back to', (open) => {
  let scene: Scene
  beforeAll(async () => {
    scene = await openScene(open.url)
  })
  afterAll(() => scene?.grantry.close())

  const ask = (fields: Record<string, unknown>) =>
    scene.grantry.call('POST', '/api/v1/connect-sessions', { integration: scene.gmail.id, ...fields })

  test.each(returnAttacks)('return_to %j is refused, and nothing is stored', async (return_to) => {
    const answer = await expectRepelled(scene, () => ask({ return_to }))
    expect(answer.status, answer.text).toBe(422)
    expect(blamed(answer)).toEqual(['return_to'])
  })

  test.each(originAttacks)('origin %j is refused, and nothing is stored', async (attack) => {
    const answer = await expectRepelled(scene, () => ask({ origin: attack }))
    expect(answer.status, answer.text).toBe(422)
    expect(blamed(answer)).toEqual(['origin'])
  })

  test('arrays, objects and doubled members are no addresses', async () => {
    for (const wrong of [[returnTo], { href: returnTo }, 1, true, null]) {
      expect((await expectRepelled(scene, () => ask({ return_to: wrong }))).status).toBe(422)
      expect((await expectRepelled(scene, () => ask({ origin: wrong }))).status).toBe(422)
    }
  })

  describe('the registered ones', () => {
    test('are taken as they stand, with our parameters and nothing of the caller’s', async () => {
      const session = await startSession(scene.grantry, {
        integration: scene.gmail.id,
        end_user: { id: 'u1' },
        return_to: returnTo,
        state: '"><script>alert(1)</script>&code=evil&error=x#%0d%0aset-cookie: a=b',
      })
      const page = await scene.browse(await consent(scene.grantry, session.connect_url))
      const done = await scene.confirm(secretOf(page))
      expect(done.status).toBe(303)
      expect(done.headers.get('referrer-policy')).toBe('no-referrer')
      expect(done.headers.get('set-cookie')).toBeNull()
      const location = new URL(done.headers.get('location')!)
      expect(location.origin + location.pathname).toBe(returnTo)
      expect([...location.searchParams.keys()].sort()).toEqual(['code', 'state'])
      expect(location.hash).toBe('')
      expect(location.searchParams.get('code')).toMatch(/^gfc_/)
    })

    test('with a query of their own: ours take the place of what has their names, the rest stays', async () => {
      const session = await startSession(scene.grantry, {
        integration: scene.gmail.id,
        end_user: { id: 'u1' },
        return_to: `${scene.grantry.url}/back?code=evil&tab=mail&state=evil&code=again`,
        state: 's&1=ü',
      })
      const page = await scene.browse(await consent(scene.grantry, session.connect_url))
      const { searchParams } = new URL((await scene.confirm(secretOf(page))).headers.get('location')!)
      expect(searchParams.getAll('code')).toEqual([expect.stringMatching(/^gfc_/)])
      expect(searchParams.getAll('state')).toEqual(['s&1=ü'])
      expect(searchParams.getAll('tab')).toEqual(['mail'])
    })

    test('a list with an address that could do harm is refused as a whole', async () => {
      for (const url of [
        'javascript:alert(1)',
        'data:text/html,x',
        'https://a@evil.example/',
        'https://a/#x',
      ])
        await expectRepelled(scene, () =>
          scene.grantry.call('PATCH', '/api/v1/workspace', { return_urls: [returnTo, url] }),
        )
      for (const wrong of ['*', 'https://*.example.com', 'https://app.example.com/x', 'null'])
        await expectRepelled(scene, () =>
          scene.grantry.call('PATCH', '/api/v1/workspace', { allowed_origins: [origin, wrong] }),
        )
      const { body } = await scene.grantry.call('GET', '/api/v1/workspace')
      expect(body.data).toMatchObject({ allowed_origins: [origin], return_urls: [returnTo] })
    })

    test('the outcome page posts to the session’s origin only, without a token', async () => {
      const session = await startSession(scene.grantry, {
        integration: scene.gmail.id,
        end_user: { id: 'u2' },
        origin,
      })
      const page = await scene.browse(await consent(scene.grantry, session.connect_url))
      const done = await scene.confirm(secretOf(page))
      const outcome = JSON.parse(/id="outcome">([^<]*)</.exec(done.text)![1]!)
      expect(outcome.origins).toEqual([origin])
      expect(outcome.message.type).toBe('oauth_success')
      for (const secret of ['sandboxcanary', 'gct_', 'gst_', 'gfc_', 'gcf_'])
        expect(done.text).not.toContain(secret)
    })
  })
})
