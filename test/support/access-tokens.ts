import type { FastifyInstance } from 'fastify'
import { decodeId, type IdKind, oauthScopes } from '../../packages/api/src/index.ts'
import { buildApp, type Parts } from '../../packages/server/src/app.ts'
import { firstHand, type Principal } from '../../packages/server/src/http/principal.ts'
import type { TestGrantry } from './grantry.ts'

export type Refusal = { status: number; headers: Record<string, unknown>; text: string; body: Problem }
// biome-ignore lint/suspicious/noExplicitAny: answers are judged by expectations
type Problem = any

/** A second router over a running server's context, whose OAuth access tokens are what a test says they are. */
export type TokenRouter = {
  app: FastifyInstance
  /** Makes a token good, and returns it; what is not said is a member's, for the API, with every scope. */
  issue(workspace: string, principal?: Partial<Principal>): string
  call(
    method: string,
    path: string,
    token: string | null,
    body?: unknown,
    headers?: Headers,
  ): Promise<Refusal>
}
type Headers = Record<string, string>

/** The UUID that an id names. */
export const uuidOf = (kind: IdKind, id: string): string => decodeId(kind, id)!

export async function routeTokens(grantry: TestGrantry, parts: Parts = {}): Promise<TokenRouter> {
  const known = new Map<string, Principal>()
  const app = await buildApp(grantry.ctx, {
    accessTokens: async (token) => known.get(token) ?? null,
    ...parts,
  })
  await app.ready()
  return {
    app,
    issue(workspace, principal = {}) {
      const token = `gat_test${known.size}`
      known.set(token, {
        ...firstHand,
        kind: 'oauth_client',
        workspace: uuidOf('ws', workspace),
        id: null,
        scopes: new Set(oauthScopes),
        app: null,
        endUser: null,
        client: 'cli_partner',
        grant: '018f0000-0000-7000-8000-00000000000a',
        audience: grantry.url,
        ...principal,
      })
      return token
    },
    async call(method, path, token, body, headers = {}) {
      const answer = await app.inject({
        method: method as 'GET',
        url: path,
        headers: {
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      })
      const json = /[/+]json\b/.test(String(answer.headers['content-type'] ?? '')) && answer.body !== ''
      return {
        status: answer.statusCode,
        headers: answer.headers,
        text: answer.body,
        body: json ? JSON.parse(answer.body) : null,
      }
    },
  }
}
