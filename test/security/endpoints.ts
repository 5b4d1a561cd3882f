import * as api from '../../packages/api/src/index.ts'
import { answered } from '../../packages/server/src/authorization-server/paths.ts'
import { consolePages } from '../../packages/server/src/console/routes.ts'
import type { TestGrantry } from '../support/grantry.ts'

/** Every endpoint that the contract exports. */
export const contract: (api.Endpoint & { name: string })[] = Object.entries(api).flatMap(([name, value]) =>
  typeof value === 'object' && 'method' in value && 'path' in value
    ? [{ name, ...(value as api.Endpoint) }]
    : [],
)

export const routeOf = ({ method, path, prefix = '/api/v1' }: Route) => `${method} ${prefix}${path}`

type Route = Pick<api.Endpoint, 'method' | 'path' | 'prefix'>

/** Routes that are not of the contract: for browsers, machines that watch us, and readers. All are public. */
export const outsideContract = [
  'GET /',
  // The console: one page whatever its address, for members who are signed in, and its scripts.
  ...consolePages.flatMap((page) => [`GET /${page}`, `GET /${page}/*`]),
  'GET /console/assets/*',
  'HEAD /console/assets/*',
  'GET /favicon.ico',
  'GET /healthz',
  'GET /readyz',
  // From this machine; tests of its own tell who else.
  'GET /metrics',
  // The public halves of what signs the audit log.
  'GET /.well-known/grantry-audit-keys.json',
  'GET /.well-known/oauth-protected-resource',
  'OPTIONS /.well-known/oauth-protected-resource',
  'GET /.well-known/oauth-protected-resource/mcp/:id',
  'OPTIONS /.well-known/oauth-protected-resource/mcp/:id',
  'OPTIONS /mcp/:id',
  'GET /openapi.json',
  'GET /docs',
  'GET /docs/',
  'GET /docs/js/scalar.js',
  'GET /connect/:token',
  'GET /connect/confirm',
  'POST /connect/confirm',
  'GET /manage',
  'GET /manage/link/:token',
  'GET /manage/disconnect',
  'POST /manage/disconnect',
  'POST /manage/reconnect',
  'POST /manage/leave',
  'GET /api/v1/credentials/auth/callback/:key',
  ...answered.flatMap(([path, methods]) => methods.map((method) => `${method} ${path}`)),
  'POST /v1/oauth/refresh_token',
  'GET /oauth/interaction/:uid',
  'POST /oauth/interaction/:uid',
  'GET /sign-in',
  'POST /sign-in',
  'GET /sign-in/callback/:provider',
  'GET /sign-in/link/:provider',
  'POST /sign-in/outside/:provider',
  'GET /sign-out',
  'POST /sign-out',
  'GET /signed-out',
  'GET /sign-up/:token',
  'POST /sign-up/:token',
  'GET /invitations/:token',
  'POST /invitations/:token',
  // Preflight of what a page may call with a connect token.
  'OPTIONS /api/v1/connect-sessions/:id',
  'OPTIONS /api/v1/connect-sessions/:id/finish',
]

/** Routes with another standard's bodies, mounted by hand; they ask for a credential as the contract's do. */
export const guardedOutsideContract = [
  'GET /api/v1/credentials/auth/:provider_name',
  'GET /oauth/userinfo',
  'POST /oauth/userinfo',
  ...['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT', 'QUERY', 'TRACE'].map(
    (method) => `${method} /mcp/:id`,
  ),
  ...api.callProxy.paths.flatMap((path) => api.callProxy.methods.map((method) => `${method} /api/v1${path}`)),
]

/** What the running server's router holds, as `METHOD /path`. */
export function mountedRoutes({ app }: Pick<TestGrantry, 'app'>): string[] {
  const routes: string[] = []
  const parents: string[] = []
  for (const line of app.printRoutes().split('\n')) {
    const [, indent = '', part = '', methods = ''] = /^([│├└─ ]*)(.*?)(?: \(([A-Z, ]+)\))?$/u.exec(line) ?? []
    if (part === '') continue
    const depth = indent.length / 4
    parents.length = depth - 1
    parents.push(part)
    const path = parents.join('')
    for (const method of methods.split(', ').filter(Boolean)) routes.push(`${method} ${path}`)
  }
  return [...new Set(routes)].sort()
}

/** Placeholder of a path → id of the kind that the endpoint takes. */
export function fill(path: string, id: string): string {
  return `/api/v1${path.replace(/:\w+/, encodeURIComponent(id))}`
}
