import type { serverChecks } from '@grantry/api'
import { isLoopback } from '@grantry/oauth'
import pkg from '../../package.json' with { type: 'json' }
import type { Context } from '../context.ts'
import { dialectOf } from '../db/connect.ts'
import type { Principal } from '../http/principal.ts'
import { type Finding, ok, wrong } from './finding.ts'

type Needs = Pick<Context, 'clock' | 'config' | 'db'>
type ServerFinding = Finding<(typeof serverChecks)[number]>

const dayMs = 86_400_000

/** How this server stands, as far as it can see it from within, and what a credential may do. */
export async function diagnoseServer(ctx: Needs, principal: Principal) {
  const { config, clock } = ctx
  const expiresAt = await expiryOf(ctx, principal)
  return {
    version: pkg.version,
    publicUrl: config.publicUrl,
    time: clock.now(),
    database: dialectOf(ctx.db),
    sandbox: config.sandbox.enabled,
    expiresAt,
    findings: [
      checkHttps(config.publicUrl),
      checkSandbox(config),
      checkKey(config),
      checkCredential(expiresAt, clock.now()),
    ],
  }
}

async function expiryOf(
  { db }: Pick<Context, 'db'>,
  { kind, workspace, id }: Principal,
): Promise<number | null> {
  if (kind !== 'api_key' || id === null) return null
  const row = await db
    .selectFrom('api_keys')
    .select('expires_at')
    .where('workspace_id', '=', workspace)
    .where('id', '=', id)
    .executeTakeFirst()
  return row?.expires_at ?? null
}

/** Off loopback plain http does not start. */
function checkHttps(publicUrl: string): ServerFinding {
  return publicUrl.startsWith('https:')
    ? ok('https', `People and providers reach it by ${publicUrl}.`)
    : ok('https', `Its public URL is ${publicUrl}: for browsers on this machine only.`)
}

function checkSandbox({ sandbox, host }: Context['config']): ServerFinding {
  if (!sandbox.enabled) return ok('sandbox', 'The sandbox is off.')
  const listens = host.replace(/^(?=.*:)(?!\[)(.*)$/, '[$1]')
  if (isLoopback(listens)) return ok('sandbox', 'The sandbox is on: what it connects are no real accounts.')
  return wrong(
    'sandbox',
    'warning',
    {
      what: `The sandbox is on, and other machines can reach this server at ${host}: whoever does may connect as any of its people.`,
      todo: 'Start with GRANTRY_SANDBOX=0, or listen on 127.0.0.1.',
    },
    'GRANTRY_SANDBOX',
  )
}

function checkKey({ rootKey, publicUrl }: Context['config']): ServerFinding {
  const atHome = isLoopback(new URL(publicUrl).hostname)
  if (rootKey.from !== 'data-dir' || atHome) return ok('encryption_key', 'Secrets rest sealed.')
  return wrong(
    'encryption_key',
    'warning',
    {
      what: 'The key that opens every secret lies in the data directory, beside the database that it seals.',
      todo: 'Keep it elsewhere: move the file, and name it by GRANTRY_ENCRYPTION_KEY_FILE.',
    },
    'GRANTRY_ENCRYPTION_KEY_FILE',
  )
}

function checkCredential(expiresAt: number | null, now: number): ServerFinding {
  if (expiresAt === null || expiresAt - now > 7 * dayMs) return ok('credential', 'The credential is good.')
  return wrong(
    'credential',
    'warning',
    {
      what: `The API key ends in ${Math.max(1, Math.round((expiresAt - now) / dayMs))} d.`,
      todo: 'Make another in time: grantry keys create.',
    },
    'keys',
  )
}
