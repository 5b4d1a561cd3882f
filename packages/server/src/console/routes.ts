import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { noticePage } from '../http/notice.ts'
import { openRoute } from '../http/open-route.ts'
import { sendPage } from '../http/page.ts'
import { readSession } from '../members/read-session.ts'
import { createPageReader } from './read-page.ts'

/** Where `scripts/build-console.ts` puts it. */
const built = fileURLToPath(new URL('../../../console/dist/', import.meta.url))

/** First parts of the addresses that its pages have; what follows is the console's own to read. */
export const consolePages = [
  'connections',
  'mcp-servers',
  'events',
  'integrations',
  'apps',
  'keys',
  'webhooks',
  'break-glass',
  'members',
  'settings',
  'your-account',
] as const

/**
 * The admin console: one page, whatever its address, for members who are signed in, and the scripts and styles that it
 * loads. It reaches nothing by itself: it calls the API as whoever is signed in.
 */
export async function consoleRoutes(app: FastifyInstance, ctx: Context): Promise<void> {
  const readPage = createPageReader(built)
  for (const path of ['/', ...consolePages.flatMap((page) => [`/${page}`, `/${page}/*`])])
    app.get(path, openRoute, async (request, reply) => {
      const session = await readSession(ctx, request.headers)
      if (session?.kind !== 'member')
        return reply
          .header('cache-control', 'no-store')
          .redirect(path === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(request.url)}`, 302)
      const nonce = randomBytes(16).toString('base64')
      const page = await readPage(nonce)
      if (page === null) return sendPage(reply, noticePage(notBuilt))
      return reply
        .headers({ ...pageHeaders, 'content-security-policy': policy(nonce) })
        .type('text/html; charset=utf-8')
        .serializer(String)
        .send(page)
    })
  await app.register(async (assets) => {
    assets.addHook('onRoute', (route) => {
      route.config = { ...route.config, ...openRoute.config }
      route.schema = { ...route.schema, ...openRoute.schema }
    })
    await assets.register(fastifyStatic, {
      root: new URL('assets/', `file://${built}`),
      prefix: '/console/assets/',
      suppressWarning: true,
      decorateReply: false,
      preCompressed: true,
      index: false,
      // Their names hold a hash of what is in them.
      immutable: true,
      maxAge: '365d',
    })
  })
}

const pageHeaders = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  // A page that this one opens, such as a provider's, cannot reach back; popups that we open for connecting can.
  'cross-origin-opener-policy': 'same-origin-allow-popups',
}

/** Scripts and styles from here only; style elements that its components write carry the nonce. */
function policy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

const notBuilt = {
  status: 503,
  what: 'The console is not built.',
  todo: 'Run node scripts/build-console.ts in Grantry’s folder, then reload this page. The API works without it.',
  on: { href: '/docs', label: 'Open the API reference' },
}
