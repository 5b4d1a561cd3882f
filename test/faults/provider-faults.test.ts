import { test } from 'vitest'
import type { FaultAct } from '../../packages/sandbox/src/faults.ts'
import { figure } from '../support/figures.ts'
import {
  attemptsOf,
  type Cluster,
  type Provider,
  readToken,
  refresh,
  type Subject,
  show,
  startCluster,
  until,
  usesOf,
  works,
} from './cluster.ts'

/** Provider → what it does to a refresh, after it has exchanged the token. */
const dropped: FaultAct = { fault: 'drop_after' }
const held: FaultAct = { fault: 'hold' }
/** A call is given up after 10 s and tried again a second later, both in milliseconds. */
const secondTry = 11_000

/** The two tests are one: everything is under way at the same time, because most of it is waiting. */
test.concurrent.for([
  ['sqlite', 1],
  ['postgres', 2],
] as const)(
  'providers that exchange the token and then say nothing, or say it too late, on %s with %i process(es)',
  {
    timeout: 120_000,
  },
  async ([dialect, processes], { expect, onTestFinished }) => {
    const cluster = await startCluster(dialect, processes)
    onTestFinished(cluster.close)
    const { lenient, strict } = cluster
    const server = cluster.servers[0]!

    // Those first whose refresh takes long: a fault is the next caller's, and must not meet another's second try.
    const hung = await faulty(cluster, lenient, held)
    let late = await faulty(cluster, strict, held)
    const atOnce = answeredLate(cluster, late)
    const asked = await faulty(cluster, lenient, dropped)
    const lost = await faulty(cluster, strict, dropped)

    await until(
      'the lost answer is asked for again',
      async () => (await refresh(server, asked)).status === 200,
    )
    expect(await works(server, asked)).toBe(true)
    expect(usesOf(asked)).toBe(2)

    await until('the loss is flagged', async () => (await show(server, lost)).status !== 'active')
    expect(await show(server, lost)).toMatchObject({ status: 'needs_reauth', reason: 'lost_response' })
    expect(await callsStay(lost)).toBe(true)

    await until('who hangs is asked again', async () => (await attemptsOf(cluster, hung)).length > 1)
    await until('and answers', async () => (await refresh(server, hung)).status === 200)
    const { body } = await readToken(server, hung)
    lenient.sandbox.control.release()
    await until(
      'the late pair is kept',
      async () => (await attemptsOf(cluster, hung))[0]!.received_at !== null,
    )
    await until('and settled', async () => (await attemptsOf(cluster, hung))[0]!.outcome === 'superseded')
    expect((await readToken(server, hung)).body.data.access_token).toBe(body.data.access_token)
    expect(await works(server, hung)).toBe(true)

    // A machine that stalls for that second has made another case of it: then once more.
    let missed = 0
    for (let inTime = await atOnce; !inTime && missed < 3; missed++) {
      late = await faulty(cluster, strict, held)
      inTime = await answeredLate(cluster, late)
    }
    await until(
      'the late pair is used',
      async () => (await attemptsOf(cluster, late))[0]!.outcome === 'stored',
    )
    expect(await works(server, late)).toBe(true)
    expect(usesOf(late)).toBe(1)

    expect(lenient.sandbox.control.stats().families_killed).toBe(0)
    expect(strict.sandbox.control.stats().families_killed).toBe(1 + missed)
    figure(
      `answer dropped after the exchange, ${cluster.name}`,
      'leeway 30 s: asked for again once, 0 lost; leeway 0: flagged lost_response',
    )
    figure(
      `answer after the deadline of 10 s, ${cluster.name}`,
      'within a second after it: pair kept and used, 1 call; hanging: asked again, late pair kept, 0 overwrites',
    )

    async function callsStay(subject: Subject): Promise<boolean> {
      const before = usesOf(subject)
      await readToken(server, subject)
      return usesOf(subject) === before
    }
  },
)

/** Lets the provider answer as soon as the call has been given up; whether that was before the second try. */
async function answeredLate(cluster: Cluster, subject: Subject): Promise<boolean> {
  const first = async () => (await attemptsOf(cluster, subject))[0]!
  await until('the call is given up', async () => (await first()).outcome !== null)
  subject.provider.sandbox.control.release()
  await until('the late pair is kept', async () => (await first()).received_at !== null)
  const { sent_at, received_at } = await first()
  return Number(received_at) - Number(sent_at) < secondTry
}

/** A connection whose refresh has just met that. */
async function faulty(cluster: Cluster, provider: Provider, act: FaultAct): Promise<Subject> {
  const subject = await cluster.connect(provider)
  provider.sandbox.control.fault({
    ...act,
    ...(act.fault === 'drop_after' ? {} : { after: true }),
    endpoint: 'token',
    when: { grant_type: 'refresh_token' },
  })
  void refresh(cluster.servers[0]!, subject).catch(() => {})
  await until('the provider is asked', () => usesOf(subject) === 1)
  return subject
}
