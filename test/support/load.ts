import { Agent, request } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'

export type Load = {
  /** Resolves when so many more have been answered. */
  answered(count: number): Promise<void>
  /** Ends when the requests under way have ended. */
  stop(): Promise<LoadReport>
}

export type LoadReport = {
  answers: number
  /** What was not answered as it should be. */
  failures: string[]
  /** Names of the apps that the server said it has made. */
  acknowledged: string[]
  /** The longest time between two answers to anyone, in milliseconds. */
  longestGap: number
}

const unansweredMs = 20_000
/** Enough for some request to be under way at any time; more would measure how fast the machine is. */
const breathMs = process.env.GRANTRY_LONG === '1' ? 0 : 10

/**
 * Clients that read and write, each after a breath (none in a long run): half of them over connections that they keep, half over a
 * new one for each request. A `url` that is called again decides where the next request goes.
 */
export function startLoad(
  url: string,
  apiKey: string,
  { clients, retryRefused = false }: { clients: number; retryRefused?: boolean },
): Load {
  const report: LoadReport = { answers: 0, failures: [], acknowledged: [], longestGap: 0 }
  // A name would be looked up for each new connection.
  const direct = url.replace('//localhost:', '//127.0.0.1:')
  let stopping = false
  let last = performance.now()
  let waiting: { count: number; resolve: () => void }[] = []

  function note(): void {
    const now = performance.now()
    report.longestGap = Math.max(report.longestGap, now - last)
    last = now
    report.answers++
    waiting = waiting.filter(({ count, resolve }) => report.answers < count || void resolve())
  }

  async function client(number: number): Promise<void> {
    const agent = new Agent({ keepAlive: number % 2 === 0, maxSockets: 1 })
    for (let turn = 0; !stopping; turn++) {
      const name = `load ${number} ${turn}`
      const body = turn % 4 === 0 ? JSON.stringify({ name }) : null
      try {
        const status = await call(agent, body)
        if (status !== (body ? 201 : 200)) report.failures.push(`${name}: ${status}`)
        else if (body) report.acknowledged.push(name)
        note()
        if (breathMs > 0) await wait(breathMs)
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException
        if (retryRefused && code === 'ECONNREFUSED') await wait(breathMs)
        else report.failures.push(`${name}: ${code ?? message}`)
      }
    }
    agent.destroy()
  }

  function call(agent: Agent, body: string | null): Promise<number> {
    return new Promise((resolve, reject) => {
      const sent = request(
        `${direct}/api/v1/${body ? 'apps' : 'account'}`,
        {
          agent,
          method: body ? 'POST' : 'GET',
          headers: {
            authorization: `Bearer ${apiKey}`,
            ...(body
              ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
              : {}),
          },
        },
        (response) => {
          response.resume()
          response.once('end', () => resolve(response.statusCode!))
          response.once('error', reject)
        },
      )
      sent.once('error', reject)
      // Else one that is never answered would hold the whole test up, and not say so.
      sent.setTimeout(unansweredMs, () =>
        sent.destroy(
          new Error(`no answer in ${unansweredMs} ms (${sent.reusedSocket ? 'kept' : 'new'} connection)`),
        ),
      )
      sent.end(body)
    })
  }

  const running = Promise.all(Array.from({ length: clients }, (_, number) => client(number)))
  return {
    answered: (count) => new Promise((resolve) => waiting.push({ count: report.answers + count, resolve })),
    async stop() {
      stopping = true
      await running
      return report
    },
  }
}

/** Which of the acknowledged apps the server does not have. */
export async function missingApps(
  call: (
    method: string,
    path: string,
  ) => Promise<{ body: { data: { name: string }[]; next_cursor?: string } }>,
  acknowledged: string[],
): Promise<string[]> {
  const found = new Set<string>()
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const { body } = await call('GET', `/api/v1/apps?limit=200${cursor && `&cursor=${cursor}`}`)
    for (const { name } of body.data) found.add(name)
    cursor = body.next_cursor ?? undefined
  }
  return acknowledged.filter((name) => !found.has(name))
}
