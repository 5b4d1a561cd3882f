import { decodeId } from '@grantry/api'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { addSandboxIntegration, connectAccount } from '../../../../test/support/connecting.ts'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import {
  addPlainIntegration,
  eventsOf,
  importTokens,
  mintTokens,
  passTime,
  readToken,
  showConnection,
} from '../../../../test/support/importing.ts'
import { VaultError } from '../vault/errors.ts'
import { runDueRevocations } from './revocation-queue.ts'

eachDatabase('ending a connection', (open) => {
  let grantry: TestGrantry
  let integration: string
  beforeAll(async () => {
    // Its own sweep would refresh what was imported as expired between two steps of a test.
    grantry = await startTestGrantry({ databaseUrl: open.url, world: { background: false } })
    integration = (await addPlainIntegration(grantry)).id
  })
  afterAll(() => grantry?.close())
  beforeEach(() => grantry.sandbox!.control.clearFaults())

  const end = (id: string, query = '') => grantry.call('DELETE', `/api/v1/connections/${id}${query}`)
  const queued = () => grantry.ctx.db.selectFrom('revocations').selectAll().execute()
  const sealedTokens = async () =>
    grantry.ctx.db
      .selectFrom('token_requests')
      .select('id')
      .where((eb) => eb.or([eb('access_token', 'is not', null), eb('refresh_token', 'is not', null)]))
      .execute()
  const failRevoking = () =>
    grantry.sandbox!.control.fault({ fault: 'status', status: 503, endpoint: 'revoke', times: 'forever' })

  test('revoked at the provider at once: its tokens work nowhere, and are stored nowhere', async () => {
    const { control } = grantry.sandbox!
    const tokens = await mintTokens(grantry)
    const { id } = await importTokens(grantry, integration, tokens, { expiresIn: 3600 })
    const stored = (await sealedTokens()).length
    const answer = await end(id)
    expect(answer.body.data).toEqual({ id, status: 'revoked', revoked_upstream: true })
    expect(control.token(tokens.refresh_token)).toMatchObject({ live: false, reason: 'revoked' })
    expect(await sealedTokens()).toHaveLength(stored - 1)
    expect(await queued()).toEqual([])
    expect(await readToken(grantry, id)).toMatchObject({ status: 409, body: { code: 'conflict' } })
    expect(await showConnection(grantry, id)).toMatchObject({ status: 'revoked', expires_at: null })
    expect(await eventsOf(grantry, id)).toEqual([
      'connection.imported',
      'connection.revoked',
      'connection.revoked_upstream',
    ])
    expect((await end(id)).status).toBe(409)
    expect((await grantry.call('POST', `/api/v1/connections/${id}/refresh`)).status).toBe(409)
  })

  test('a provider whose API takes the access token as proof is asked with that, though there is a refresh token', async () => {
    const shopify = await addSandboxIntegration(grantry, 'shopify', {
      params: { shop: 'acme' },
      validate: false,
    })
    const tokens = { access_token: 'shpat_given', refresh_token: 'shprt_given' }
    const { id } = await importTokens(grantry, shopify.id, tokens, { expiresIn: 3600 })
    await end(id)
    expect(grantry.sandbox!.control.calls({ provider: 'shopify', endpoint: 'revoke' })).toHaveLength(1)
    // What it says of a token that it never gave is not waited for here.
    await grantry.ctx.db.deleteFrom('revocations').execute()
  })

  test('a provider that fails: unreadable at once, pending, and revoked when it is back', async () => {
    const { control } = grantry.sandbox!
    const tokens = await mintTokens(grantry)
    const { id } = await importTokens(grantry, integration, tokens, { expiresIn: 3600 })
    failRevoking()
    const stored = (await sealedTokens()).length
    expect((await end(id)).body.data.revoked_upstream).toBe('pending')
    expect((await readToken(grantry, id)).status).toBe(409)
    expect(await sealedTokens()).toHaveLength(stored - 1)
    expect(await queued()).toHaveLength(1)
    expect(control.token(tokens.refresh_token)).toMatchObject({ live: true })

    control.clearFaults()
    passTime(grantry, 60)
    await runDueRevocations(grantry.ctx)
    // The server's own background work may have been first.
    await expect.poll(queued).toEqual([])
    expect(control.token(tokens.refresh_token)).toMatchObject({ live: false })
    expect((await eventsOf(grantry, id)).at(-1)).toBe('connection.revoked_upstream')
  })

  test('connected again before the provider could be asked: what ends everything of the account is not sent', async () => {
    const { id: discord } = await addSandboxIntegration(grantry, 'discord')
    const connect = (user: string) =>
      connectAccount(grantry, { integration: discord, end_user: { id: user } })
    const { id } = await connect('before')
    failRevoking()
    expect((await end(id)).body.data.revoked_upstream).toBe('pending')
    const after = await connect('after')
    grantry.sandbox!.control.clearFaults()
    passTime(grantry, 60)
    await runDueRevocations(grantry.ctx)
    await expect.poll(queued).toEqual([])
    const { body } = await readToken(grantry, after.id)
    expect(grantry.sandbox!.control.token(body.data.access_token)).toMatchObject({ live: true })
    expect((await eventsOf(grantry, id)).at(-1)).toBe('connection.revocation_failed')
  })

  test('a provider that fails for 7 days: the token is destroyed, and that is written down', async () => {
    const { id } = await importTokens(grantry, integration, await mintTokens(grantry), { expiresIn: 3600 })
    failRevoking()
    expect((await end(id)).body.data.revoked_upstream).toBe('pending')
    passTime(grantry, 6 * 86_400)
    await runDueRevocations(grantry.ctx)
    await expect.poll(async () => (await queued())[0]?.attempts).toBe(2)
    passTime(grantry, 86_400 + 1)
    await runDueRevocations(grantry.ctx)
    await expect.poll(queued).toEqual([])
    expect((await eventsOf(grantry, id)).at(-1)).toBe('connection.revocation_failed')
  })

  test('its integration is ended by force meanwhile: what could not be revoked is destroyed, and that is written down', async () => {
    const own = (await addPlainIntegration(grantry)).id
    const { id } = await importTokens(grantry, own, await mintTokens(grantry), { expiresIn: 3600 })
    failRevoking()
    expect((await grantry.call('DELETE', `/api/v1/integrations/${own}?force=true`)).status).toBe(200)
    passTime(grantry, 60)
    await runDueRevocations(grantry.ctx)
    await expect.poll(queued).toEqual([])
    const { body } = await grantry.call('GET', `/api/v1/events?connection=${id}`)
    expect(body.data[0]).toMatchObject({
      type: 'connection.revocation_failed',
      data: { error: 'integration_deleted' },
    })
  })

  test('a queued token that cannot be opened any more is destroyed at once, and that is written down', async () => {
    const { id } = await importTokens(grantry, integration, await mintTokens(grantry), { expiresIn: 3600 })
    failRevoking()
    await end(id)
    await grantry.ctx.db
      .updateTable('revocations')
      .set({ token: Buffer.from('damaged') })
      .execute()
    passTime(grantry, 3600)
    await runDueRevocations(grantry.ctx)
    expect(await queued()).toEqual([])
    const { body } = await grantry.call('GET', `/api/v1/events?connection=${id}`)
    expect(body.data[0]).toMatchObject({
      type: 'connection.revocation_failed',
      data: { error: 'token_unreadable' },
    })
  })

  test('a client secret that cannot be opened any more: its revocations wait for another, as when it is refused', async () => {
    const own = (await addPlainIntegration(grantry)).id
    const tokens = await mintTokens(grantry)
    const { id } = await importTokens(grantry, own, tokens, { expiresIn: 3600 })
    failRevoking()
    await end(id)
    grantry.sandbox!.control.clearFaults()
    await grantry.ctx.db
      .updateTable('integrations')
      .set({ client_secret: Buffer.from('damaged') })
      .where('id', '=', decodeId('int', own)!)
      .execute()
    passTime(grantry, 60)
    await runDueRevocations(grantry.ctx)
    expect(await queued()).toMatchObject([{ attempts: 2 }])
    const { client_secret } = grantry.sandbox!.generic.plain!
    await grantry.call('PATCH', `/api/v1/integrations/${own}`, { client_secret, validate: false })
    passTime(grantry, 120)
    await runDueRevocations(grantry.ctx)
    expect(await queued()).toEqual([])
    expect(grantry.sandbox!.control.token(tokens.refresh_token)).toMatchObject({ live: false })
  })

  test('a vault that cannot be asked: one finds out, what was tried waits, and all are sent when it is back, if it is in 7 days', async () => {
    failRevoking()
    for (let n = 0; n < 30; n++) {
      const tokens = { access_token: `away-${n}`, refresh_token: `away-refresh-${n}` }
      const { id } = await importTokens(grantry, integration, tokens, { expiresIn: 3600 })
      await end(id)
    }
    grantry.sandbox!.control.clearFaults()
    passTime(grantry, 60)
    let opened = 0
    const warned: unknown[] = []
    const open: typeof grantry.ctx.vault.open = async () => {
      opened++
      throw new VaultError('vault_unavailable', 'as the test says')
    }
    let now = grantry.clock.now()
    const away = {
      ...grantry.ctx,
      clock: { ...grantry.ctx.clock, now: () => now },
      vault: { ...grantry.ctx.vault, open },
      log: Object.assign(Object.create(grantry.ctx.log), { warn: (...said: unknown[]) => warned.push(said) }),
    }
    await runDueRevocations(away)
    // Those that were under way when the first came back.
    expect(opened).toBeLessThanOrEqual(10)
    expect(warned).toHaveLength(1)
    const held = (await queued()).filter((row) => row.next_attempt_at > now)
    expect(held).toHaveLength(opened)
    for (const row of held) expect(row).toMatchObject({ attempts: 1, next_attempt_at: now + 30_000 })
    // Others are tried next, and nothing is tried twice before it is due.
    for (let run = 0; run < 5; run++) await runDueRevocations(away)
    expect(opened).toBe(30)
    passTime(grantry, 30)
    await runDueRevocations(grantry.ctx)
    expect(await queued()).toEqual([])

    failRevoking()
    const late = await importTokens(grantry, integration, await mintTokens(grantry), { expiresIn: 3600 })
    await end(late.id)
    now = grantry.clock.now() + 7 * 86_400_000
    await runDueRevocations(away)
    expect(await queued()).toEqual([])
    const { body } = await grantry.call('GET', `/api/v1/events?connection=${late.id}`)
    expect(body.data[0]).toMatchObject({ type: 'connection.revocation_failed', data: { error: 'not_sent' } })
  })

  test('several at the queue at once: each row is sent by one of them', async () => {
    const { control } = grantry.sandbox!
    failRevoking()
    for (let n = 0; n < 5; n++) {
      const { id } = await importTokens(grantry, integration, await mintTokens(grantry), { expiresIn: 3600 })
      await end(id)
    }
    control.clearFaults()
    passTime(grantry, 60)
    const before = control.calls({ endpoint: 'revoke' }).length
    await Promise.all(Array.from({ length: 4 }, () => runDueRevocations(grantry.ctx)))
    await expect.poll(queued).toEqual([])
    expect(control.calls({ endpoint: 'revoke' }).length - before).toBe(5)
  })

  test('a provider without a way to revoke: unsupported, and the tokens are destroyed', async () => {
    const { id: deaf } = await addPlainIntegration(grantry, { revocation_url: undefined })
    const { id } = await importTokens(grantry, deaf, await mintTokens(grantry), { expiresIn: 3600 })
    const stored = (await sealedTokens()).length
    expect((await end(id)).body.data.revoked_upstream).toBe('unsupported')
    expect(await sealedTokens()).toHaveLength(stored - 1)
    expect(await queued()).toEqual([])
  })

  test('a client that cannot prove itself to the provider: nothing waits that could be tried again', async () => {
    const stripe = await addSandboxIntegration(grantry, 'stripe', { validate: false })
    await grantry.ctx.db
      .updateTable('integrations')
      .set({ client_secret: null })
      .where('id', '=', decodeId('int', stripe.id)!)
      .execute()
    const tokens = { access_token: 'sk_given' }
    const { id } = await importTokens(grantry, stripe.id, tokens, { expiresIn: 3600 })
    expect((await end(id)).body.data.revoked_upstream).toBe('unsupported')
    expect(await queued()).toEqual([])
  })

  describe('tokens that were imported twice', () => {
    test('ending one leaves the other what it lives on', async () => {
      const { control } = grantry.sandbox!
      const tokens = await mintTokens(grantry)
      const one = await importTokens(grantry, integration, tokens, { expiresIn: -1 })
      const two = await importTokens(grantry, integration, tokens, { expiresIn: -1 })
      expect((await end(one.id)).body.data.revoked_upstream).toBe('shared')
      const answer = await readToken(grantry, two.id)
      expect(answer.status, answer.text).toBe(200)
      expect(control.token(answer.body.data.access_token)).toMatchObject({ live: true })
      expect((await end(two.id)).body.data.revoked_upstream).toBe(true)
      expect(control.token(answer.body.data.access_token)).toMatchObject({ live: false })
    })

    test('the same after a refresh has put both on one pair', async () => {
      const tokens = await mintTokens(grantry)
      const one = await importTokens(grantry, integration, tokens, { expiresIn: -1 })
      const two = await importTokens(grantry, integration, tokens, { expiresIn: -1 })
      await readToken(grantry, one.id)
      expect((await end(one.id)).body.data.revoked_upstream).toBe('shared')
      expect((await readToken(grantry, two.id)).status).toBe(200)
      passTime(grantry, 4000)
      expect((await readToken(grantry, two.id)).status).toBe(200)
    })

    test('force ends both', async () => {
      const tokens = await mintTokens(grantry)
      const one = await importTokens(grantry, integration, tokens, { expiresIn: -1 })
      const two = await importTokens(grantry, integration, tokens, { expiresIn: -1 })
      await readToken(grantry, one.id)
      expect((await end(one.id, '?force=true')).body.data.revoked_upstream).toBe(true)
      passTime(grantry, 4000)
      expect((await readToken(grantry, two.id)).body.code).toBe('connection_needs_reauth')
    })

    test('ending the one that is being refreshed: the other gets the new pair', async () => {
      const { control } = grantry.sandbox!
      const tokens = await mintTokens(grantry)
      const one = await importTokens(grantry, integration, tokens, { expiresIn: -1 })
      const two = await importTokens(grantry, integration, tokens, { expiresIn: -1 })
      control.fault({ fault: 'hold', after: true, endpoint: 'token' })
      const reading = readToken(grantry, one.id)
      await expect.poll(() => control.held()).toBe(1)
      expect((await end(one.id)).body.data.revoked_upstream).toBe('shared')
      control.release()
      expect((await reading).status).toBe(409)
      const answer = await readToken(grantry, two.id)
      expect(answer.status, answer.text).toBe(200)
      expect(control.token(answer.body.data.access_token)).toMatchObject({ live: true })
      expect(await queued()).toEqual([])
    })
  })

  describe('where revoking one grant ends all of the account', () => {
    beforeAll(async () => {
      await addSandboxIntegration(grantry, 'gmail')
    })
    const connect = (user: string) =>
      connectAccount(grantry, { provider: 'gmail', end_user: { id: user } }, 'grace@example.com')

    test('shared while another connection lives; the last one is revoked', async () => {
      const one = await connect('one')
      const two = await connect('two')
      const stored = (await sealedTokens()).length
      expect((await end(one.id)).body.data.revoked_upstream).toBe('shared')
      expect(await sealedTokens()).toHaveLength(stored - 1)
      const { access_token } = (await readToken(grantry, two.id)).body.data
      expect(grantry.sandbox!.control.token(access_token)).toMatchObject({ live: true })
      expect((await end(two.id)).body.data.revoked_upstream).toBe(true)
      expect(grantry.sandbox!.control.token(access_token)).toMatchObject({ live: false })
    })

    test('force revokes all the same', async () => {
      const one = await connect('one')
      const two = await connect('two')
      const { access_token } = (await readToken(grantry, two.id)).body.data
      expect((await end(one.id, '?force=true')).body.data.revoked_upstream).toBe(true)
      expect(grantry.sandbox!.control.token(access_token)).toMatchObject({ live: false })
      await end(two.id)
    })

    test('a pair that comes after a connection was ended as shared does not end its siblings', async () => {
      const { control } = grantry.sandbox!
      const one = await connect('one')
      const two = await connect('two')
      passTime(grantry, 3600)
      control.fault({ fault: 'hold', after: true, endpoint: 'token' })
      const reading = readToken(grantry, one.id)
      await expect.poll(() => control.held()).toBe(1)
      expect((await end(one.id)).body.data.revoked_upstream).toBe('shared')
      control.release()
      expect((await reading).status).toBe(409)
      expect(await queued()).toEqual([])
      expect((await readToken(grantry, two.id)).status).toBe(200)
      await end(two.id)
    })
  })
})
