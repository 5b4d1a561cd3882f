import { randomBytes } from 'node:crypto'
import { pino } from 'pino'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/support/databases.ts'
import type { Db } from '../db/connect.ts'
import { hashCredential } from '../vault/credential.ts'
import { createApiKeyAuthenticator } from './authenticate-api-key.ts'

eachDatabase('an API key', (open) => {
  let db: Db
  let complete: boolean
  let tell: (workspace: string | null) => void
  let find: (secret: string) => Promise<{ workspace: string } | null>
  let secret: string
  const workspace = crypto.randomUUID()
  const clock = { now: () => Date.now(), sleep: async () => {} }

  beforeAll(async () => {
    db = await open()
    await db
      .insertInto('workspaces')
      .values({
        id: workspace,
        name: 'w',
        allowed_origins: '[]',
        return_urls: '[]',
        allow_direct_links: 0,
        plan: null,
        plan_expires_at: null,
        features: null,
        experiments: '[]',
        quotas: '{}',
        mcp_servers_made: 0,
        color: null,
        created_at: 0,
        deleted_at: null,
      })
      .execute()
  })
  beforeEach(async () => {
    secret = randomBytes(24).toString('base64url')
    const id = crypto.randomUUID()
    const key = { workspace_id: workspace, id, name: 'k', scopes: '["admin"]', app_id: null }
    await db
      .insertInto('api_keys')
      .values({
        ...key,
        created_at: 0,
        expires_at: null,
        last_used_at: Date.now(),
        by_service: 0,
        by_network: 0,
      })
      .execute()
    await db
      .insertInto('api_key_secrets')
      .values({ workspace_id: workspace, key_id: id, hash: hashCredential(secret), ends_at: null })
      .execute()
    complete = true
    const invalidation = {
      isComplete: () => complete,
      onChange: (forget: typeof tell) => {
        tell = forget
      },
      change: () => Promise.reject(new Error('not here')),
      close: async () => {},
    }
    const log = pino({ level: 'silent' })
    const judgeSource = async () => {}
    const keys = createApiKeyAuthenticator({ db, clock, log, invalidation, judgeSource })
    find = (secret) => keys.find(secret, '127.0.0.1')
  })
  const endUntold = () =>
    db.deleteFrom('api_key_secrets').where('hash', '=', hashCredential(secret)).execute()

  test('that was found is kept until its workspace changes', async () => {
    expect(await find(secret)).toMatchObject({ workspace })
    await endUntold()
    expect(await find(secret)).toMatchObject({ workspace })
    tell(crypto.randomUUID())
    expect(await find(secret)).toMatchObject({ workspace })
    tell(workspace)
    expect(await find(secret)).toBeNull()
  })

  test('is kept no longer where everything may have changed', async () => {
    await find(secret)
    await endUntold()
    tell(null)
    expect(await find(secret)).toBeNull()
  })

  test('is read from the database while changes may be missed', async () => {
    await find(secret)
    await endUntold()
    complete = false
    expect(await find(secret)).toBeNull()
  })

  test('that was being looked for while its workspace changed is not kept', async () => {
    const looking = find(secret)
    tell(workspace)
    expect(await looking).toMatchObject({ workspace })
    await endUntold()
    expect(await find(secret)).toBeNull()
  })
})
