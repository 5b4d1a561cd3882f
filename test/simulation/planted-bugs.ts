import type { MemoryDatabase } from './memory-store.ts'
import type { PlantedBug } from './world.ts'

const leaseOf = (db: MemoryDatabase, key: { workspace: string; integration: string; tokenKey: string }) =>
  db.leases.get(`${key.workspace}/${key.integration}/${key.tokenKey}`)

/** Defects that were met in the field. Each must be found, or the simulation is worth nothing. */
export const plantedBugs: PlantedBug[] = [
  {
    name: 'the lease is shorter than the HTTP deadline',
    rules: { leaseMs: 5_000 },
    store: (store) => ({ ...store, remaining: async (lease) => (await store.remaining(lease)) + 10_000 }),
  },
  {
    name: 'a lease is released by whoever held it once',
    store: (store, db) => ({
      ...store,
      async release(lease) {
        const held = leaseOf(db, lease)
        if (held) held.expires_at = 0
      },
    }),
  },
  {
    name: 'no fence: who outlived its lease still moves the pointer',
    store: (store, db) => ({
      ...store,
      adopt: (lease, attempt, moves) =>
        store.adopt({ ...lease, fence: leaseOf(db, lease)!.fence }, attempt, moves),
    }),
  },
  {
    name: 'no write-ahead: the journal is written when the answer is there',
    store(store, db) {
      const late = new Map<string, Parameters<typeof db.attempts.set>[1]>()
      return {
        ...store,
        async begin(lease, scene, step) {
          const begun = await store.begin(lease, scene, step)
          if ('attempt' in begun) {
            late.set(begun.attempt.id, db.attempts.get(begun.attempt.id)!)
            db.attempts.delete(begun.attempt.id)
          }
          return begun
        },
        async keep(kept, settleAt) {
          const row = late.get(kept.id)
          if (row) db.attempts.set(kept.id, row)
          return store.keep(kept, settleAt)
        },
      }
    },
  },
  {
    name: 'invalid_grant is taken at its word',
    store: (store) => ({
      ...store,
      async scene(key) {
        const scene = await store.scene(key)
        return scene && { ...scene, connection: { ...scene.connection, refused_at: 0 } }
      },
    }),
  },
  {
    name: 'a holder that outlived its lease throws its pair away',
    store: (store, db) => ({
      ...store,
      async keep(kept, settleAt) {
        const attempt = db.attempts.get(kept.id)!
        const held = [...db.leases.values()].find(({ token_key }) => token_key === attempt.spent_hash)
        return held?.fence === attempt.fence ? store.keep(kept, settleAt) : true
      },
    }),
  },
  {
    name: 'the lease is on the clock of the process',
    store: (store, db, process, { rules }) => ({
      ...store,
      async acquire(key) {
        const held = leaseOf(db, key)
        const now = process.clock.now() + process.skew
        if (held && held.expires_at !== 0 && held.expires_at > now) return null
        if (held) held.expires_at = 0
        const lease = await store.acquire(key)
        if (lease) leaseOf(db, key)!.expires_at = now + rules.leaseMs
        return lease
      },
      async remaining(lease) {
        const held = leaseOf(db, lease)
        return held?.holder === lease.holder ? held.expires_at - (process.clock.now() + process.skew) : 0
      },
    }),
  },
  {
    name: 'the old token is sent although its successor is stored',
    store(store, db) {
      const blind = async <Result>(work: () => Promise<Result>): Promise<Result> => {
        const hidden = [...db.attempts.values()].filter(
          ({ received_at, settle_at }) => received_at !== null && settle_at !== null,
        )
        const times = hidden.map(({ settle_at }) => settle_at)
        for (const one of hidden) one.settle_at = null
        const result = await work()
        hidden.forEach((one, index) => {
          one.settle_at = times[index]!
        })
        return result
      }
      return {
        ...store,
        scene: (key) => blind(() => store.scene(key)),
        begin: (lease, scene, step) => blind(() => store.begin(lease, scene, step)),
      }
    },
  },
  {
    name: 'the pointer moves on the fence alone, whatever the token version',
    store: (store, db) => ({
      ...store,
      adopt: (lease, attempt, moves) =>
        store.adopt(
          lease,
          attempt,
          moves.map(({ connection, dates }) => ({
            dates,
            connection: { ...connection, token_version: db.connections.get(connection.id)!.token_version },
          })),
        ),
    }),
  },
]
