import { test } from 'vitest'
import { figure, long } from '../support/figures.ts'
import { importTokens } from '../support/importing.ts'
import { readToken, startCluster, usesOf } from './cluster.ts'

test.for([
  { dialect: 'sqlite', processes: 1, readers: 100, rounds: long ? 200 : 2 },
  { dialect: 'postgres', processes: 4, readers: 400, rounds: long ? 200 : 2 },
] as const)(
  '$readers readers of an expired token at once, on $dialect with $processes process(es), $rounds rounds: one call to the provider',
  {
    timeout: 60_000 + (long ? 1_200_000 : 0),
  },
  async ({ dialect, processes, readers, rounds }, { expect, onTestFinished }) => {
    // The background would exchange the token of one before it has been imported into the other.
    const cluster = await startCluster(dialect, processes, { background: false })
    onTestFinished(cluster.close)
    const { control } = cluster.strict.sandbox
    const calls = { least: Number.POSITIVE_INFINITY, most: 0 }
    for (let round = 1; round <= rounds; round++) {
      const subject = await cluster.connect(cluster.strict, -60)
      // In every other round the same token has been imported twice.
      const twin = round % 2 ? subject : await again(subject)
      const answers = await Promise.all(
        Array.from({ length: readers }, (_, reader) =>
          readToken(cluster.servers[reader % processes]!, reader % 3 ? subject : twin),
        ),
      )
      const tokens = new Set(
        answers.map(({ status, body, text }) => body?.data?.access_token ?? `${status} ${text}`),
      )
      expect([...tokens].slice(1), `round ${round}`).toEqual([])
      expect(control.token([...tokens][0]), `round ${round}`).toMatchObject({ live: true })
      const uses = usesOf(subject)
      expect(uses, `round ${round}`).toBe(1)
      calls.least = Math.min(calls.least, uses)
      calls.most = Math.max(calls.most, uses)
    }
    const { families_killed, reuses, peak_concurrent_refreshes } = control.stats()
    expect({ families_killed, reuses, peak_concurrent_refreshes }).toEqual({
      families_killed: 0,
      reuses: 0,
      peak_concurrent_refreshes: 1,
    })
    figure(
      `${readers} concurrent readers of an expired token, ${cluster.name}`,
      `${rounds} rounds, half of them with the token imported twice: exactly ${calls.least === calls.most ? calls.most : `${calls.least} to ${calls.most}`} provider call a round, ${families_killed} families killed`,
    )

    async function again(subject: Awaited<ReturnType<typeof cluster.connect>>) {
      const reach = { call: cluster.servers[0]!.call, sandbox: subject.provider.sandbox }
      const { id } = await importTokens(reach, subject.provider.integration, subject.tokens, {
        expiresIn: -60,
        end_user: { id: 'u2' },
      })
      return { ...subject, id }
    }
  },
)
