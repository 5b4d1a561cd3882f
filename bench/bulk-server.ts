import { createServer } from 'node:http'

/**
 * The other side of large bodies: a GET gets as many bytes as `?bytes=` says, of anything else it is told how many came.
 * Prints its port when it listens.
 */
const chunk = Buffer.alloc(65_536, 'x')

const server = createServer((request, response) => {
  if (request.method !== 'GET') {
    let bytes = 0
    request.on('data', (part: Buffer) => {
      bytes += part.length
    })
    request.once('end', () => response.end(String(bytes)))
    return
  }
  let left = Number(new URL(request.url!, 'http://localhost').searchParams.get('bytes'))
  response.writeHead(200, { 'content-length': left })
  const write = () => {
    while (left > 0) {
      const part = left < chunk.length ? chunk.subarray(0, left) : chunk
      left -= part.length
      if (!response.write(part)) return void response.once('drain', write)
    }
    response.end()
  }
  write()
})
server.listen(0, '127.0.0.1', () => {
  console.log((server.address() as { port: number }).port)
})
process.once('SIGTERM', () => process.exit(0))
