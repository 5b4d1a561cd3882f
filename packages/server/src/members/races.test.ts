import { afterAll, beforeAll, expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import { countedArgon2 } from '../../../../test/support/members.ts'
import { system } from '../audit/event.ts'
import { newId } from '../db/new-id.ts'
import { transaction } from '../db/transaction.ts'
import { removeMember, updateMember } from './change-member.ts'
import { countTry } from './throttle.ts'

eachDatabase('at the same moment', (open) => {
  let grantry: TestGrantry
  beforeAll(async () => {
    grantry = await startTestGrantry({
      databaseUrl: open.url,
      sandbox: false,
      world: { background: false, argon2: countedArgon2().argon2 },
    })
  })
  afterAll(() => grantry?.close())

  async function twoOwners() {
    const made = await grantry.call('POST', '/api/v1/workspaces', { name: 'w' }, { key: grantry.operatorKey })
    const { workspace_id: workspace } = await grantry.ctx.db
      .selectFrom('invitations')
      .select('workspace_id')
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
    expect(made.status).toBe(201)
    const ids = [newId(grantry.ctx), newId(grantry.ctx)]
    for (const id of ids)
      await grantry.ctx.db
        .insertInto('members')
        .values({
          workspace_id: workspace,
          id,
          email: `${id}@example.com`,
          name: null,
          role: 'owner',
          password_hash: null,
          created_at: 0,
          last_signed_in_at: null,
        })
        .execute()
    return { workspace, ids }
  }
  const owners = (workspace: string) =>
    grantry.ctx.db
      .selectFrom('members')
      .select('id')
      .where('workspace_id', '=', workspace)
      .where('role', '=', 'owner')
      .execute()

  test.each(['removed', 'made viewers'])('two last owners cannot both be %s', async (how) => {
    for (let round = 0; round < 12; round++) {
      const { workspace, ids } = await twoOwners()
      const ends = ids.map((id) => {
        const which = { workspace, id, by: 'owner', actor: system } as const
        return how === 'removed'
          ? removeMember(grantry.ctx, which, async () => {})
          : updateMember(grantry.ctx, { ...which, changes: { role: 'viewer' } })
      })
      const settled = await Promise.allSettled(ends)
      expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      expect(await owners(workspace)).toHaveLength(1)
    }
  })

  test('tries that are counted at once are all counted', async () => {
    const { ctx } = grantry
    // A row that is there: who makes the first one makes the others wait for it.
    const counted = [{ kind: 'here', of: 'an account somewhere' }] as const
    expect(await transaction(ctx.db, (tx) => countTry(ctx, tx, counted))).toBe(0)
    const waits = await Promise.all(
      Array.from({ length: 9 }, () => transaction(ctx.db, (tx) => countTry(ctx, tx, counted))),
    )
    expect(waits.filter((wait) => wait === 0)).toHaveLength(4)
  })
})
