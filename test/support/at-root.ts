import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * An API at the root of a server of its own: Google's libraries take another host for Gmail, but no path before Gmail's
 * own, and the sandbox has one. Passes reads on, with their credential.
 */
export async function serveAtRoot(base: string): Promise<{ url: string; close(): void }> {
  const server = createServer(async (request, response) => {
    const { authorization = '' } = request.headers
    const answer = await fetch(`${base}${request.url}`, { headers: { authorization } })
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' })
    response.end(await answer.text())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => void server.close(),
  }
}
