import { describe, expect, test } from 'vitest'
import type { MemoryDatabase } from './memory-store.ts'
import { simulate } from './run.ts'
import type { Scenario } from './scenario.ts'
import { connectionId, type Script } from './world.ts'

const calm: Partial<Scenario> = {
  processes: 2,
  connections: 1,
  twin: false,
  budget: null,
  faults: 0,
  callFaultRate: 0,
  failpointRate: 0,
  lostReplyRate: 0,
  readEvery: [1000, 3000],
  faultsEndAt: 100_000,
  endsAt: 200_000,
}
const habits = {
  rotates: true,
  leeway: 0,
  killsFamily: false,
  latestWins: false,
  killsAccessToken: false,
  lifetime: 60_000,
  saysLifetime: true,
}

/** Plays one schedule under several seeds, which differ in who comes first and in when. */
async function play(script: Script, scenario: Partial<Scenario> = {}) {
  const ends = []
  for (let seed = 1; seed <= 10; seed++) {
    let database: MemoryDatabase | null = null
    const lines: string[] = []
    const { broken } = await simulate(seed, null, {
      scenario: { ...calm, habits, ...scenario },
      script,
      print: (line) => lines.push(line),
      database: (db) => {
        database = db
      },
    })
    expect(broken, `seed ${seed}`).toEqual([])
    const db = database as unknown as MemoryDatabase
    const connection = db.connections.get(connectionId(0))!
    const ended = db.events.filter(({ type }) => type === 'connection.needs_reauth')
    const sent = lines.flatMap((line) => line.match(/ sends (rt-\S+)/)?.[1] ?? [])
    const times = new Map<string, number>()
    for (const token of sent) times.set(token, (times.get(token) ?? 0) + 1)
    ends.push({
      status: connection.status,
      reason: connection.reason,
      ended: ended.map(({ data }) => data?.reason),
      /** Of any refresh token, the most often that it was sent. */
      most: Math.max(...times.values()),
      db,
    })
  }
  return ends
}

const first = (wanted: string, action: ReturnType<Script>): Script =>
  function script({ point, count }) {
    return point === wanted && count === 1 ? action : undefined
  }

const works = { status: 'active', reason: null, ended: [] }
const lostOnce = { status: 'needs_reauth', reason: 'lost_response', ended: ['lost_response'] }

describe('the schedules that keep going wrong in the field', () => {
  test('the holder journals and is stopped beyond its lease, another takes over, the first wakes: it sends nothing', async () => {
    for (const end of await play(first('journalled', { stop: 25_000 })))
      expect(end).toMatchObject({ ...works, most: 1 })
  })

  test('killed before sending: the token is sent by the next, and nothing was lost', async () => {
    for (const end of await play(first('sending', 'kill'))) expect(end).toMatchObject({ ...works, most: 1 })
  })

  test('the provider rotates and the holder is killed: recovered within the leeway, flagged without one', async () => {
    const killed = first('answered', 'kill')
    for (const end of await play(killed, { habits: { ...habits, leeway: 60_000 } }))
      expect(end).toMatchObject(works)
    for (const end of await play(killed)) expect(end).toMatchObject(lostOnce)
  })

  test('a pair is received and its holder stopped before it stores it, another asks with the old token', async () => {
    const stopped = first('answered', { stop: 25_000 })
    // The late pair is kept, and if the connection was given up, it is reopened.
    for (const end of await play(stopped)) expect(end).toMatchObject({ status: 'active', reason: null })
    // Where a second use ends the whole grant, nothing can be saved: that is flagged.
    for (const end of await play(stopped, { habits: { ...habits, killsFamily: true } }))
      expect(end).toMatchObject({ status: 'needs_reauth', ended: expect.arrayContaining(['lost_response']) })
  })

  test('only one holder loses the database, with the pair in its hands: it comes by the spool', async () => {
    const cut: Script = ({ point, count, host, world }) => {
      if (point === 'answered' && count === 1) host.process.databaseAwayUntil = world.scheduler.now() + 10_000
      return undefined
    }
    for (const end of await play(cut)) expect(end).toMatchObject({ ...works, most: 1 })
  })

  test('connected again during a flight: the tokens of the new consent stay', async () => {
    const again: Script = ({ point, count, world }) => {
      if (point === 'answered' && count === 1) world.consent(connectionId(0))
      return undefined
    }
    for (const end of await play(again)) expect(end).toMatchObject(works)
  })

  test('ended during a flight: the pair goes to the revocation queue, and nothing goes on', async () => {
    const removed: Script = ({ point, count, world }) => {
      if (point === 'answered' && count === 1) world.remove(connectionId(0))
      return undefined
    }
    for (const { status, db } of await play(removed)) {
      expect(status).toBe('revoked')
      expect(db.revocations).toHaveLength(1)
      expect([...db.attempts.values()].filter(({ refresh_token }) => refresh_token !== null)).toEqual([])
    }
  })

  test('no answer after sending: asked again at once within the leeway, flagged without one', async () => {
    const hangs: Script = ({ point, count, world }) => {
      if (point === 'sending' && count === 1) world.nextFault = 'hangs after'
      return undefined
    }
    for (const end of await play(hangs, { habits: { ...habits, leeway: 30_000 } }))
      expect(end).toMatchObject({ ...works, most: 2 })
    for (const end of await play(hangs)) expect(end).toMatchObject(lostOnce)
  })

  test('reads while a refresh kills the old access token get the new one', async () => {
    const slow: Script = ({ point, world }) => {
      if (point === 'sending') world.nextFault = 'slow'
      return undefined
    }
    for (const end of await play(slow, {
      habits: { ...habits, killsAccessToken: true, leeway: 60_000 },
      readEvery: [100, 500],
    }))
      expect(end).toMatchObject(works)
  })

  test('one token imported twice: one call moves both', async () => {
    for (const { db, ...end } of await play(() => undefined, { twin: true })) {
      expect(end).toMatchObject({ ...works, most: 1 })
      const [one, other] = [db.connections.get(connectionId(0))!, db.connections.get(connectionId(9))!]
      expect(other.refresh_token_hash).toBe(one.refresh_token_hash)
    }
  })

  test.each([300_000, -300_000])(
    'the clocks of all hosts jump by %i ms in the middle of it',
    async (jump) => {
      const set: Script = ({ point, count, world }) => {
        if (point === 'journalled' && count === 1) for (const { process } of world.hosts) process.skew = jump
        return undefined
      }
      for (const processes of [1, 2])
        for (const end of await play(set, { processes })) expect(end).toMatchObject({ ...works, most: 1 })
    },
  )
})
