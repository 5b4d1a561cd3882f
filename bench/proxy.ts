import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import type { LoadOrder, LoadResult } from './generate-load.ts'
import {
  type Deployment,
  load,
  type ServerProcess,
  startBareProcess,
  startBulkProcess,
  startGrantryProcess,
} from './processes.ts'
import type { Line } from './report.ts'
import { CONNECTIONS, median } from './rounds.ts'

type Plan = { rounds: number; seconds: number; bytes: number; flags: string[] }
type Api = { url: string; authorization: string; path: string }

/** Calls through the proxy beside the same calls made directly, in turns: small ones, and large bodies both ways. */
export async function measureProxy(name: string, deployed: Deployment, plan: Plan): Promise<Line[]> {
  const headers = { 'content-type': 'application/json' }
  const small = await startBareProcess({ status: 200, headers, body: '{"id":7,"name":"A deal"}' })
  const bulk = await startBulkProcess()
  const ports = [small, bulk].map(({ url }) => new URL(url).host)
  const grantry = await startGrantryProcess(deployed, plan.flags, { GRANTRY_EGRESS_ALLOW: ports.join(',') })
  try {
    return [
      ...(await smallCalls(name, small, await connect(grantry, deployed, small.url), plan)),
      ...(await largeBodies(name, bulk, await connect(grantry, deployed, bulk.url), grantry, plan)),
    ]
  } finally {
    await Promise.all([grantry.stop(), small.stop(), bulk.stop()])
  }
}

/** An integration whose API is there, and a connection with a token of it. */
async function connect({ url }: ServerProcess, { apiKey }: Deployment, api: string): Promise<Api> {
  const authorization = `Bearer ${apiKey}`
  const post = async (path: string, body: unknown) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
    return ((await response.json()) as { data: { id: string } }).data.id
  }
  const integration = await post('/integrations', {
    label: 'An API',
    authorization_url: `${api}/authorize`,
    token_url: `${api}/token`,
    api_base_url: api,
    client_id: 'x',
    client_secret: 'x',
    validate: false,
  })
  const tokens = { access_token: 'an-access-token-of-the-usual-length' }
  const connection = await post('/connections', { integration, tokens })
  return { url, authorization, path: `/api/v1/proxy/${connection}/x` }
}

async function smallCalls(name: string, direct: ServerProcess, api: Api, plan: Plan): Promise<Line[]> {
  const order = { method: 'GET' as const, headers: { authorization: api.authorization } }
  const sides = {
    direct: { ...order, url: direct.url, paths: ['/x'] },
    proxied: { ...order, url: api.url, paths: [api.path] },
  }
  const alone = await inTurns(sides, 1, plan)
  const many = await inTurns(sides, CONNECTIONS, plan)
  const added = alone.map(({ direct, proxied }) => proxied.p50 - direct.p50)
  const shares = many.map(({ direct, proxied }) => proxied.requestsPerSecond / direct.requestsPerSecond)
  const middle = (rounds: typeof many, of: (round: (typeof many)[0]) => number) => median(rounds.map(of))
  return [
    {
      what: `${name}: small GET through the proxy, p50 alone`,
      figure: ms(middle(alone, ({ proxied }) => proxied.p50)),
      baseline: ms(middle(alone, ({ direct }) => direct.p50)),
      ratio: `+${ms(median(added))}`,
      aim: '≤ +3 ms',
      met: median(added) <= 3,
    },
    {
      what: `${name}: small GET through the proxy, requests/s at ${CONNECTIONS}`,
      figure: middle(many, ({ proxied }) => proxied.requestsPerSecond).toFixed(0),
      baseline: middle(many, ({ direct }) => direct.requestsPerSecond).toFixed(0),
      ratio: median(shares).toFixed(2),
      aim: '≥ 0.35',
      met: median(shares) >= 0.35,
    },
  ]
}

type Round = { direct: LoadResult; proxied: LoadResult }

async function inTurns(
  sides: Record<keyof Round, Omit<LoadOrder, 'seconds' | 'connections'>>,
  connections: number,
  { rounds, seconds }: Plan,
): Promise<Round[]> {
  const results: Round[] = []
  // The first warms up.
  for (let round = 0; round <= rounds; round++) {
    const direct = await load({ ...sides.direct, seconds, connections })
    const proxied = await load({ ...sides.proxied, seconds, connections })
    if (round > 0) results.push({ direct, proxied })
  }
  return results
}

async function largeBodies(
  name: string,
  direct: ServerProcess,
  api: Api,
  server: ServerProcess,
  { rounds, bytes }: Plan,
): Promise<Line[]> {
  const headers = { authorization: api.authorization }
  const lines: Line[] = []
  for (const [way, move] of [
    ['down', download],
    ['up', upload],
  ] as const) {
    await move(`${api.url}${api.path}`, headers, 1_000_000)
    const before = await server.memory()
    const turns: { direct: number; proxied: number }[] = []
    for (let round = 0; round < rounds; round++)
      turns.push({
        direct: await move(`${direct.url}/x`, headers, bytes),
        proxied: await move(`${api.url}${api.path}`, headers, bytes),
      })
    const rise = (await server.memory()).peak - before.now
    const share = median(turns.map(({ direct, proxied }) => direct / proxied))
    const rate = (side: 'direct' | 'proxied') =>
      `${(bytes / 1_000_000 / median(turns.map((turn) => turn[side]))).toFixed(0)} MB/s`
    const what = `${name}: ${(bytes / 1_000_000_000).toFixed(1)} GB ${way} through the proxy`
    lines.push(
      {
        what,
        figure: rate('proxied'),
        baseline: rate('direct'),
        ratio: share.toFixed(2),
        aim: '≥ 0.8',
        met: share >= 0.8,
      },
      {
        what: `${what}: more memory`,
        figure: `${rise.toFixed(0)} MB`,
        baseline: `${before.now.toFixed(0)} MB`,
        ratio: '',
        aim: '≤ 64 MB',
        met: rise <= 64,
      },
    )
  }
  return lines
}

/** Seconds until the last byte has come. */
async function download(url: string, headers: Record<string, string>, bytes: number): Promise<number> {
  const begun = performance.now()
  const sent = request(`${url}?bytes=${bytes}`, { headers })
  sent.end()
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  let arrived = 0
  response.on('data', (part: Buffer) => {
    arrived += part.length
  })
  await once(response, 'end')
  if (arrived !== bytes) throw new Error(`${arrived} bytes of ${bytes} came`)
  return (performance.now() - begun) / 1000
}

/** Seconds until the other side has all of it. */
async function upload(url: string, headers: Record<string, string>, bytes: number): Promise<number> {
  const begun = performance.now()
  const chunk = Buffer.alloc(65_536, 'x')
  const sent = request(url, { method: 'POST', headers: { ...headers, 'content-length': bytes } })
  const answered = once(sent, 'response') as Promise<[IncomingMessage]>
  for (let left = bytes; left > 0; left -= chunk.length)
    if (!sent.write(left < chunk.length ? chunk.subarray(0, left) : chunk)) await once(sent, 'drain')
  sent.end()
  const [response] = await answered
  let text = ''
  for await (const part of response.setEncoding('utf8')) text += part
  if (text !== String(bytes)) throw new Error(`${text} instead of ${bytes}`)
  return (performance.now() - begun) / 1000
}

const ms = (value: number) => `${value.toFixed(2)} ms`
