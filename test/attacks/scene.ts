import { expect } from 'vitest'
import { addSandboxIntegration } from '../support/connecting.ts'
import { type Answer, startTestGrantry, type TestGrantry } from '../support/grantry.ts'

export const origin = 'https://app.example.com'
export const returnTo = 'https://app.example.com/settings'

/** A workspace with an integration in the catalogue and one that names its own endpoints; the customer's page is registered. */
export type Scene = {
  grantry: TestGrantry
  gmail: { id: string }
  plain: { id: string }
  /** Opens an address as somebody's browser: no credential. */
  browse(url: string): Promise<Answer>
  /** Submits the confirm form with a secret. */
  confirm(secret: string, decision?: 'connect' | 'cancel'): Promise<Answer>
  /** Calls at the token endpoints of all providers, however they ended. */
  exchanges(): number
  /** Every row that an attack could have moved. */
  rows(): Promise<unknown>
}

export async function openScene(databaseUrl: string): Promise<Scene> {
  const grantry = await startTestGrantry({ databaseUrl, world: { background: false } })
  const settings = { allowed_origins: [origin], return_urls: [returnTo] }
  const patched = await grantry.call('PATCH', '/api/v1/workspace', settings)
  if (patched.status !== 200) throw new Error(patched.text)
  const gmail = await addSandboxIntegration(grantry, 'gmail')
  const { authorization_url, token_url, client_id, client_secret } = grantry.sandbox!.generic.plain!
  const plain = await grantry.call('POST', '/api/v1/integrations', {
    label: 'Plain',
    authorization_url,
    token_url,
    client_id,
    client_secret,
    scope: 'read',
  })
  if (plain.status !== 201) throw new Error(plain.text)
  return {
    grantry,
    gmail,
    plain: plain.body.data,
    browse: (url) => grantry.call('GET', url, undefined, { key: null }),
    confirm: (secret, decision = 'connect') =>
      grantry.call('POST', '/connect/confirm', new URLSearchParams({ secret, decision }).toString(), {
        key: null,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      }),
    exchanges: () => grantry.sandbox!.control.calls({ endpoint: 'token' }).length,
    async rows() {
      const { db } = grantry.ctx
      return {
        sessions: await db.selectFrom('connect_sessions').selectAll().orderBy('id').execute(),
        authorizations: await db.selectFrom('authorizations').selectAll().orderBy('id').execute(),
        connections: await db.selectFrom('connections').selectAll().orderBy('id').execute(),
        tokens: await db.selectFrom('token_requests').selectAll().orderBy('id').execute(),
      }
    },
  }
}

/** The attack is answered with a page or a problem of 4xx, nothing goes out, nothing moves, and no secret comes back. */
export async function expectRepelled(
  scene: Scene,
  attack: () => Promise<Answer>,
  secrets: string[] = [],
): Promise<Answer> {
  const before = { rows: await scene.rows(), exchanges: scene.exchanges() }
  const answer = await attack()
  expect(answer.status, answer.text).toBeGreaterThanOrEqual(400)
  expect(answer.status, answer.text).toBeLessThan(500)
  expect({ rows: await scene.rows(), exchanges: scene.exchanges() }).toEqual(before)
  for (const secret of secrets) if (secret) expect(answer.text).not.toContain(secret)
  return answer
}

/** The one-use secret of a confirm page. */
export const secretOf = (page: Answer): string => /name="secret" value="([^"]+)"/.exec(page.text)?.[1] ?? ''

/** The finish code that a browser brought back to the customer's page. */
export const codeOf = (answer: Answer): string =>
  new URL(answer.headers.get('location') ?? 'none:').searchParams.get('code') ?? ''
