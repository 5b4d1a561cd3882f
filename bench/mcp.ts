import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { liveMemory } from './live-memory.ts'
import {
  type Deployment,
  freePort,
  type ServerProcess,
  sample,
  startBareProcess,
  startGrantryProcess,
} from './processes.ts'
import type { Line } from './report.ts'
import { interleave, type Side } from './rounds.ts'

type Plan = { rounds: number; seconds: number; flags: string[] }

const idle = 1000

/** What an MCP server costs: its list, one call of a tool, and memory while nobody calls. */
export async function measureMcp(name: string, deployed: Deployment, plan: Plan): Promise<Line[]> {
  const labels = {
    labels: Array.from({ length: 12 }, (_, at) => ({ id: `L${at}`, name: `Label ${at}`, type: 'user' })),
  }
  const headers = { 'content-type': 'application/json' }
  const gmail = await startBareProcess({ status: 200, headers, body: JSON.stringify(labels) })
  const providers = join(deployed.dataDir, 'providers.json')
  await writeFile(providers, JSON.stringify({ gmail: at(gmail.url) }))
  const inspector = await freePort()
  const flags = [...plan.flags, `--inspect=127.0.0.1:${inspector}`]
  const grantry = await startGrantryProcess(deployed, flags, {
    GRANTRY_EGRESS_ALLOW: new URL(gmail.url).host,
    GRANTRY_PROVIDERS_FILE: providers,
  })
  try {
    const post = poster(grantry, deployed)
    const integration = await post('/integrations', {
      label: 'Gmail',
      provider: 'gmail',
      client_id: 'x',
      client_secret: 'x',
      validate: false,
    })
    const tokens = { access_token: 'an-access-token-of-the-usual-length' }
    const connection = await post('/connections', { integration, tokens })
    const serve = () =>
      post('/mcp-servers', {
        mcp_server: 'gmail',
        access_type: 'read',
        auth_method: 'oauth',
        connection_id: connection,
      })
    const served = await serve()
    return [
      ...(await rate(`${name}: MCP tools/list`, message(grantry, deployed, served, 'tools/list', {}), plan)),
      ...(await rate(
        `${name}: MCP tools/call, one call of the API`,
        message(grantry, deployed, served, 'tools/call', { name: 'list_labels', arguments: {} }),
        plan,
      )),
      await idleMemory(name, inspector, async () => {
        const id = await serve()
        await sample(`${grantry.url}/mcp/${id}`, initOf(message(grantry, deployed, id, 'tools/list', {})))
      }),
    ]
  } finally {
    await Promise.all([grantry.stop(), gmail.stop()])
  }
}

/** The catalogue's entry, its service here. */
const at = (url: string) => ({
  authorization_url: `${url}/authorize`,
  token_url: `${url}/token`,
  aliases: null,
  issuer: null,
  revocation: null,
  account: null,
  api: { base_url: url },
})

async function rate(what: string, side: Side, plan: Plan): Promise<Line[]> {
  const bare = await startBareProcess(await sample(side.url + side.paths[0], initOf(side)))
  try {
    const figures = await interleave({ ...side, url: bare.url }, { measured: side }, plan)
    return [
      {
        what: `${what}, requests/s`,
        figure: figures.measured.requestsPerSecond.toFixed(0),
        baseline: figures.bare.requestsPerSecond.toFixed(0),
        ratio: figures.measured.throughputRatio.toFixed(2),
        aim: '',
        met: null,
      },
    ]
  } finally {
    await bare.stop()
  }
}

/** What a thousand servers keep in memory that were made, asked once and left alone. */
async function idleMemory(name: string, inspector: number, make: () => Promise<void>): Promise<Line> {
  // What making one touches for the first time is not what one costs.
  for (let count = 0; count < idle; count++) await make()
  const before = await liveMemory(inspector)
  for (let count = 0; count < idle; count++) await make()
  const each = Math.max(0, (await liveMemory(inspector)) - before) / 1024 / idle
  return {
    what: `${name}: live memory of an idle MCP server, of ${idle.toLocaleString('en')}`,
    figure: `${each.toFixed(2)} kB`,
    baseline: `${(before / 1_048_576).toFixed(0)} MB in all`,
    ratio: '',
    aim: '≤ 10 kB',
    met: each <= 10,
  }
}

function poster({ url }: ServerProcess, { apiKey }: Deployment) {
  return async (path: string, body: unknown): Promise<string> => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
    return ((await response.json()) as { data: { id: string } }).data.id
  }
}

/** One message of the 2026 era, which stands by itself. */
function message(
  { url }: ServerProcess,
  { apiKey }: Deployment,
  id: string,
  method: string,
  params: object,
): Side {
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  }
  const called = (params as { name?: string }).name
  return {
    url,
    method: 'POST',
    headers: {
      authorization: `Bearer ${apiKey}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(called === undefined ? {} : { 'mcp-name': called }),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: meta } }),
    paths: [`/mcp/${id}`],
  }
}

const initOf = ({ method, headers, body }: Side): RequestInit => ({ method, headers, body: body! })
