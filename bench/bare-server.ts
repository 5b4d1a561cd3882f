import { createServer } from 'node:http'

/**
 * The baseline: node:http alone, answering always the same bytes, at whatever path. It reads a request's body and
 * looks at nothing. Started by `startBareServer` with the answer as its one argument; prints its port when it listens.
 */
const { status, headers, body } = JSON.parse(process.argv[2]!) as {
  status: number
  headers: Record<string, string>
  body: string
}

const server = createServer((request, response) => {
  request.resume().once('end', () => response.writeHead(status, headers).end(body))
})
// As long as Fastify keeps a connection, so that neither side opens more than the other.
server.keepAliveTimeout = 72_000
server.listen(0, '127.0.0.1', () => {
  console.log((server.address() as { port: number }).port)
})
process.once('SIGTERM', () => process.exit(0))
