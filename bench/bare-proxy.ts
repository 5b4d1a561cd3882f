import { Agent, createServer, request } from 'node:http'
import { pipeline } from 'node:stream'

/**
 * What a proxy of node:http alone can do: it passes everything on to the origin that is its one argument, and looks at
 * nothing. Prints its port when it listens.
 */
const { hostname, port } = new URL(process.argv[2]!)
const agent = new Agent({ keepAlive: true })

const server = createServer((incoming, outgoing) => {
  const { method, url, headers } = incoming
  const onward = request({ agent, hostname, port, method, path: url, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode!, answer.headers)
    pipeline(answer, outgoing, () => {})
  })
  pipeline(incoming, onward, () => {})
})
server.keepAliveTimeout = 72_000
server.listen(0, '127.0.0.1', () => {
  console.log((server.address() as { port: number }).port)
})
process.once('SIGTERM', () => process.exit(0))
