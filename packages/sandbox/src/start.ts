import { setMaxListeners } from 'node:events'
import { isIPv4 } from 'node:net'
import { render } from './answer.ts'
import { createCallLog } from './calls.ts'
import { createClock } from './clock.ts'
import { type Control, createControl } from './control.ts'
import { mountControl } from './control-routes.ts'
import { createFaultBoard } from './faults.ts'
import { frontPage } from './front-page.ts'
import { createGrantStore } from './grants.ts'
import { createSigner } from './id-token.ts'
import { createSandboxApp, mountProviders } from './mount-providers.ts'
import type { Log } from './provider-routes.ts'
import type { ProviderOverrides, ProviderTable } from './provider-table.ts'
import { type Random, systemRandom } from './random.ts'
import { baseOf, type Client, clientKey, type SandboxState } from './state.ts'
import { allTables } from './tables/all.ts'

export type SandboxOptions = {
  /** A loopback address; others are refused. Default `127.0.0.1`. */
  host?: string
  /** Default 0: any free port. */
  port?: number
  /** The name that stands in URLs. Default `localhost`. */
  publicHost?: string
  random?: Random
  /** Milliseconds since the epoch; the sandbox's own clock moves relative to it. */
  clock?: () => number
  /** Gets one line per call, without queries and secrets. */
  logger?: Log
  /** Only `control.consent` uses it, to call the sandbox itself. */
  fetch?: typeof globalThis.fetch
  /** What to play; default: everything. */
  tables?: readonly ProviderTable[]
}

export type Sandbox = {
  /** Without a slash at the end: `http://localhost:7002`. */
  url: string
  /** Real providers: URLs to merge field by field over the catalogue entry of that name. */
  providers: Record<string, ProviderOverrides>
  /** Registered from the start, with every loopback redirect URI. Constant, so that they outlive the sandbox. */
  clients: Record<string, { client_id: string; client_secret: string }>
  /** A provider of no catalogue, in the fields of a generic integration. */
  generic: Record<string, ProviderOverrides & { client_id: string; client_secret: string; scopes: string[] }>
  control: Control
  close(): Promise<void>
}

/**
 * Starts the provider emulator on loopback. Throws where the host is not a loopback address or the port is taken.
 * @example const sandbox = await startSandbox(); sandbox.control.clock.advance(3600); await sandbox.close()
 */
export const startSandbox = async (options: SandboxOptions = {}): Promise<Sandbox> => {
  const { host = '127.0.0.1', port = 0, publicHost = 'localhost', logger } = options
  if (!isLoopback(host)) throw new Error(`The sandbox listens on loopback only, not on ${host}.`)
  const tables = options.tables ?? allTables
  const closing = new AbortController()
  // Every call that is held back listens to it.
  setMaxListeners(0, closing.signal)
  const state = createState(tables, options, closing.signal)
  const app = createSandboxApp()
  let listening = ''
  const control = createControl(state, () => listening)
  mountControl(app, state, control)
  app.get('/', async (_request, reply) => {
    const { status, headers, bytes } = render(frontPage(state))
    return reply.code(status).headers(headers).send(bytes)
  })
  mountProviders(app, state, logger ?? null)
  listening = await app.listen({ host, port })
  state.url = `http://${publicHost}:${new URL(listening).port}`
  const choose = (real: boolean) => tables.filter((table) => table.real === real)
  return {
    url: state.url,
    providers: Object.fromEntries(
      choose(true).map((table) => [table.name, table.overrides(baseOf(state, table))]),
    ),
    clients: Object.fromEntries(tables.map((table) => [table.name, { ...table.client }])),
    generic: Object.fromEntries(
      choose(false).map((table) => [
        table.name,
        { ...table.overrides(baseOf(state, table)), ...table.client, scopes: Object.keys(table.scopes) },
      ]),
    ),
    control,
    close: async () => {
      closing.abort(new Error('The sandbox is closing.'))
      await app.close()
    },
  }
}

const createState = (
  tables: readonly ProviderTable[],
  options: SandboxOptions,
  closing: AbortSignal,
): SandboxState => ({
  url: '',
  clock: createClock(options.clock),
  random: options.random ?? systemRandom,
  tables: new Map(tables.map((table) => [table.name, table])),
  settings: new Map(tables.map((table) => [table.name, { ...table.settings }])),
  clients: new Map(
    tables.map((table) => [clientKey(table.name, table.client.client_id), builtInClient(table)]),
  ),
  grants: createGrantStore(),
  transactions: new Map(),
  calls: createCallLog(),
  faults: createFaultBoard(),
  signer: createSigner(),
  data: new Map(),
  outbox: [],
  fetch: options.fetch ?? globalThis.fetch,
  closing,
})

const builtInClient = (table: ProviderTable): Client => ({
  ...table.client,
  provider: table.name,
  name: 'Grantry',
  redirect_uris: ['loopback'],
  built_in: true,
})

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
