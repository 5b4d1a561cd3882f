import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

type Value = { stringValue?: string; intValue?: number; doubleValue?: number; boolValue?: boolean }
type Attributes = { key: string; value: Value }[]

/** A span as it arrived. */
export type Arrived = {
  name: string
  traceId: string
  spanId: string
  parentSpanId?: string
  kind: number
  links?: { traceId: string; spanId: string }[]
  attributes: Record<string, string | number | boolean | undefined>
  failed: boolean
}

/** An OpenTelemetry collector: keeps every byte that it is sent, and reads the spans. */
export async function startCollector() {
  const bodies: Buffer[] = []
  const headers: IncomingHttpHeaders[] = []
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    headers.push({ ...request.headers, ':path': request.url })
    bodies.push(Buffer.concat(parts))
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    headers,
    bytes: () => Buffer.concat(bodies),
    resources: () => batches().map(({ resource }) => read(resource.attributes)),
    spans: (): Arrived[] =>
      batches().flatMap(({ scopeSpans }) =>
        scopeSpans.flatMap(({ spans }) =>
          spans.map(({ attributes, status, ...span }) => ({
            ...span,
            attributes: read(attributes),
            failed: status?.code === 2,
          })),
        ),
      ),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }

  function batches() {
    type Raw = Omit<Arrived, 'attributes' | 'failed'> & { attributes: Attributes; status?: { code: number } }
    type Batch = { resource: { attributes: Attributes }; scopeSpans: { spans: Raw[] }[] }
    return bodies.flatMap((body) => (JSON.parse(body.toString()) as { resourceSpans: Batch[] }).resourceSpans)
  }
}

const read = (attributes: Attributes) =>
  Object.fromEntries(
    attributes.map(({ key, value: { stringValue, intValue, doubleValue, boolValue } }) => [
      key,
      stringValue ?? intValue ?? doubleValue ?? boolValue,
    ]),
  )
