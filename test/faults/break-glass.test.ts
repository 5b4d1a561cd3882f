import { describe, expect, test } from 'vitest'
import { figure, long } from '../support/figures.ts'
import { addPlainIntegration, importTokens, mintTokens } from '../support/importing.ts'
import { readToken, type Server, startCluster, until } from './cluster.ts'

// The drill that docs/break-glass.md tells of: many connections at three providers, one of which has no way to revoke and
// one of which fails for a while, and a process that is killed in the middle.

const each = 3334
const failures = 20

describe.each([
  ['sqlite', 1],
  ['postgres', 2],
] as const)('a break-glass drill on %s', (dialect, processes) => {
  test.skipIf(!long)(
    'every connection ends here, and has an outcome',
    {
      timeout: 900_000,
    },
    async ({ onTestFinished }) => {
      const cluster = await startCluster(dialect, processes)
      onTestFinished(cluster.close)
      const first = cluster.servers[0] as Server
      const other = cluster.servers.at(-1) as Server
      const { lenient, strict } = cluster
      const mute = await addPlainIntegration(
        { call: first.call, sandbox: lenient.sandbox },
        { label: 'Mute', revocation_url: undefined },
      )
      const integrations = [lenient.integration, strict.integration, mute.id as string]
      const ids: string[] = []
      for (const integration of integrations)
        for (let from = 0; from < each; from += 500)
          ids.push(...(await importMany(first, integration, from, Math.min(each, from + 500))))
      const real = await Promise.all(
        [lenient, strict].map(async ({ sandbox, integration }) => {
          const tokens = await mintTokens({ call: first.call, sandbox })
          const { id } = await importTokens({ call: first.call, sandbox }, integration, tokens, {
            expiresIn: 86_400,
          })
          ids.push(id)
          return { id, tokens, sandbox }
        }),
      )
      expect((await readToken(other, { id: real[0]!.id })).status).toBe(200)
      strict.sandbox.control.fault({ fault: 'status', status: 500, endpoint: 'revoke', times: failures })

      const begun = performance.now()
      const started = await first.call('POST', '/api/v1/break-glass', { criteria: { everything: true } })
      const seconds = (performance.now() - begun) / 1000
      expect(started.status, started.text).toBe(201)
      expect(started.body.data).toMatchObject({ connections: ids.length, state: 'revoking' })
      const sample = [...real.map(({ id }) => id), ids[0]!, ids[Math.floor(ids.length / 2)]!, ids.at(-1)!]
      for (const id of sample) expect((await readToken(other, { id })).status).toBe(409)

      const { id } = started.body.data
      let server = first
      const show = async () => (await server.call('GET', `/api/v1/break-glass/${id}`)).body.data
      await until('some are revoked', async () => (await show()).outcomes.revoked > 0)
      await first.end('SIGKILL')
      server = await cluster.start(0)
      await until('each has an outcome', async () => (await show()).state === 'done', 800)
      const done = await show()
      const took = (Date.parse(done.done_at) - Date.parse(done.started_at)) / 1000
      expect(done.outcomes).toMatchObject({ revoked: 2 * each + 2, unsupported: each, to_end: 0, failed: 0 })
      for (const { tokens, sandbox } of real)
        expect(sandbox.control.token(tokens.refresh_token)).toMatchObject({ live: false })

      const reported = new Map<string, string>()
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page: Awaited<ReturnType<typeof server.call>> = await server.call(
          'GET',
          `/api/v1/break-glass/${id}/connections?limit=200${cursor && `&cursor=${cursor}`}`,
        )
        for (const one of page.body.data) reported.set(one.connection_id, one.outcome)
        cursor = page.body.next_cursor
      }
      expect([...reported.keys()].sort()).toEqual(ids.toSorted())
      figure(
        `break-glass of ${ids.length} connections at 3 providers, ${cluster.name}`,
        `${seconds.toFixed(1)} s until none could be read; every outcome after ${took.toFixed(0)} s, with ${failures} calls answered by 500 and a process killed: ${done.outcomes.revoked} revoked, ${done.needs_manual_work} for manual work, 0 without an outcome`,
      )
    },
  )
})

async function importMany(server: Server, integration: string, from: number, to: number): Promise<string[]> {
  const items = Array.from({ length: to - from }, (_, n) => ({
    key: `k${from + n}`,
    integration,
    end_user: { id: `u${from + n}` },
    tokens: {
      access_token: `access-${integration}-${from + n}`,
      refresh_token: `refresh-${integration}-${from + n}`,
      expires_at: new Date(Date.now() + 86_400_000).toISOString(),
    },
  }))
  const answer = await server.call('POST', '/api/v1/connections/import', { items })
  return answer.body.data.results.map(({ connection_id }: { connection_id: string }) => connection_id)
}
