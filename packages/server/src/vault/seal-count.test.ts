import { expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { createSealCount } from './seal-count.ts'

eachDatabase('the count of what a key has sealed', (open) => {
  test('is written now and then, and has a key rotated long before its nonces could meet', async () => {
    const db = await open()
    const key = { workspace: crypto.randomUUID(), id: crypto.randomUUID() }
    await db
      .insertInto('data_keys')
      .values({
        workspace_id: key.workspace,
        id: key.id,
        wrapped: new Uint8Array(32),
        root_key_id: 'x',
        created_at: 1,
        superseded_at: null,
        rotate_at: 1000,
        seals: 0,
        retired_at: null,
      })
      .execute()
    const row = () =>
      db.selectFrom('data_keys').select(['seals', 'rotate_at']).where('id', '=', key.id).executeTakeFirst()
    const count = createSealCount({ db, clock: { now: () => 500 } }, { most: 30, every: 10 })
    for (let seal = 0; seal < 19; seal++) count(key)
    await expect.poll(row).toEqual({ seals: 10, rotate_at: 1000 })
    for (let seal = 0; seal < 11; seal++) count(key)
    await expect.poll(row).toEqual({ seals: 30, rotate_at: 500 })
  })
})
