import { test } from 'vitest'
import { connectAccount } from '../support/connecting.ts'
import { figure } from '../support/figures.ts'
import type { TestGrantry } from '../support/grantry.ts'
import { readToken, refresh, type Server, show, startCluster, until } from './cluster.ts'

test('while a refresh is under way, the connection is deleted or connected again by another process', {
  timeout: 120_000,
}, async ({ expect, onTestFinished }) => {
  const cluster = await startCluster('postgres', 2)
  onTestFinished(cluster.close)
  const [first, second] = cluster.servers as [Server, Server]
  const { sandbox, integration } = cluster.strict
  const reach = { call: second.call, sandbox } as unknown as TestGrantry

  const deleted = await cluster.connect(cluster.strict)
  const reconnected = await connectAccount(reach, { integration, end_user: { id: 'u3' } })
  sandbox.control.fault({
    fault: 'hold',
    after: true,
    endpoint: 'token',
    times: 2,
    when: { grant_type: 'refresh_token' },
  })
  const flights = [deleted, reconnected].map((subject) => refresh(first, subject))
  await until('the provider is asked', () => sandbox.control.held() === 2)
  expect((await second.call('DELETE', `/api/v1/connections/${deleted.id}`)).status).toBe(200)
  await connectAccount(reach, { integration, connection_id: reconnected.id, end_user: { id: 'u3' } })
  const { body } = await readToken(second, reconnected)
  sandbox.control.release()
  await Promise.all(flights)

  expect(await show(first, deleted)).toMatchObject({ status: 'revoked' })
  // What came for it is of use to nobody, and is ended at the provider.
  await until('nothing of the deleted connection lives', () => {
    const { family } = sandbox.control.token(deleted.tokens.access_token)!
    return sandbox.control.tokens({ live: true }).every((token) => token.family !== family)
  })
  expect(await show(first, reconnected)).toMatchObject({ status: 'active' })
  expect((await readToken(first, reconnected)).body.data.access_token).toBe(body.data.access_token)
  expect(sandbox.control.token(body.data.access_token)).toMatchObject({ live: true })
  expect((await refresh(first, reconnected)).status).toBe(200)
  figure(
    'deleted or connected again during a flight, 2 processes',
    'deleted: stays so, the pair that came is revoked; connected again: 0 overwrites of the new tokens',
  )
})
