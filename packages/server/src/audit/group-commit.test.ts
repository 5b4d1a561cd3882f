import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { newId } from '../db/new-id.ts'
import { createMetrics } from '../metrics/create.ts'
import { createCallFigures } from './call-figures.ts'
import { system } from './event.ts'
import { createGroupCommit } from './group-commit.ts'

eachDatabase('committing events that belong to no change', (open) => {
  const clock = { now: () => Date.now(), sleep: async () => {} }
  const random = (bytes: number) => randomBytes(bytes)
  async function suite() {
    const db = await open()
    const workspace = newId({ clock, random })
    let inserts = 0
    const counting = db.withPlugin({
      transformQuery: ({ node }) => node,
      // Counts what was run: the same text runs many times.
      transformResult: async ({ result }) => {
        inserts++
        return result
      },
    })
    const metrics = createMetrics({ catalogue: new Map() })
    const commit = createGroupCommit({
      callFigures: createCallFigures({ clock, db }),
      db: counting,
      clock,
      random,
      metrics,
    })
    return {
      db,
      inserts: () => inserts,
      metrics,
      commit: (data: Record<string, unknown> = {}) =>
        commit({ workspace, type: 'token.read', actor: system, data }),
      rows: () => db.selectFrom('events').selectAll().where('workspace_id', '=', workspace).execute(),
    }
  }

  test('when it resolves, the event is there', async () => {
    const { commit, rows } = await suite()
    await commit({ n: 1 })
    expect(await rows()).toHaveLength(1)
  })

  test('1,200 at once: all are there, in few commits', async () => {
    const { commit, rows, inserts } = await suite()
    await Promise.all(Array.from({ length: 1200 }, (_, n) => commit({ n })))
    const found = (await rows()).map((row) => JSON.parse(row.data).n).sort((a, b) => a - b)
    expect(found).toEqual(Array.from({ length: 1200 }, (_, n) => n))
    expect(inserts()).toBeLessThanOrEqual(5)
  })

  test('those that come a few turns of the event loop apart share a commit', async () => {
    const { commit, inserts } = await suite()
    const turns = Array.from({ length: 4 }, async (_, turn) => {
      for (let n = 0; n < turn; n++) await new Promise(setImmediate)
      await commit()
    })
    await Promise.all(turns)
    expect(inserts()).toBe(1)
  })

  test('those that come while a commit is under way are not forgotten', async () => {
    const { commit, rows } = await suite()
    const first = commit()
    const later = (async () => {
      await new Promise(setImmediate)
      await Promise.all([commit(), commit()])
    })()
    await Promise.all([first, later])
    await commit()
    expect(await rows()).toHaveLength(4)
  })

  test('what cannot be committed is said to everybody who waits, and the next commit works again', async () => {
    const { db, commit, rows, metrics } = await suite()
    await db.schema.alterTable('events').renameTo('events_away').execute()
    const outcomes = await Promise.allSettled([commit(), commit(), commit()])
    await db.schema.alterTable('events_away').renameTo('events').execute()
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect((outcomes[0] as PromiseRejectedResult).reason).toMatchObject({ code: 'storage_unavailable' })
    expect(await metrics.render()).toContain('grantry_audit_commit_failures_total{worker="1"} 1\n')
    await commit()
    expect(await rows()).toHaveLength(1)
  })
})
