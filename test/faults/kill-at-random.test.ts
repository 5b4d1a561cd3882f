import { setTimeout as wait } from 'node:timers/promises'
import { test } from 'vitest'
import { decodeId } from '../../packages/api/src/index.ts'
import { figure, long } from '../support/figures.ts'
import {
  type Cluster,
  type Provider,
  readToken,
  type Subject,
  show,
  startCluster,
  until,
  works,
} from './cluster.ts'
import { seededRandom } from './seeded-random.ts'

const seed = Number(process.env.KILL_SEED ?? 4)
const connections = 20
/** How long a process lives after its start: by chance, up to this and a fifth. */
const lifeMs = long ? 3000 : 2000

/**
 * Tokens live for a few seconds, so that refreshes are always under way, and providers that take their time both before
 * and after they have done the work let kills meet them at every stage. One takes an exchanged token again for a while,
 * the other ends the grant for it. A connection may be hit again while it is being recovered; where leases outlive their
 * holder it waits for another one each time, and the leeway has to have room for that.
 */
test.concurrent.for([
  { dialect: 'sqlite', processes: 1, leeway: 120, planned: long ? 200 : 4 },
  { dialect: 'postgres', processes: long ? 4 : 3, leeway: 120, planned: long ? 800 : 6 },
] as const)(
  '$planned SIGKILLs at random, on $dialect with $processes process(es): none is lost where the provider has leeway, and none in silence where it has none',
  {
    timeout: 180_000 + (long ? 4_000_000 : 0),
  },
  async ({ dialect, processes, leeway, planned }, { expect, onTestFinished }) => {
    const wanted = Math.min(planned, Number(process.env.KILLS ?? planned))
    const cluster = await startCluster(dialect, processes)
    onTestFinished(cluster.close)
    const { lenient, strict } = cluster
    lenient.sandbox.control.settings('plain', { leeway, expires_in: 8 })
    strict.sandbox.control.settings('plain', { leeway: 0, expires_in: 8 })
    for (const { sandbox } of [lenient, strict]) slowDown(sandbox.control)
    const random = seededRandom(seed)
    const living = new Set<Subject>()
    const flagged: Subject[] = []
    for (let n = 0; n < connections; n++) living.add(await cluster.connect(n % 2 ? lenient : strict, 2))

    const called = () => lenient.sandbox.control.stats().calls + strict.sandbox.control.stats().calls
    const over = new AbortController()
    const readers = [1, 2, 3, 4].map(() => readUntil(over.signal, cluster, living, random))
    const replacing = replaceLost(over.signal, cluster, living, flagged)
    let killed = 0
    await Promise.all(
      cluster.servers.map(async (_, index) => {
        while (killed < wanted) {
          killed++
          const before = called()
          await wait(lifeMs * (0.2 + random()))
          // On a slow machine, too, there is something to be hit.
          await until('a provider is called', () => called() > before)
          expect(await cluster.servers[index]!.end('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' })
          await cluster.start(index)
        }
      }),
    )
    over.abort()
    const answers = (await Promise.all(readers)).flat()
    await replacing
    for (const { sandbox } of [lenient, strict]) {
      sandbox.control.clearFaults()
      sandbox.control.settings('plain', { expires_in: 3600 })
    }

    const server = cluster.servers[0]!
    expect(
      answers.filter((answer) => answer !== 'served' && answer !== 'expired'),
      `seed ${seed}`,
    ).toEqual([])
    for (const subject of living) {
      await until(`a connection is whole again or flagged, seed ${seed}`, async () => {
        return (await show(server, subject)).status === 'needs_reauth' || (await works(server, subject))
      })
      if ((await show(server, subject)).status === 'needs_reauth') flagged.push(subject)
    }
    for (const subject of flagged)
      expect(await show(server, subject)).toMatchObject({ status: 'needs_reauth', reason: 'lost_response' })
    // By the database: an import may have been committed whose answer was cut off by a kill.
    const lost = async ({ integration }: Provider) => {
      const rows = await cluster.query(
        `select status, reason from connections where integration_id = '${decodeId('int', integration)}' and status != 'active'`,
      )
      return rows.filter(({ status, reason }) => status === 'needs_reauth' && reason === 'lost_response')
        .length
    }
    const grantsEnded = ({ sandbox }: Provider) => sandbox.control.stats().families_killed
    // Each grant that the provider ended is a flagged connection, and none is flagged whose grant lives.
    await until(`each loss is flagged, seed ${seed}`, async () => (await lost(strict)) >= grantsEnded(strict))
    expect([await lost(strict), await lost(lenient)], `seed ${seed}`).toEqual([grantsEnded(strict), 0])
    expect(grantsEnded(lenient), `seed ${seed}`).toBe(0)
    const [cut] = await cluster.query(
      "select count(*) as attempts from token_requests where kind = 'refresh' and received_at is null and error is null",
    )
    const again = lenient.sandbox.control.stats().reuses
    figure(
      `random SIGKILLs, ${cluster.name}`,
      `${killed} kills, ${Number(cut!.attempts)} refreshes cut; leeway ${leeway} s: 0 lost (${again} answers asked for again); ` +
        `leeway 0: ${grantsEnded(strict)} lost, ${await lost(strict)} flagged, 0 silent; ${answers.length} reads meanwhile (seed ${seed})`,
    )
  },
)

function slowDown(control: Provider['sandbox']['control']): void {
  for (const after of [false, true])
    control.fault({
      fault: 'delay',
      ms: 100,
      after,
      endpoint: 'token',
      times: 'forever',
      when: { grant_type: 'refresh_token' },
    })
}

type Answer = 'served' | 'expired' | string

/** Reads tokens from whichever process is there. A served one must be one that the provider would take. */
async function readUntil(
  over: AbortSignal,
  { servers, strict }: Cluster,
  living: Set<Subject>,
  random: () => number,
): Promise<Answer[]> {
  const answers: Answer[] = []
  while (!over.aborted) {
    const subject = pick(random, [...living])
    const hasLeeway = subject.provider !== strict
    const answer = await readToken(pick(random, servers), subject).catch(() => null)
    if (answer?.status === 200) {
      const token = subject.provider.sandbox.control.token(answer.body.data.access_token)!
      // Where an exchanged token ends its grant, nobody can know that before asking.
      const good = token.live || token.reason === 'expired' || (!hasLeeway && token.reason === 'reuse')
      answers.push(good ? 'served' : `served ${token.reason}`)
    } else if (answer?.status === 503) answers.push('expired')
    else if (answer && (hasLeeway || answer.body?.code !== 'connection_needs_reauth'))
      answers.push(`${answer.status} ${answer.text}`)
    // Also where the process was killed, or is not there yet.
    await wait(25)
  }
  return answers
}

/** What is lost makes room for another, so that there is always something left to lose. */
async function replaceLost(over: AbortSignal, cluster: Cluster, living: Set<Subject>, flagged: Subject[]) {
  while (!over.aborted) {
    await wait(500)
    for (const subject of [...living]) {
      const shown = await show(cluster.servers[0]!, subject).catch(() => null)
      if (shown?.status !== 'needs_reauth') continue
      const next = await cluster.connect(subject.provider, 2).catch(() => null)
      if (next === null) break
      living.delete(subject)
      flagged.push(subject)
      living.add(next)
    }
  }
}

const pick = <T>(random: () => number, list: readonly T[]): T => list[Math.floor(random() * list.length)]!
