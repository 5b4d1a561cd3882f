import { oauthScopes } from '@grantry/api'
import { system } from '../packages/server/src/audit/event.ts'
import { createClient } from '../packages/server/src/authorization-server/create-client.ts'
import { saveGrant } from '../packages/server/src/authorization-server/grants.ts'
import { createProvider } from '../packages/server/src/authorization-server/provider.ts'
import { createRecordIds } from '../packages/server/src/authorization-server/record-id.ts'
import { loadSigningKeys } from '../packages/server/src/authorization-server/signing-keys.ts'
import { writeSubject } from '../packages/server/src/authorization-server/subject.ts'
import { readConfig } from '../packages/server/src/config.ts'
import { closeContext, createContext } from '../packages/server/src/context.ts'
import { newId } from '../packages/server/src/db/new-id.ts'
import type { Deployment } from './processes.ts'
import { CONNECTIONS } from './rounds.ts'

export type SeededClient = { authorization: string; accessToken: string; refreshTokens: string[] }

/**
 * A confidential client in the first workspace, and a member's consent for each connection of the load, through the
 * product's own code: what they were given is what a consent gives.
 */
export async function seedClient(deployment: Deployment): Promise<SeededClient> {
  const ctx = await createContext(
    readConfig({
      GRANTRY_DATA_DIR: deployment.dataDir,
      GRANTRY_DATABASE_URL: deployment.databaseUrl,
      GRANTRY_ENCRYPTION_KEY: deployment.encryptionKey,
      GRANTRY_BOOTSTRAP_API_KEY: deployment.apiKey,
      GRANTRY_LOG_LEVEL: 'error',
    }),
  )
  try {
    const { id: workspace } = await ctx.db.selectFrom('workspaces').select('id').executeTakeFirstOrThrow()
    const now = ctx.clock.now()
    const member = newId(ctx)
    const fields = {
      client_name: 'Benchmark',
      redirect_uris: ['https://partner.example/callback'],
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
      scope: oauthScopes.join(' '),
    }
    const made = await createClient(ctx, { workspace, fields, createdBy: null, actor: system })
    const clientId = made.row.client_id
    await ctx.db
      .insertInto('members')
      .values({
        workspace_id: workspace,
        id: member,
        email: `${member}@example.com`,
        name: null,
        role: 'owner',
        password_hash: null,
        created_at: now,
        last_signed_in_at: null,
      })
      .execute()
    const keys = await loadSigningKeys(ctx)
    // Nobody exchanges tokens here.
    const provider = createProvider(ctx, keys, {} as never)
    const ids = createRecordIds(keys.secret)
    const client = (await provider.Client.find(clientId))!
    const accountId = writeSubject({ workspace, kind: 'member', member })
    const scope = 'account:read connections:read'
    const resource = ctx.config.publicUrl
    const given = { accountId, clientId, client, scope, gty: 'authorization_code', resource }
    let accessToken = ''
    const refreshTokens: string[] = []
    for (let index = 0; index < CONNECTIONS; index++) {
      const grant = new provider.Grant({ accountId, clientId })
      grant.addOIDCScope(scope)
      grant.addResourceScope(resource, scope)
      const grantId = await grant.save()
      await saveGrant(ctx, {
        id: newId(ctx),
        workspace,
        grantHash: ids.hashOf(grantId),
        clientId,
        clientName: 'Benchmark',
        subject: accountId,
        scopes: scope.split(' '),
        resources: [resource],
        connections: [],
        actor: system,
        endUser: null,
      })
      refreshTokens.push(await new provider.RefreshToken({ ...given, grantId, rotations: 0 } as never).save())
      const access = new provider.AccessToken({ ...given, grantId } as never)
      access.setAudience(resource)
      accessToken = await access.save()
    }
    const authorization = `Basic ${Buffer.from(`${clientId}:${made.secret}`).toString('base64')}`
    return { authorization, accessToken, refreshTokens }
  } finally {
    await closeContext(ctx)
  }
}
