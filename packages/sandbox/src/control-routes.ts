import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { CallFilter } from './calls.ts'
import type { Control } from './control.ts'
import { ControlError } from './control-error.ts'
import type { FaultOrder } from './faults.ts'
import type { Settings } from './provider-table.ts'
import type { Client, SandboxState } from './state.ts'

/** The control API: JSON below `/-/control`, in README.md. Answers only to this machine's own names, and never to another site's page. */
export const mountControl = (app: FastifyInstance, state: SandboxState, control: Control): void => {
  app.register(
    async (api) => {
      api.addHook('onRequest', async (request) => refuseStrangers(state, request))
      api.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
        const status = error instanceof ControlError ? error.status : (error.statusCode ?? 500)
        reply.code(status).send({ error: status === 500 ? 'internal' : 'refused', detail: error.message })
      })
      api.get('/clock', async () => clockView(control))
      api.post('/clock', async (request) => {
        const { advance } = objectOf(request)
        if (typeof advance !== 'number' || !Number.isFinite(advance))
          throw new ControlError(400, 'advance: a number of seconds.')
        control.clock.advance(advance)
        return clockView(control)
      })
      api.get('/faults', async () => ({ faults: control.faults() }))
      api.post('/faults', async (request, reply) =>
        reply.code(201).send({ id: control.fault(objectOf(request) as unknown as FaultOrder) }),
      )
      api.delete('/faults', async () => {
        control.clearFaults()
        return { faults: [] }
      })
      api.delete<{ Params: { id: string } }>('/faults/:id', async (request) => {
        control.clearFaults(Number(request.params.id))
        return { faults: control.faults() }
      })
      api.post('/release', async () => ({ released: control.release() }))
      api.get('/settings', async () => Object.fromEntries(state.settings))
      api.patch<{ Params: { provider: string } }>('/settings/:provider', async (request) =>
        control.settings(request.params.provider, objectOf(request) as Partial<Settings>),
      )
      api.get('/clients', async () => ({ clients: [...state.clients.values()] }))
      api.post('/clients', async (request, reply) =>
        reply.code(201).send(control.registerClient(objectOf(request) as unknown as Client)),
      )
      api.get<{ Querystring: Record<string, string> }>('/calls', async (request) => {
        const { provider, endpoint, grant_type, outcome } = request.query
        const calls = control.calls({ provider, endpoint, grant_type, outcome } as CallFilter)
        return { count: calls.length, calls }
      })
      api.get('/stats', async () => control.stats())
      api.post('/token', async (request) => {
        const { token } = objectOf(request)
        const found = typeof token === 'string' ? control.token(token) : null
        if (!found) throw new ControlError(404, 'token: never handed out by this sandbox.')
        return found
      })
      api.get<{ Querystring: Record<string, string> }>('/tokens', async (request) => {
        const { provider, account, live } = request.query
        return {
          tokens: control.tokens({
            ...(provider ? { provider } : {}),
            ...(account ? { account } : {}),
            ...(live ? { live: live === 'true' } : {}),
          }),
        }
      })
      api.post('/revoke-grant', async (request) => {
        const { provider, account, client_id } = objectOf(request)
        return {
          ended: control.revokeGrant({
            provider: String(provider),
            account: String(account),
            ...(typeof client_id === 'string' ? { client_id } : {}),
          }),
        }
      })
      api.get<{ Querystring: { provider?: string; account?: string } }>('/outbox', async (request) => ({
        outbox: control.outbox(request.query),
      }))
      api.post('/consent', async (request) => {
        const { url, account, deny, scopes } = objectOf(request)
        return {
          location: await control.consent(String(url), {
            ...(typeof account === 'string' ? { account } : {}),
            ...(deny === true ? { deny } : {}),
            ...(Array.isArray(scopes) ? { scopes: scopes.map(String) } : {}),
          }),
        }
      })
      api.post('/reset', async () => {
        control.reset()
        return { reset: true }
      })
      api.get('/state', async () => ({
        url: state.url,
        clock: clockView(control),
        providers: [...state.tables.keys()],
        settings: Object.fromEntries(state.settings),
        faults: control.faults(),
        stats: control.stats(),
        outbox: state.outbox.length,
      }))
    },
    { prefix: '/-/control' },
  )
}

const clockView = (control: Control) => ({
  now: new Date(control.clock.now()).toISOString(),
  offset: control.clock.offset(),
})

const objectOf = (request: FastifyRequest): Record<string, unknown> => {
  const { body } = request
  if (
    typeof body !== 'object' ||
    body === null ||
    Array.isArray(body) ||
    body instanceof URLSearchParams ||
    Buffer.isBuffer(body)
  )
    throw new ControlError(400, 'Send a JSON object.')
  return body as Record<string, unknown>
}

/** A page of another site must not steer the sandbox: neither by a plain form (Origin) nor by a name that it points here (Host). */
const refuseStrangers = (state: SandboxState, request: FastifyRequest): void => {
  const own = new URL(state.url)
  const names = [own.hostname, 'localhost', '127.0.0.1', '[::1]'].map((name) => `${name}:${own.port}`)
  if (!names.includes(request.headers.host ?? ''))
    throw new ControlError(403, 'Host: call the sandbox by its own name.')
  const { origin } = request.headers
  if (origin !== undefined && !names.some((name) => origin === `http://${name}`))
    throw new ControlError(403, 'Origin: pages of other sites may not use the control API.')
}
