import { randomBytes } from 'node:crypto'
import { oauthScopes } from '@grantry/api'
import Provider from 'oidc-provider'
import { beforeAll, expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/support/databases.ts'
import type { Db } from '../db/connect.ts'
import { hashCredential } from '../vault/credential.ts'
import { deployment } from '../vault/deployment.ts'
import {
  clientSecretMatches,
  extraMetadata,
  findClient,
  type StoredClient,
  storedAsHash,
  toProviderMetadata,
} from './client-store.ts'

const clock = { now: () => 1_800_000_000_000, sleep: async () => {} }

eachDatabase('a stored client', (open) => {
  let db: Db
  const workspace = crypto.randomUUID()
  const ended = crypto.randomUUID()
  beforeAll(async () => {
    db = await open()
    for (const [id, deleted_at] of [
      [workspace, null],
      [ended, 5],
    ] as const)
      await db
        .insertInto('workspaces')
        .values({
          id,
          name: 'w',
          allowed_origins: '[]',
          return_urls: '[]',
          allow_direct_links: 0,
          plan: null,
          plan_expires_at: null,
          quotas: '{}',
          features: null,
          experiments: '[]',
          mcp_servers_made: 0,
          color: null,
          created_at: 0,
          deleted_at,
        })
        .execute()
  })

  async function insert(workspace_id: string, secrets: [secret: string, ends_at: number | null][] = []) {
    const id = crypto.randomUUID()
    const client_id = `cli_${randomBytes(8).toString('hex')}`
    const times = { created_at: clock.now() - 5500, updated_at: 0, last_used_at: null }
    const metadata = JSON.stringify({ client_id, redirect_uris: ['https://app.example/cb'] })
    await db
      .insertInto('oauth_clients')
      .values({ workspace_id, id, client_id, origin: 'api', metadata, created_by: null, ...times })
      .execute()
    for (const [secret, ends_at] of secrets)
      await db
        .insertInto('oauth_client_secrets')
        .values({ workspace_id, client: id, hash: hashCredential(secret), created_at: 0, ends_at })
        .execute()
    return client_id
  }
  const find = (id: string) => findClient({ db, clock }, id)

  test('opens by each secret that has not ended, and by nothing else', async () => {
    const name = await insert(workspace, [
      ['gcs_now', null],
      ['gcs_until_later', clock.now() + 1],
      ['gcs_until_now', clock.now()],
    ])
    const client = (await find(name))!
    expect(client.secretHashes).toHaveLength(2)
    expect(['gcs_now', 'gcs_until_later'].map((secret) => clientSecretMatches(client, secret))).toEqual([
      true,
      true,
    ])
    for (const other of [
      'gcs_until_now',
      '',
      'gcs_no',
      storedAsHash,
      hashCredential('gcs_now'),
      undefined,
      null,
      ['gcs_now'],
    ])
      expect(clientSecretMatches(client, other), String(other)).toBe(false)
    const without = (await find(await insert(workspace)))!
    expect(clientSecretMatches(without, '')).toBe(false)
  })

  test('of an ended workspace is not there; of the deployment it is', async () => {
    expect(await find(await insert(ended))).toBeNull()
    expect(await find(await insert(deployment))).toMatchObject({ workspace: deployment })
    expect(await find('cli_none')).toBeNull()
  })
})

const stored: StoredClient = {
  workspace: 'w',
  id: 'i',
  clientId: 'cli_1',
  origin: 'api',
  metadata: {
    client_id: 'cli_1',
    redirect_uris: ['https://app.example/cb'],
    scope: 'connections:read openid',
  },
  createdAt: 1_700_000_000_500,
  lastUsedAt: null,
  secretHashes: ['aa', 'bb'],
}

test('the core takes it, and another secret makes another client of it', async () => {
  const found: Record<string, StoredClient> = { cli_1: stored }
  const provider = new Provider('http://localhost:3000', {
    scopes: [...oauthScopes],
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
    extraClientMetadata: { properties: [...extraMetadata] },
    adapter: () =>
      ({ find: async (id: string) => found[id] && toProviderMetadata(found[id]) }) as unknown as never,
  })
  const client = (await provider.Client.find('cli_1'))!
  expect(client).toMatchObject({
    responseTypes: ['code'],
    clientSecret: storedAsHash,
    clientIdIssuedAt: 1_700_000_000,
    secret_hashes: ['aa', 'bb'],
    workspace: 'w',
    scope: 'connections:read openid',
  })
  expect(await provider.Client.find('cli_1')).toBe(client)
  found.cli_1 = { ...stored, secretHashes: ['bb', 'cc'] }
  expect(await provider.Client.find('cli_1')).toMatchObject({ secret_hashes: ['bb', 'cc'] })

  const metadata = { ...stored.metadata, token_endpoint_auth_method: 'none' }
  found.cli_1 = { ...stored, metadata, secretHashes: [] }
  expect((await provider.Client.find('cli_1'))!.clientSecret).toBeUndefined()
  const machine = { ...stored.metadata, redirect_uris: [], grant_types: ['client_credentials'] }
  found.cli_1 = { ...stored, metadata: machine }
  expect(await provider.Client.find('cli_1')).toMatchObject({
    responseTypes: [],
    grantTypes: ['client_credentials'],
  })
})
