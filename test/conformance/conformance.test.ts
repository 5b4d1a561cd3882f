import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { confirmPage, startSession } from '../support/connecting.ts'
import { eachDatabase } from '../support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../support/grantry.ts'
import type { ForeignClient, ForeignServer } from './foreign-server.ts'
import { startMockServer } from './mock-server.ts'
import { startNodeOauthServer } from './node-oauth-server.ts'
import { startOidcProvider } from './oidc-provider-server.ts'

type Case = {
  name: string
  start: () => Promise<ForeignServer>
  /** What saving can find out: whether the server tells a right secret from a wrong one. */
  validation: 'verified' | 'unverified'
  revokes: boolean
  discovers: boolean
}

const cases: Case[] = [
  {
    name: 'oauth2-mock-server',
    start: startMockServer,
    validation: 'unverified',
    revokes: true,
    discovers: true,
  },
  {
    name: '@node-oauth/oauth2-server',
    start: startNodeOauthServer,
    validation: 'verified',
    revokes: false,
    discovers: false,
  },
  { name: 'oidc-provider', start: startOidcProvider, validation: 'verified', revokes: true, discovers: true },
]

for (const { name, start, validation, revokes, discovers } of cases) {
  eachDatabase(`against ${name}`, (open) => {
    let server: ForeignServer
    let grantry: TestGrantry
    beforeAll(async () => {
      server = await start()
      grantry = await startTestGrantry({
        databaseUrl: open.url,
        sandbox: false,
        env: { GRANTRY_EGRESS_ALLOW: server.host },
      })
    })
    afterAll(async () => {
      await grantry?.close()
      await server?.close()
    })

    const ways = ['endpoints', 'issuer'] as const
    describe.each(ways)('by %s', (way) => {
      let client: ForeignClient
      let integration: { id: string; redirect_uri: string }
      const count = () => server.granted('refresh_token').length

      function fields(secret: string) {
        const { authorization_url, token_url, revocation_url } = server.endpoints
        return {
          label: `${name} by ${way}`,
          client_id: client.client_id,
          client_secret: secret,
          scope: server.scope,
          extra_authorize_params: server.extraAuthorizeParams ?? {},
          ...(way === 'issuer'
            ? { issuer: server.issuer }
            : { authorization_url, token_url, ...(revocation_url ? { revocation_url } : {}) }),
        }
      }

      /** Session, sign-in and consent at the server, our confirm page, one click. */
      async function connect(endUser: string): Promise<string> {
        const session = await startSession(grantry, {
          integration: integration.id,
          end_user: { id: endUser },
        })
        const start = await grantry.call('GET', session.connect_url, undefined, { key: null })
        const before = server.granted('authorization_code').length
        const callback = await server.consent(start.headers.get('location')!)
        const page = await grantry.call('GET', callback, undefined, { key: null })
        expect(page.status, page.text).toBe(200)
        expect(server.granted('authorization_code')).toHaveLength(before)
        const done = await confirmPage(grantry, page.text, 'connect')
        expect(done.text).toContain('is connected to')
        expect(server.granted('authorization_code')).toHaveLength(before + 1)
        const { body } = await grantry.call('GET', `/api/v1/connect-sessions/${session.id}`)
        return body.data.connection_id
      }

      const read = (id: string) => grantry.call('GET', `/api/v1/connections/${id}/token`)

      beforeAll(async () => {
        client = await server.register({ inBody: way === 'endpoints' })
      })

      const cannot = way === 'issuer' && !discovers
      test.runIf(cannot)('an issuer that tells nothing about itself is refused', async () => {
        const answer = await grantry.call('POST', '/api/v1/integrations', fields(client.client_secret))
        expect(answer.status).toBe(422)
        expect(answer.body).toMatchObject({ code: 'provider_unusable', errors: [{ path: 'issuer' }] })
      })

      test.skipIf(cannot)(
        'a wrong secret is refused where the server tells, and nothing stays stored',
        async () => {
          const list = async () => (await grantry.call('GET', '/api/v1/integrations')).body.data.length
          const before = await list()
          const answer = await grantry.call('POST', '/api/v1/integrations', fields('certainly-not-it'))
          if (validation === 'verified') {
            expect(answer.status, answer.text).toBe(422)
            expect(answer.body).toMatchObject({
              code: 'provider_rejected_credentials',
              provider_error: 'invalid_client',
            })
            expect(await list()).toBe(before)
          } else {
            expect(answer.status, answer.text).toBe(201)
            expect(answer.body.data.validation.status).toBe('unverified')
          }
          expect(answer.text).not.toContain('certainly-not-it')
        },
      )

      test.skipIf(cannot)('saved, connected, read, refreshed, revoked', async () => {
        const saved = await grantry.call('POST', '/api/v1/integrations', fields(client.client_secret))
        expect(saved.status, saved.text).toBe(201)
        expect(saved.body.data.validation.status).toBe(validation)
        integration = saved.body.data
        await client.allow(integration.redirect_uri)

        const id = await connect('u1')
        const [issued] = server.granted('authorization_code').slice(-1)
        const first = await read(id)
        expect(first.body.data).toMatchObject({ access_token: issued!.access_token, token_type: 'Bearer' })
        expect(await server.takes(first.body.data.access_token)).toBe(true)

        // Expired: the refresh token is spent once, and its successor replaces it.
        const refreshes = count()
        grantry.clock.advance(4000)
        const second = await read(id)
        expect(second.status, second.text).toBe(200)
        expect(second.body.data.access_token).not.toBe(first.body.data.access_token)
        expect(await server.takes(second.body.data.access_token)).toBe(true)
        expect(count()).toBe(refreshes + 1)
        const [renewed] = server.granted('refresh_token').slice(-1)
        expect(renewed!.spent).toBe(issued!.refresh_token)
        expect(renewed!.refresh_token).not.toBe(issued!.refresh_token)
        expect(await server.knows(issued!.refresh_token!)).not.toBe(true)
        expect(await server.knows(renewed!.refresh_token!)).not.toBe(false)

        // A herd on an expired token: one refresh, and it spends the successor.
        grantry.clock.advance(4000)
        const herd = await Promise.all(Array.from({ length: 20 }, () => read(id)))
        expect(herd.map(({ status }) => status)).toEqual(Array(20).fill(200))
        expect(new Set(herd.map(({ body }) => body.data.access_token)).size).toBe(1)
        expect(count()).toBe(refreshes + 2)
        const [last] = server.granted('refresh_token').slice(-1)
        expect(last!.spent).toBe(renewed!.refresh_token)
        expect(await server.takes(herd[0]!.body.data.access_token)).toBe(true)

        const ended = await grantry.call('DELETE', `/api/v1/connections/${id}`)
        expect(ended.body.data).toMatchObject({
          status: 'revoked',
          revoked_upstream: revokes ? true : 'unsupported',
        })
        expect((await read(id)).status).toBe(409)
        if (revokes) {
          await expect.poll(() => server.revoked()).toContain(last!.refresh_token)
          expect(await server.knows(last!.refresh_token!)).not.toBe(true)
        }
        expect(grantry.logs()).not.toContain(client.client_secret)
        expect(grantry.logs()).not.toContain(last!.access_token)
      })

      const ends = name === 'oidc-provider'
      test.runIf(ends)('ended at the server: the next refresh says so and asks for the person', async () => {
        const id = await connect('u2')
        const [issued] = server.granted('authorization_code').slice(-1)
        const form = new URLSearchParams({ token: issued!.refresh_token!, client_id: client.client_id })
        const basic = Buffer.from(`${client.client_id}:${client.client_secret}`).toString('base64')
        if (way === 'endpoints') form.set('client_secret', client.client_secret)
        const answer = await fetch(server.endpoints.revocation_url!, {
          method: 'POST',
          headers: way === 'endpoints' ? {} : { authorization: `Basic ${basic}` },
          body: form,
        })
        expect(answer.status).toBe(200)
        grantry.clock.advance(4000)
        const refused = await read(id)
        expect(refused.status).toBe(409)
        expect(refused.body).toMatchObject({ code: 'connection_needs_reauth', reason: 'grant_ended' })
      })
    })
  })
}
