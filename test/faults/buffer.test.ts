import { test } from 'vitest'
import { figure, long } from '../support/figures.ts'
import { attemptsOf, readToken, refresh, type Subject, startCluster, until, works } from './cluster.ts'

const readers = long ? 100 : 20

test.concurrent.for([
  ['sqlite', 1],
  ['postgres', 2],
] as const)(
  'a provider that is down or hangs while the token is in its buffer, on %s with %i process(es): no read fails',
  {
    timeout: 120_000,
  },
  async ([dialect, processes], { expect, onTestFinished }) => {
    const cluster = await startCluster(dialect, processes)
    onTestFinished(cluster.close)
    const { control } = cluster.strict.sandbox
    const read = async (subject: Subject) => {
      const answers = await Promise.all(
        Array.from({ length: readers }, (_, n) => readToken(cluster.servers[n % processes]!, subject)),
      )
      return answers.map(({ status, body }) => (status === 200 ? body.data.access_token : status))
    }
    let reads = 0
    const failed: unknown[] = []
    for (const fault of [{ fault: 'status', status: 503 }, { fault: 'hold' }] as const) {
      const subject = await cluster.connect(cluster.strict)
      expect((await refresh(cluster.servers[0]!, subject)).status).toBe(200)
      const [token] = await read(subject)
      control.fault({ ...fault, endpoint: 'token', times: 'forever' })
      // 250 s before the end of the hour.
      for (const server of cluster.servers) server.advance(3350)
      control.clock.advance(3350)
      for (let round = 0; round < 3; round++) {
        const answers = await read(subject)
        reads += answers.length
        failed.push(...answers.filter((answer) => answer !== token))
      }
      expect(failed, fault.fault).toEqual([])
      await until('it was tried', async () => (await attemptsOf(cluster, subject)).length > 1)
      control.clearFaults()
      control.release()
      await until('all is well again', () => works(cluster.servers[0]!, subject))
    }
    expect(control.stats().families_killed).toBe(0)
    figure(
      `provider down or hanging during the buffer, ${cluster.name}`,
      `${failed.length} of ${reads} reads failed`,
    )
  },
)
