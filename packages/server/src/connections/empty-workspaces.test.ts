import { afterAll, beforeAll, expect, test } from 'vitest'
import { decodeId } from '../../../../packages/api/src/ids.ts'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import {
  addPlainIntegration,
  importTokens,
  mintTokens,
  passTime,
} from '../../../../test/support/importing.ts'
import { emptyWorkspaces } from './empty-workspaces.ts'

eachDatabase('an ended workspace', (open) => {
  let grantry: TestGrantry
  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url })
  })
  afterAll(() => grantry?.close())

  async function workspace() {
    const key = grantry.operatorKey
    const { body } = await grantry.call('POST', '/api/v1/workspaces', { name: 'Ended' }, { key })
    const call: TestGrantry['call'] = (method, path, more, options) =>
      grantry.call(method, path, more, { key: body.data.api_key, ...options })
    const uuid = decodeId('ws', body.data.id)!
    return {
      here: { ...grantry, call },
      clientSecrets: async () =>
        (
          await grantry.ctx.db
            .selectFrom('integrations')
            .select('client_secret')
            .where('workspace_id', '=', uuid)
            .execute()
        ).map(({ client_secret }) => client_secret),
      keys: () =>
        grantry.ctx.db.selectFrom('data_keys').selectAll().where('workspace_id', '=', uuid).execute(),
      statuses: async () =>
        (
          await grantry.ctx.db
            .selectFrom('connections')
            .select('status')
            .where('workspace_id', '=', uuid)
            .execute()
        ).map(({ status }) => status),
      end: () => grantry.call('DELETE', `/api/v1/workspaces/${body.data.id}`, undefined, { key }),
    }
  }

  test('its grants end at the providers, and then nothing that it sealed can be opened', async () => {
    const { here, clientSecrets, keys, statuses, end } = await workspace()
    const { control } = grantry.sandbox!
    const integration = (await addPlainIntegration(here)).id
    const tokens = [await mintTokens(here), await mintTokens(here)]
    for (const pair of tokens) await importTokens(here, integration, pair, { expiresIn: 3600 })
    control.fault({ fault: 'status', status: 503, endpoint: 'revoke', times: 'forever' })

    expect((await end()).status).toBe(200)
    expect((await here.call('GET', '/api/v1/connections')).status).toBe(401)
    await emptyWorkspaces(grantry.ctx)
    await expect.poll(statuses).toEqual(['revoked', 'revoked'])
    await emptyWorkspaces(grantry.ctx)
    expect((await keys())[0]!.retired_at).toBeNull()
    // Revoking needs it.
    expect(await clientSecrets()).toEqual([expect.any(Uint8Array)])

    control.clearFaults()
    passTime(grantry, 60)
    const sealed = async () => {
      await emptyWorkspaces(grantry.ctx)
      return (await keys())[0]!.wrapped.length
    }
    await expect.poll(sealed, { timeout: 15_000 }).toBe(0)
    // No row points to a back end outside any more.
    expect(await clientSecrets()).toEqual([null])
    for (const { refresh_token } of tokens)
      expect(control.token(refresh_token)).toMatchObject({ live: false })
  })

  test('after 7 days nothing is kept, whatever could not be ended', async () => {
    const { here, keys, statuses, end } = await workspace()
    const { control } = grantry.sandbox!
    const integration = (await addPlainIntegration(here)).id
    await importTokens(here, integration, await mintTokens(here), { expiresIn: 3600 })
    // Its integration cannot be read, and so it cannot be ended.
    await grantry.ctx.db.deleteFrom('integrations').where('id', '=', decodeId('int', integration)!).execute()
    await end()
    await emptyWorkspaces(grantry.ctx)
    expect(await statuses()).toEqual(['active'])
    passTime(grantry, 7 * 86_400)
    await emptyWorkspaces(grantry.ctx)
    expect(await statuses()).toEqual(['revoked'])
    expect((await keys())[0]!.wrapped).toHaveLength(0)
    control.reset()
  })

  test('with no connection, that is at once', async () => {
    const { keys, end } = await workspace()
    await end()
    expect((await keys())[0]).toMatchObject({ retired_at: expect.any(Number) })
    expect((await keys())[0]!.wrapped).toHaveLength(0)
  })
})
