import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Received = { headers: IncomingHttpHeaders; body: string }

/** A customer's server: keeps what it is sent and answers what it is told to. */
export type Receiver = {
  url: string
  /** For `GRANTRY_EGRESS_ALLOW`. */
  address: string
  received: Received[]
  /** Status of the answers from now on, or who decides it; null: the socket is cut; 'wait': when `cut` is called. */
  answer: number | null | 'wait' | ((received: Received) => number | null)
  cut(): void
  headers: Record<string, string>
  close(): Promise<void>
}

export async function startReceiver(): Promise<Receiver> {
  const waiting: { destroy(): void }[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (text: string) => {
      body += text
    })
    request.on('end', () => {
      const one = { headers: request.headers, body }
      const status = typeof receiver.answer === 'function' ? receiver.answer(one) : receiver.answer
      receiver.received.push(one)
      if (status === 'wait') return void waiting.push(request.socket)
      if (status === null) return request.socket.destroy()
      response.writeHead(status, receiver.headers).end(status < 300 ? '' : 'not today')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}/hook`,
    address: `127.0.0.1:${port}`,
    received: [],
    answer: 204,
    headers: {},
    cut: () => {
      for (const socket of waiting.splice(0)) socket.destroy()
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return receiver
}
