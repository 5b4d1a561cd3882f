import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/**
 * `refuse`: connections are cut, and so is each new one. `silence`: they stay open and carry nothing any more.
 * `pooled`: as behind a pooler in transaction mode, a client gets what comes with its queries and nothing in between.
 */
export type ProxyMode = 'pass' | 'refuse' | 'silence' | 'pooled'

export type DatabaseProxy = {
  /** The database's URL, by way of the proxy. */
  url: string
  set(mode: ProxyMode): void
  /** How many connections have been made to it. */
  connections(): number
  close(): Promise<void>
}

/** Stands between a process and its PostgreSQL, on loopback. */
export async function startDatabaseProxy(databaseUrl: string): Promise<DatabaseProxy> {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let mode: ProxyMode = 'pass'
  let made = 0

  function join(client: Socket): void {
    made++
    if (mode === 'refuse') return void client.destroy()
    const server = connect(Number(target.port), target.hostname)
    let asked = false
    let kept = Buffer.alloc(0)
    for (const socket of [client, server]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        server.destroy()
      })
    }
    client.on('data', (bytes) => {
      asked = true
      if (mode !== 'silence') server.write(bytes)
    })
    server.on('data', (bytes) => {
      if (mode === 'silence') return
      kept = Buffer.concat([kept, bytes])
      // Each message: a letter, then its length without the letter.
      while (kept.length >= 5 && kept.length > kept.readUInt32BE(1)) {
        const message = kept.subarray(0, kept.readUInt32BE(1) + 1)
        kept = kept.subarray(message.length)
        const letter = String.fromCharCode(message[0]!)
        const dropped = letter === 'A' && mode === 'pooled' && !asked
        if (!dropped) client.write(message)
        if (letter === 'Z') asked = false
      }
    })
  }

  const proxy = createServer(join).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const url = new URL(databaseUrl)
  url.host = `127.0.0.1:${(proxy.address() as AddressInfo).port}`
  return {
    url: url.href,
    set(wanted) {
      mode = wanted
      if (mode === 'refuse') for (const socket of sockets) socket.destroy()
    },
    connections: () => made,
    async close() {
      for (const socket of sockets) socket.destroy()
      proxy.close()
      await once(proxy, 'close')
    },
  }
}
