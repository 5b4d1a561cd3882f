import { Agent, request } from 'node:http'
import type { LoadResult } from './generate-load.ts'

/**
 * Load at a token endpoint, in a process of its own: every connection refreshes with the refresh token that its last
 * answer brought. Order as JSON on standard input, figures as JSON on standard output.
 */
export type RefreshOrder = {
  url: string
  seconds: number
  headers: Record<string, string>
  /** One to begin with for each connection. */
  refreshTokens: string[]
}

let text = ''
for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk
const { url, seconds, headers, refreshTokens } = JSON.parse(text) as RefreshOrder
const agent = new Agent({ keepAlive: true, maxSockets: refreshTokens.length })
const latencies: number[] = []
let refused = 0
const begun = performance.now()
const ends = begun + seconds * 1000

const last = await Promise.all(
  refreshTokens.map(async (first) => {
    let current = first
    while (performance.now() < ends) {
      const sent = performance.now()
      const answer = await refresh(current)
      latencies.push(performance.now() - sent)
      if (answer) current = answer
      else refused++
    }
    return current
  }),
)
const elapsed = (performance.now() - begun) / 1000
agent.destroy()
latencies.sort((a, b) => a - b)
const quantile = (share: number) => latencies[Math.floor(latencies.length * share)] ?? Number.NaN
const result: LoadResult & { refreshTokens: string[] } = {
  requestsPerSecond: latencies.length / elapsed,
  p50: quantile(0.5),
  p99: quantile(0.99),
  refused,
  refreshTokens: last,
}
console.log(JSON.stringify(result))

function refresh(token: string): Promise<string | null> {
  const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token }).toString()
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { agent, method: 'POST', headers: { ...headers, 'content-length': Buffer.byteLength(body) } },
      (response) => {
        let answer = ''
        response.setEncoding('utf8').on('data', (chunk: string) => {
          answer += chunk
        })
        response.once('end', () => {
          if (response.statusCode !== 200) return resolve(null)
          resolve((JSON.parse(answer) as { refresh_token: string }).refresh_token)
        })
      },
    )
    sent.once('error', reject)
    sent.end(body)
  })
}
