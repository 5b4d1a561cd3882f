import { once } from 'node:events'

type Usage = { usedSize: number; embedderHeapUsedSize?: number; backingStorageSize?: number }

/**
 * Bytes that a process of Node's cannot give back: its heap and its buffers, after a garbage collection. What is resident
 * beside that comes and goes by tens of megabytes. Asked through the inspector, `--inspect=127.0.0.1:PORT`.
 */
export async function liveMemory(inspectorPort: number): Promise<number> {
  const targets = await (await fetch(`http://127.0.0.1:${inspectorPort}/json/list`)).json()
  const [{ webSocketDebuggerUrl }] = targets as [{ webSocketDebuggerUrl: string }]
  const socket = new WebSocket(webSocketDebuggerUrl)
  await once(socket, 'open')
  try {
    // Twice, because finalizers that the first one runs let go of more.
    for (let time = 0; time < 2; time++) await ask(socket, 'HeapProfiler.collectGarbage')
    const {
      usedSize,
      embedderHeapUsedSize = 0,
      backingStorageSize = 0,
    } = await ask(socket, 'Runtime.getHeapUsage')
    return usedSize + embedderHeapUsedSize + backingStorageSize
  } finally {
    socket.close()
  }
}

async function ask(socket: WebSocket, method: string): Promise<Usage> {
  socket.send(JSON.stringify({ id: 1, method }))
  const [{ data }] = (await once(socket, 'message')) as [{ data: string }]
  const { result, error } = JSON.parse(data) as { result: Usage; error?: { message: string } }
  if (error) throw new Error(`${method}: ${error.message}`)
  return result
}
