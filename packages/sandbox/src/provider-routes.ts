import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Answer } from './answer.ts'
import { answerApi } from './api.ts'
import { answerAuthorize, answerConsent } from './authorize.ts'
import { type Call, enterRefresh, recordCall } from './calls.ts'
import { discovery } from './discovery.ts'
import type { EndpointKind, FaultPlan } from './faults.ts'
import { answerIntrospect } from './introspect.ts'
import type { ApiRoute, ProviderTable } from './provider-table.ts'
import { answerRevoke } from './revoke.ts'
import { serve } from './serve.ts'
import type { SandboxState } from './state.ts'
import { answerToken, noteTokenRequest, tokenParams } from './token.ts'

export type Log = { info(facts: object, message: string): void; error(facts: object, message: string): void }

type Work = (request: FastifyRequest, call: Call, plan: FaultPlan) => Answer | Promise<Answer>

/** Mounts one provider below `/{name}`. */
export const mountProvider = (
  app: FastifyInstance,
  state: SandboxState,
  table: ProviderTable,
  log: Log | null,
): void => {
  const mount = (
    method: string | string[],
    path: string,
    endpoint: EndpointKind,
    work: Work,
    note?: (request: FastifyRequest, reply: FastifyReply, call: Call) => void,
    prefix = `/${table.name}`,
  ) =>
    app.route({
      method: method as 'GET',
      url: `${prefix}${path}`,
      exposeHeadRoute: false,
      handler: async (request, reply) => {
        // From here on the bare response is written: see serve.ts.
        reply.hijack()
        const call = recordCall(state.calls, {
          at: new Date(state.clock.now()).toISOString(),
          provider: table.name,
          endpoint,
          method: request.method,
          path: request.url.split('?')[0]!,
        })
        note?.(request, reply, call)
        try {
          await serve(state, reply.raw, call, (plan) => work(request, call, plan))
        } catch (error) {
          log?.error({ err: error, path: call.path }, 'the sandbox itself failed')
          call.outcome = 'failed'
          if (!reply.raw.headersSent) reply.raw.writeHead(500)
          reply.raw.end()
        }
        log?.info(
          { path: call.path, status: call.status, outcome: call.outcome, faults: call.faults },
          'call',
        )
      },
    })

  for (const path of table.paths.authorize) {
    mount('GET', path, 'authorize', (request, call) =>
      answerAuthorize(state, table, queryOf(request), call, placeOf(table, request)),
    )
    mount('POST', path, 'authorize', (request, call) => {
      const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams()
      return answerConsent(state, table, form, call)
    })
  }
  const tokenParamsOf = (request: FastifyRequest) =>
    request.method === 'GET' ? queryOf(request) : tokenParams(table, request.body)
  for (const path of table.paths.token)
    mount(
      table.token.methods ?? 'POST',
      path,
      'token',
      (request, call, plan) =>
        answerToken(
          state,
          table,
          {
            authorization: request.headers.authorization,
            accept: request.headers.accept ?? '',
            params: tokenParamsOf(request),
            place: placeOf(table, request),
          },
          call,
          plan,
        ),
      (request, reply, call) => {
        noteTokenRequest(call, tokenParamsOf(request))
        if (call.grant_type === 'refresh_token' && call.refresh_token_hash)
          reply.raw.once('close', enterRefresh(state.calls, call.refresh_token_hash))
      },
    )
  const revocations = [
    ...(table.revoke ? (table.paths.revoke ?? []).map((path) => ({ path, rules: table.revoke! })) : []),
    ...(table.other_revoke?.paths ?? []).map((path) => ({ path, rules: table.other_revoke! })),
  ]
  for (const { path, rules } of revocations)
    mount(rules.method ?? 'POST', path, 'revoke', (request, call) =>
      answerRevoke(
        state,
        table,
        rules,
        {
          headers: headersOf(request),
          body: request.body,
          query: queryOf(request),
          params: request.params as Record<string, string>,
          path,
        },
        call,
      ),
    )
  for (const path of table.paths.introspect ?? [])
    mount('POST', path, 'introspect', (request, call) =>
      answerIntrospect(
        state,
        table,
        { authorization: request.headers.authorization, body: request.body },
        call,
      ),
    )
  const api =
    (route: ApiRoute | null): Work =>
    (request, call) =>
      answerApi(
        state,
        table,
        route,
        {
          headers: headersOf(request),
          params: request.params as Record<string, string>,
          query: queryOf(request),
          body: request.body,
        },
        call,
      )
  for (const route of table.api.routes) {
    mount(route.method, route.path, route.endpoint, api(route))
    if (table.own_origin) mount(route.method, route.path, route.endpoint, api(route), undefined, '')
  }
  mount(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'], '/*', 'api', api(null))
  if (table.openid) discovery(app, state, table)
}

/** Names are lower-case; of a repeated header the first value. */
const headersOf = (request: FastifyRequest): Record<string, string | undefined> =>
  Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  )

const placeOf = (
  { bound_to: names = [] }: ProviderTable,
  request: FastifyRequest,
): Record<string, string> => {
  const params = request.params as Record<string, string>
  return Object.fromEntries(names.map((name) => [name, params[name] ?? '']))
}

const queryOf = (request: FastifyRequest): URLSearchParams =>
  new URLSearchParams(request.url.split('?').slice(1).join('?'))
