import { setTimeout as wait } from 'node:timers/promises'
import { test } from 'vitest'
import { figure, long } from '../support/figures.ts'
import { attemptsOf, readToken, refresh, show, startCluster, until, usesOf, works } from './cluster.ts'

/** Beyond the lease of 15 s. */
const stopMs = long ? 60_000 : 16_000

/**
 * One process is stopped with four refreshes under way: before sending, with the answer in its hands (twice), and while
 * the provider is at work. Then it wakes and goes on as if no time had passed.
 */
test.concurrent.for([
  ['sqlite', 1],
  ['postgres', 2],
] as const)(
  'the holder of leases is stopped for longer than they last, on %s with %i process(es): it overwrites nothing, sends nothing, and throws nothing away',
  {
    timeout: 120_000,
  },
  async ([dialect, processes], { expect, onTestFinished }) => {
    const cluster = await startCluster(dialect, processes)
    onTestFinished(cluster.close)
    const { lenient, strict } = cluster
    // It takes no exchanged token again, but does not end the grant for it: what was lost can turn up.
    strict.sandbox.control.settings('plain', { reuse_detection: false })
    const [holder, taker] = cluster.servers
    const [unsent, answered, asking, single] = await Promise.all(
      [lenient, lenient, lenient, strict].map((provider) => cluster.connect(provider)),
    )
    const flights: Promise<unknown>[] = []
    const stand = async (point: 'journalled' | 'answered', subject: typeof unsent) => {
      const { reached } = holder!.arm(point, 'wait')
      flights.push(refresh(holder!, subject!))
      await reached
    }
    await stand('journalled', unsent)
    await stand('answered', answered)
    await stand('answered', single)
    lenient.sandbox.control.fault({ fault: 'hold', endpoint: 'token', after: true })
    flights.push(refresh(holder!, asking!))
    await until('the provider is asked', () => lenient.sandbox.control.held() === 1)

    holder!.signal('SIGSTOP')
    lenient.sandbox.control.release()
    const overdue = wait(stopMs)
    if (taker) {
      // The others do not wait for who sleeps.
      for (const subject of [unsent!, answered!, asking!])
        await until('another takes over', async () => (await refresh(taker, subject)).status === 200)
      await until('the loss is flagged', async () => (await show(taker, single!)).status === 'needs_reauth')
      expect(await show(taker, single!)).toMatchObject({ reason: 'lost_response' })
    }
    await overdue
    const tokenOf = async (subject: typeof unsent) =>
      (await readToken(taker!, subject!)).body.data.access_token as string
    const before = taker ? await Promise.all([unsent, answered, asking].map(tokenOf)) : []
    const sentBefore = usesOf(unsent!)

    holder!.signal('SIGCONT')
    holder!.go('journalled')
    holder!.go('answered')
    await Promise.all(flights)
    await until('what had not been sent stays unsent', async () => {
      const [attempt] = await attemptsOf(cluster, unsent!)
      return attempt!.error === 'lease_lost' && attempt!.received_at === null
    })
    if (taker) expect(usesOf(unsent!)).toBe(sentBefore)
    await until('what was received is kept', async () => {
      const kept = await Promise.all([answered, asking, single].map((one) => attemptsOf(cluster, one!)))
      return kept.every(([own]) => own!.received_at !== null && own!.settle_at === null)
    })
    let overwritten = 0
    if (taker) {
      const after = await Promise.all([unsent, answered, asking].map(tokenOf))
      overwritten = after.filter((token, index) => token !== before[index]).length
      expect(overwritten).toBe(0)
    }
    // The pair that had been given up for lost was the living one.
    expect(await show(holder!, single!)).toMatchObject({ status: 'active', reason: null })
    for (const subject of [unsent, answered, asking, single])
      expect(await works(holder!, subject!)).toBe(true)
    expect(lenient.sandbox.control.stats()).toMatchObject({ families_killed: 0 })
    figure(
      `SIGSTOP of the lease holder for ${stopMs / 1000} s, ${cluster.name}`,
      `${overwritten} overwrites of newer tokens, ${usesOf(unsent!) - sentBefore - (taker ? 0 : 1)} calls sent after it woke, ` +
        `3 of 3 late pairs kept${taker ? ', 1 of 1 lost connection reopened by its pair' : ''}`,
    )
  },
)
