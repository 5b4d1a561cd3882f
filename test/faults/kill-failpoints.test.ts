import { test } from 'vitest'
import { type Failpoint, failpoints } from '../../packages/server/src/connections/refresh/engine.ts'
import { figure, long } from '../support/figures.ts'
import { refresh, type Server, type Subject, show, startCluster, until, works } from './cluster.ts'

const rounds = long ? 10 : 1

test.concurrent.for([
  ['sqlite', 1],
  ['postgres', 3],
] as const)(
  'killed at every failpoint, on %s with %i process(es): nothing is lost but what a provider without leeway never repeats',
  {
    timeout: 120_000 * rounds,
  },
  async ([dialect, processes], { expect, onTestFinished }) => {
    const cluster = await startCluster(dialect, processes)
    onTestFinished(cluster.close)
    const kills = new Map<Failpoint, number>()
    const victims: { lenient: Subject; strict: Subject; point: Failpoint }[] = []
    for (let round = 0; round < rounds; round++) {
      for (let next = 0; next < failpoints.length; next += processes) {
        const now = await Promise.all(
          failpoints.slice(next, next + processes).map(async (point) => ({
            point,
            lenient: await cluster.connect(cluster.lenient),
            strict: await cluster.connect(cluster.strict),
          })),
        )
        await Promise.all(
          now.map(async ({ point, lenient, strict }, index) => {
            expect(await killAt(cluster.servers[index]!, point, [lenient, strict])).toEqual(['cut', 'cut'])
            kills.set(point, (kills.get(point) ?? 0) + 1)
          }),
        )
        // After the last of all one is enough: what the others left is settled by whoever is there.
        const over = round === rounds - 1 && next + processes >= failpoints.length
        await Promise.all(now.slice(0, over ? 1 : processes).map((_, index) => cluster.start(index)))
        victims.push(...now)
        // A process that starts again takes up at once what it left, and must not meet the next point with that.
        if (processes === 1) await recovered(cluster.servers[0]!, now)
      }
      await recovered(cluster.servers[0]!, victims)
    }

    const server = cluster.servers[0]!
    let flagged = 0
    for (const { lenient, strict, point } of victims) {
      expect([point, await works(server, lenient)]).toEqual([point, true])
      // The provider has answered, and nobody knows what: no other point is one of no return.
      if (point !== 'answered') expect([point, await works(server, strict)]).toEqual([point, true])
      else {
        await until('the loss is flagged', async () => (await show(server, strict)).status !== 'active')
        expect(await show(server, strict)).toMatchObject({ status: 'needs_reauth', reason: 'lost_response' })
        flagged++
      }
    }
    expect(cluster.lenient.sandbox.control.stats().families_killed).toBe(0)
    expect(cluster.strict.sandbox.control.stats().families_killed).toBe(flagged)
    const counts = failpoints.map((point) => `${point} ${kills.get(point)}`).join(', ')
    figure(
      `SIGKILL at every failpoint, ${cluster.name}`,
      `killed at ${counts}, each with a refresh at a provider with 30 s leeway and one without: ` +
        `0 lost of ${victims.length} with leeway; of ${victims.length} without, ${flagged} lost (all at "answered"), ${flagged} flagged`,
    )
  },
)

/** Dies there with both refreshes at that point. Only this process refreshes: the tokens are good for a day. */
async function killAt(server: Server, point: Failpoint, [first, second]: [Subject, Subject]) {
  const ask = (subject: Subject) =>
    refresh(server, subject).then(
      ({ status }) => status,
      () => 'cut' as const,
    )
  const standing = server.arm(point, 'wait')
  const one = ask(first)
  await standing.reached
  const dying = server.arm(point, 'kill')
  const other = ask(second)
  await dying.reached
  return Promise.all([one, other])
}

async function recovered(
  server: Server,
  victims: { lenient: Subject; strict: Subject; point: Failpoint }[],
): Promise<void> {
  for (const { lenient, strict, point } of victims)
    for (const subject of point === 'answered' ? [lenient] : [lenient, strict])
      await until(`a refresh after ${point}`, async () => (await refresh(server, subject)).status === 200)
}
