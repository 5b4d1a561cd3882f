import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export type Balancer = { url: string; close(): Promise<void> }

const PROBE_MS = 100

/** Gives each connection to the next of these loopback ports whose server says that it is ready. */
export async function startBalancer(ports: readonly number[]): Promise<Balancer> {
  const ready = new Set(ports)
  const sockets = new Set<Socket>()
  let turn = 0

  async function probe(port: number): Promise<void> {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null)
    await answer?.text().catch(() => {})
    if (answer?.ok) ready.add(port)
    else ready.delete(port)
  }
  const probing = setInterval(() => void ports.map(probe), PROBE_MS)

  function join(client: Socket): void {
    const among = [...ready]
    const host = connect(among[turn++ % among.length] ?? 0, '127.0.0.1')
    sockets.add(host)
    client.pipe(host).pipe(client)
    host.on('error', () => {})
    host.once('close', () => {
      sockets.delete(host)
      client.destroy()
    })
    client.once('close', () => host.destroy())
  }

  const server = createServer((client) => {
    sockets.add(client)
    client.on('error', () => {})
    client.once('close', () => sockets.delete(client))
    join(client)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    async close() {
      clearInterval(probing)
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
