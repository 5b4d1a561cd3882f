import { connect } from 'node:net'

export type RawAnswer = {
  status: number
  headers: Headers
  text: string
  body: Record<string, unknown> | null
}

/**
 * Sends bytes that no HTTP client would send, and reads one answer. `head` is the request line and the header lines;
 * Host is added unless it is there.
 */
export async function sendRaw(
  url: string,
  head: string[],
  body: Uint8Array | string = '',
): Promise<RawAnswer> {
  const { hostname, port, host } = new URL(url)
  const lines = head.some((line) => /^host:/i.test(line))
    ? head
    : [head[0]!, `Host: ${host}`, ...head.slice(1)]
  const received = await new Promise<Buffer>((resolve, reject) => {
    const chunks: Buffer[] = []
    // Thousands of connections: none need ask where this machine is.
    const socket = connect({ host: hostname === 'localhost' ? '127.0.0.1' : hostname, port: Number(port) })
    socket.on('data', (chunk) => chunks.push(chunk))
    // A server that refuses a large body may close before it has read all of it.
    socket.on('error', (error) => (chunks.length > 0 ? undefined : reject(error)))
    socket.on('close', () => resolve(Buffer.concat(chunks)))
    socket.write(`${[...lines, 'Connection: close'].join('\r\n')}\r\n\r\n`, 'latin1')
    socket.write(body)
  })
  return readAnswer(received)
}

function readAnswer(received: Buffer): RawAnswer {
  const end = received.indexOf('\r\n\r\n')
  const [first = '', ...lines] = received.subarray(0, end).toString('latin1').split('\r\n')
  const headers = new Headers(
    lines.map((line): [string, string] => [
      line.slice(0, line.indexOf(':')),
      line.slice(line.indexOf(':') + 1),
    ]),
  )
  let rest = received.subarray(end + 4)
  if (headers.get('transfer-encoding') === 'chunked') rest = unchunk(rest)
  const text = rest.toString()
  return {
    status: Number(first.split(' ')[1] ?? 0),
    headers,
    text,
    body: headers.get('content-type')?.includes('json') && text ? JSON.parse(text) : null,
  }
}

function unchunk(bytes: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let at = 0; ; ) {
    const line = bytes.indexOf('\r\n', at)
    const size = Number.parseInt(bytes.subarray(at, line).toString(), 16)
    if (!size) return Buffer.concat(parts)
    parts.push(bytes.subarray(line + 2, line + 2 + size))
    at = line + 2 + size + 2
  }
}
