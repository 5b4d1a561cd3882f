import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { scopes } from '@grantry/api'
import { Secret } from '@grantry/oauth'
import type { Provider } from '@grantry/providers'
import type { Sandbox } from '@grantry/sandbox'
import { system } from './audit/event.ts'
import { createSession } from './connect/create-session.ts'
import { obtainIntegration } from './connections/obtain.ts'
import { firstHand, type Principal } from './http/principal.ts'
import { createIntegration } from './integrations/create.ts'
import { firstOwnerLink } from './members/bootstrap-owner.ts'
import type { Grantry } from './start.ts'

/** The server and, where one plays providers, what it plays. */
export type Greeted = Pick<Grantry, 'ctx' | 'generatedApiKey'> & {
  sandbox: Pick<Sandbox, 'url' | 'providers' | 'clients'> | null
}

/** Tells whoever started it where everything is, and shows a generated API key the one time that it can be shown. */
export async function greet(grantry: Greeted): Promise<void> {
  const { ctx, generatedApiKey } = grantry
  const { publicUrl } = ctx.config
  const lines = [`Console        ${publicUrl}`]
  const ownerLink = await firstOwnerLink(ctx)
  if (ownerLink) lines.push(`Sign up        ${await offerOwnership(ctx.config.dataDir, ownerLink)}`)
  else lines.push(`Sign in        ${publicUrl}/sign-in`)
  if (generatedApiKey)
    lines.push(`API key        ${await handOver(ctx.config.dataDir, 'first-api-key', generatedApiKey)}`)
  else lines.push('API key        as made at the first start')
  lines.push(`API reference  ${publicUrl}/docs`)
  if (grantry.sandbox) {
    const link = await sandboxLink(grantry)
    lines.push(`Sandbox        ${grantry.sandbox.url}  (plays providers; no real account is touched)`)
    if (link)
      lines.push(
        '',
        'Connect a sandbox Gmail account in your browser (the link works for 30 minutes):',
        `  ${link}`,
      )
  }
  console.log(`\n${lines.join('\n')}\n`)
}

/** On a terminal a secret is shown; where output may be kept, it goes into a file that only the owner can read. */
async function handOver(dataDir: string, name: string, secret: string): Promise<string> {
  if (process.stdout.isTTY) return `${secret}  (shown this once)`
  const path = join(dataDir, name)
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  // One that was there before may be open to others: its mode would stay.
  await rm(path, { force: true })
  await writeFile(path, `${secret}\n`, { mode: 0o600 })
  return `in ${path} (delete the file when you have it)`
}

/** A link that nobody gets is made anew at the next start; it is no reason not to serve. */
async function offerOwnership(dataDir: string, link: string): Promise<string> {
  try {
    return await handOver(dataDir, 'owner-link', link)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return `none yet, and no link for one: ${dataDir} cannot be written (${code}). Set GRANTRY_BOOTSTRAP_OWNER, or start once on a terminal.`
  }
}

/** The sandbox plays whatever shop or tenant is asked for: the catalogue's examples do. */
function exampleParams({ params = {} }: Provider): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).flatMap(([name, { example }]) => (example ? [[name, example]] : [])),
  )
}

/** The sandbox's OAuth apps in the first workspace, and a session for one of them. */
async function sandboxLink({ ctx, sandbox }: Greeted): Promise<string | null> {
  const workspace = await ctx.db
    .selectFrom('workspaces')
    .select('id')
    .where('deleted_at', 'is', null)
    .orderBy('created_at')
    .executeTakeFirst()
  if (!workspace || !sandbox) return null
  const principal: Principal = {
    ...firstHand,
    kind: 'operator',
    workspace: workspace.id,
    id: null,
    scopes: new Set(scopes),
    app: null,
    endUser: null,
  }
  for (const provider of Object.keys(sandbox.providers)) {
    const existing = await ctx.db
      .selectFrom('integrations')
      .select('id')
      .where('workspace_id', '=', workspace.id)
      .where('provider', '=', provider)
      .executeTakeFirst()
    const client = sandbox.clients[provider]
    const entry = ctx.catalogue.get(provider)
    if (existing || !client || !entry) continue
    await createIntegration(
      ctx,
      {
        workspace: workspace.id,
        label: `${entry.display_name} (sandbox)`,
        provider,
        grantType: 'authorization_code',
        app: null,
        client_id: client.client_id,
        client_secret: new Secret(client.client_secret),
        params: exampleParams(entry),
        scopes: entry.scopes.read.map(({ scope }) => scope),
        validate: true,
        actor: system,
      },
      (row, input) => obtainIntegration(ctx, row, input),
    )
  }
  const { startToken } = await createSession(ctx, principal, system, {
    provider: 'gmail',
    end_user: { id: 'demo', display_name: 'you' },
    binding: 'confirm',
    allow_account_change: false,
  })
  return `${ctx.config.publicUrl}/connect/${startToken}`
}
