import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { createServer } from '../../../packages/server/src/http/server.ts'
import { mountMcp } from '../../../packages/server/src/mcp/mount-mcp.ts'
import { createMcpBridge } from '../../../packages/server/src/mcp/serve.ts'
import { fixtureServer } from './fixture-server.ts'

/**
 * The suite can show no credential and calls tools of its own: here are our edge, our mount and our bridge as they are,
 * with its fixtures behind them and nobody asked who they are. Only tests can build this.
 */
export async function listenWithFixtures(): Promise<{ url: string; close(): Promise<void> }> {
  const log = pino({ level: 'silent' })
  // The port is known after the routes are made, and the origin with it.
  let origin = ''
  const app = createServer({
    log,
    trustedProxies: [],
    publicUrl: 'http://localhost',
    authenticators: [],
    findByBrowser: async () => null,
    admit: async () => {},
  })
  const bridge = createMcpBridge<null>(log, (sdk, _serving, era) => fixtureServer(sdk, era))
  mountMcp(app, {
    url: '/mcp',
    config: {
      access: ['public'],
      origins: { exposes: '', allows: async (_request, given) => given === origin },
    },
    answer: (request, reply) => bridge.serve(request, reply, null),
  })
  app.addHook('onClose', () => bridge.close())
  await app.listen({ port: 0, host: '127.0.0.1' })
  origin = `http://localhost:${(app.server.address() as AddressInfo).port}`
  return { url: `${origin}/mcp`, close: () => app.close() }
}
