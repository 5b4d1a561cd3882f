import autocannon, { type Options, type Result } from 'autocannon'

/**
 * Load in a process of its own: one autocannon run as told by the one argument, its figures as JSON on standard output.
 * Latencies are taken per response, because autocannon's own histogram knows whole milliseconds only.
 */
export type LoadOrder = {
  url: string
  seconds: number
  connections: number
  method: 'GET' | 'POST'
  headers: Record<string, string>
  body?: string
  /** Every connection asks for its own share of these, over and over. */
  paths: string[]
}

export type LoadResult = { requestsPerSecond: number; p50: number; p99: number; refused: number }

const { url, seconds, connections, method, headers, body, paths } = JSON.parse(
  await readAll(process.stdin),
) as LoadOrder

let client = 0
let begun = 0
const latencies: number[] = []
const { errors, timeouts, non2xx } = await new Promise<Result>((resolve, reject) => {
  const options: Options = {
    url,
    connections,
    duration: seconds,
    method,
    headers,
    ...(body !== undefined && { body }),
    setupClient(each) {
      const own = client++ % Math.min(connections, paths.length)
      const share = paths.filter((_path, index) => index % connections === own)
      each.setRequests(share.map((path) => ({ method, path, headers, ...(body !== undefined && { body }) })))
    },
  }
  const run = autocannon(options, (error, result) => (error ? reject(error) : resolve(result)))
  run.on('response', (_client, _status, _bytes, milliseconds) => {
    // Not before: making the requests takes a while, too.
    begun ||= performance.now() - milliseconds
    latencies.push(milliseconds)
  })
})
const elapsed = (performance.now() - begun) / 1000
latencies.sort((a, b) => a - b)
const quantile = (share: number) => latencies[Math.floor(latencies.length * share)] ?? Number.NaN
const result: LoadResult = {
  requestsPerSecond: latencies.length / elapsed,
  p50: quantile(0.5),
  p99: quantile(0.99),
  refused: errors + timeouts + non2xx,
}
console.log(JSON.stringify(result))

async function readAll(stream: NodeJS.ReadStream): Promise<string> {
  let text = ''
  for await (const chunk of stream.setEncoding('utf8')) text += chunk
  return text
}
