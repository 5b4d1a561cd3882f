import type { RequestListener } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Listening = { url: string; host: string; close(): Promise<void> }

/** Serves on a free loopback port. The listener is made once the address is known. */
export async function listen(make: (url: string) => RequestListener): Promise<Listening> {
  let listener: RequestListener = (_request, response) => response.writeHead(503).end()
  const server = createServer((request, response) => listener(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `localhost:${(server.address() as AddressInfo).port}`
  const url = `http://${host}`
  listener = make(url)
  return {
    url,
    host,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
