import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SECRET_MARK } from '../packages/sandbox/src/secret-mark.ts'
import { openDatabase } from '../packages/server/src/db/connect.ts'
import { moveOut } from '../packages/server/src/keyring/move-out.ts'
import { sealedColumns } from '../packages/server/src/sealed-columns.ts'
import { countOtherForms } from '../packages/server/src/vault/sealed-values.ts'
import { keepMs } from '../packages/server/src/vault/stores/secret-store.ts'
import { sweepItems } from '../packages/server/src/vault/sweep-items.ts'
import { type CuttableProxy, startCuttableProxy } from './faults/cuttable-proxy.ts'
import { findSecrets } from './security/find-secrets.ts'
import { readDatabase } from './security/read-database.ts'
import { runCli } from './support/cli.ts'
import { connectAccount } from './support/connecting.ts'
import { createTestDatabase, type TestDatabase } from './support/databases.ts'
import { startTestGrantry, type TestGrantry } from './support/grantry.ts'
import { addPlainIntegration } from './support/importing.ts'
import { startServerProcess } from './support/server-process.ts'
import {
  findVaultServers,
  setEnvironment,
  startMoto,
  startOpenBao,
  type VaultServer,
} from './support/vault-servers.ts'

const { moto, bao } = await findVaultServers()
const anySecret = new Map([['a token or client secret', Buffer.from(SECRET_MARK)]])

/** A back end that can be cut off, what Grantry is told of it, and all that it holds. */
type Played = {
  proxy: CuttableProxy
  env: Record<string, string>
  dump(): Promise<Buffer[]>
  close(): Promise<void>
}

async function playAws(): Promise<Played> {
  const server = await startMoto(moto!)
  const proxy = await startCuttableProxy(server.url)
  const { CreateKeyCommand, KMSClient } = await import('@aws-sdk/client-kms')
  const { KeyMetadata } = await new KMSClient({ endpoint: server.url }).send(new CreateKeyCommand({}))
  const restore = setEnvironment({ AWS_ENDPOINT_URL: proxy.through(server.url) })
  return {
    proxy,
    env: {
      GRANTRY_VAULT: 'aws-secrets-manager',
      GRANTRY_VAULT_PREFIX: 'test',
      GRANTRY_KMS_KEY_ID: KeyMetadata!.KeyId!,
      // With a key in KMS there is no other.
      GRANTRY_ENCRYPTION_KEY: '',
    },
    async dump() {
      const { GetSecretValueCommand, ListSecretsCommand, SecretsManagerClient } = await import(
        '@aws-sdk/client-secrets-manager'
      )
      const client = new SecretsManagerClient({ endpoint: server.url })
      const { SecretList = [] } = await client.send(new ListSecretsCommand({ MaxResults: 100 }))
      return Promise.all(
        SecretList.map(async ({ Name }) => {
          const { SecretBinary } = await client.send(new GetSecretValueCommand({ SecretId: Name }))
          return Buffer.from(SecretBinary!)
        }),
      )
    },
    async close() {
      restore()
      await proxy.close()
      await server.close()
    },
  }
}

async function playOpenBao(server: VaultServer & { token: string }): Promise<Played> {
  const proxy = await startCuttableProxy(server.url)
  const ask = async (method: string, path: string) => {
    const answer = await fetch(`${server.url}/v1/${path}`, {
      method,
      headers: { 'x-vault-token': server.token },
    })
    // biome-ignore lint/suspicious/noExplicitAny: as OpenBao answers
    return answer.ok ? ((await answer.json()) as any).data : null
  }
  async function names(folder: string): Promise<string[]> {
    const found = await ask('LIST', `secret/metadata/${folder}`)
    const below = (found?.keys ?? []).map((key: string) =>
      key.endsWith('/') ? names(`${folder}${key}`) : [`${folder}${key}`],
    )
    return (await Promise.all(below)).flat()
  }
  return {
    proxy,
    env: {
      GRANTRY_VAULT: 'openbao',
      GRANTRY_VAULT_PREFIX: 'test',
      GRANTRY_OPENBAO_ADDR: proxy.through(server.url).replace(/\/$/, ''),
      GRANTRY_OPENBAO_TOKEN: server.token,
    },
    dump: async () =>
      Promise.all(
        (await names('test/')).map(async (name) =>
          Buffer.from((await ask('GET', `secret/data/${name}`)).data.record, 'base64'),
        ),
      ),
    close: () => proxy.close(),
  }
}

function keepsEverything(dialect: 'sqlite' | 'postgres', play: () => Promise<Played>): void {
  let played: Played
  let database: TestDatabase
  let grantry: TestGrantry

  beforeAll(async () => {
    played = await play()
    database = await createTestDatabase(dialect, 'migrated')
    grantry = await startTestGrantry({
      databaseUrl: database.url,
      env: played.env,
      // What is done in the background is done here by hand, so that a test knows when it is done.
      world: { background: false },
    })
  })
  afterAll(async () => {
    await grantry?.close()
    await database?.drop()
    await played?.close()
  })

  const move = () => moveOut(grantry.ctx)
  const sweep = () => sweepItems(grantry.ctx, sealedColumns, { after: null })
  const token = (id: string) => grantry.call('GET', `/api/v1/connections/${id}/token`)
  /** Whether the provider takes the token now. */
  const works = async ({ body }: { body: { data: { access_token: string } } }) => {
    const authorization = `Bearer ${body.data.access_token}`
    return (await fetch(`${grantry.sandbox!.url}/plain/userinfo`, { headers: { authorization } })).ok
  }
  const unmoved = async () => {
    const rows = await grantry.ctx.db.selectFrom('workspaces').select('id').execute()
    const counts = await Promise.all(rows.map(({ id }) => countOtherForms(grantry.ctx, sealedColumns, id)))
    return counts.reduce((sum, count) => sum + count, 0)
  }
  const plainText = async () => {
    const places = [...(await readDatabase(grantry, database.url)).values(), ...(await played.dump())]
    return places.flatMap((place) => findSecrets(anySecret, place))
  }

  test('an account from consent to its end: nothing but pointers here, nothing but sealed records there', async () => {
    const integration = await addPlainIntegration(grantry)
    const { id } = await connectAccount(grantry, { integration: integration.id, end_user: { id: 'u1' } })
    await move()
    expect(await unmoved()).toBe(0)
    // A client secret and two tokens.
    expect((await played.dump()).length).toBe(3)
    expect(await plainText()).toEqual([])
    const first = await token(id)
    expect(first.status).toBe(200)

    const refreshed = await grantry.call('POST', `/api/v1/connections/${id}/refresh`)
    expect(refreshed.status).toBe(200)
    await move()
    expect(await unmoved()).toBe(0)
    const second = await token(id)
    expect(second.body.data.access_token).not.toBe(first.body.data.access_token)
    expect(await works(second)).toBe(true)
    expect(await plainText()).toEqual([])

    expect((await grantry.call('DELETE', `/api/v1/connections/${id}`)).body.data.revoked_upstream).toBe(true)
    await grantry.call('DELETE', `/api/v1/integrations/${integration.id}`)
    await sweep()
    grantry.clock.advance(keepMs[played.env.GRANTRY_VAULT as 'openbao'] / 1000)
    await sweep()
    expect(await grantry.ctx.db.selectFrom('vault_items').select('id').execute()).toEqual([])
    expect(await played.dump()).toEqual([])
  })

  test('cut off: reads go on for ten minutes, then 503; nothing is lost, and no connection ends', async () => {
    const integration = await addPlainIntegration(grantry)
    const consented = { integration: integration.id, end_user: { id: 'u2' } }
    const { id } = await connectAccount(grantry, consented)
    await move()
    expect((await token(id)).status).toBe(200)
    try {
      played.proxy.cut()
      grantry.clock.advance(5 * 60)
      expect((await token(id)).status).toBe(200)
      // What is sealed meanwhile waits in its row.
      expect((await grantry.call('POST', `/api/v1/connections/${id}/refresh`)).status).toBe(200)
      await expect(move()).rejects.toMatchObject({ code: 'vault_unavailable' })
      expect((await token(id)).status).toBe(200)

      grantry.clock.advance(7 * 60)
      const refused = await grantry.call('POST', `/api/v1/connections/${id}/refresh`)
      expect([refused.status, refused.body.code]).toEqual([503, 'vault_unavailable'])
      expect(refused.headers.get('retry-after')).toBe('10')
      const { status, body } = await grantry.call('GET', `/api/v1/connections/${id}`)
      expect([status, body.data.status]).toEqual([200, 'active'])
      expect((await grantry.call('GET', '/readyz')).status).toBe(200)
    } finally {
      played.proxy.mend()
    }
    grantry.clock.advance(10)
    expect((await grantry.call('POST', `/api/v1/connections/${id}/refresh`)).status).toBe(200)
    await move()
    expect(await unmoved()).toBe(0)
    expect(await works(await token(id))).toBe(true)
  })

  test('a server that cannot reach it does not start, and changes nothing', async () => {
    const empty = await createTestDatabase('sqlite')
    try {
      played.proxy.cut()
      const start = startTestGrantry({ databaseUrl: empty.url, env: played.env, sandbox: false })
      await expect(start).rejects.toMatchObject({ name: 'VaultError', code: 'vault_unavailable' })
    } finally {
      played.proxy.mend()
    }
    const db = await openDatabase(empty.url)
    expect(await db.introspection.getTables()).toEqual([])
    await db.destroy()
    await empty.drop()
  })
}

describe.skipIf(!moto)('AWS Secrets Manager, and a root key in AWS KMS', () =>
  keepsEverything('postgres', playAws),
)

describe.skipIf(!bao)('OpenBao', () => {
  let server: VaultServer & { token: string }
  beforeAll(async () => {
    server = await startOpenBao(bao!)
  })
  afterAll(() => server.close())

  describe('as the back end', () => keepsEverything('sqlite', () => playOpenBao(server)))

  test('moving there is killed in the middle, goes on, and goes back home', { timeout: 90_000 }, async () => {
    const way = await startNarrowWay(server.url)
    const database = await createTestDatabase('sqlite', 'migrated')
    const encryptionKey = randomBytes(32).toString('base64')
    const key = `test_key_${randomBytes(18).toString('base64url')}`
    const env = {
      GRANTRY_BOOTSTRAP_API_KEY: key,
      GRANTRY_EGRESS_ALLOW: '127.0.0.1:9',
      GRANTRY_VAULT_PREFIX: 'moving',
      GRANTRY_OPENBAO_ADDR: way.url,
      GRANTRY_OPENBAO_TOKEN: server.token,
    }
    const there = { ...env, GRANTRY_VAULT: 'openbao' }
    let grantry = null as TestGrantry | null
    const start = async (more: Record<string, string>) => {
      await grantry?.close()
      grantry = await startTestGrantry({
        databaseUrl: database.url,
        encryptionKey,
        env: more,
        sandbox: false,
      })
      return grantry
    }
    const status = async ({ call, operatorKey }: TestGrantry) =>
      (await call('GET', '/api/v1/vault', undefined, { key: operatorKey })).body.data
    const valuesThere = async (running: TestGrantry) =>
      // biome-ignore lint/suspicious/noExplicitAny: as the API answers
      (await status(running)).back_ends.find(({ name }: any) => name === 'openbao')?.values ?? 0
    const migrate = ({ url, operatorKey }: TestGrantry) =>
      runCli(['vault', 'migrate'], { env: { GRANTRY_URL: url, GRANTRY_OPERATOR_KEY: operatorKey } })
    const ids: string[] = []
    const readAll = ({ call }: TestGrantry) =>
      Promise.all(
        ids.map(async (id) => {
          const { body } = await call('GET', `/api/v1/connections/${id}/token`, undefined, { key })
          return body.data?.access_token
        }),
      )

    const many = 80
    const tokens = Array.from({ length: many }, (_, index) => `at-${index}`)
    try {
      const first = await start(env)
      const integration = await first.call(
        'POST',
        '/api/v1/integrations',
        {
          label: 'Anything',
          authorization_url: 'http://127.0.0.1:9/authorize',
          token_url: 'http://127.0.0.1:9/token',
          client_id: 'client',
          client_secret: 'secret',
          validate: false,
        },
        { key },
      )
      const expires_at = new Date(Date.now() + 24 * 3_600_000).toISOString()
      const items = tokens.map((access_token, index) => ({
        key: `k${index}`,
        integration: integration.body.data.id,
        end_user: { id: `u${index}` },
        tokens: { access_token, refresh_token: `rt-${index}`, expires_at },
      }))
      const { body } = await first.call('POST', '/api/v1/connections/import', { items }, { key })
      ids.push(...body.data.results.map((result: { connection_id: string }) => result.connection_id))
      expect(await readAll(first)).toEqual(tokens)
      await first.close()
      grantry = null

      way.letPass(60)
      const operator = `test_operator_${randomBytes(18).toString('base64url')}`
      const killed = await startServerProcess({
        ...there,
        GRANTRY_DATABASE_URL: database.url,
        GRANTRY_ENCRYPTION_KEY: encryptionKey,
        GRANTRY_OPERATOR_KEY: operator,
      })
      await killed.call('POST', '/api/v1/vault/migrations', {}, { key: operator })
      await way.used
      await killed.end('SIGKILL')

      way.letPass(Number.POSITIVE_INFINITY)
      const second = await start(there)
      expect(await readAll(second)).toEqual(tokens)
      const done = await migrate(second)
      expect([done.code, done.stdout]).toEqual([0, expect.stringContaining('All secrets are in openbao')])
      expect((await status(second)).values).toMatchObject({ left: 0, refused: 0, workspaces_to_look_at: 0 })
      // Tokens and the client secret at least; what our own server signs with is made when it is first needed.
      expect(await valuesThere(second)).toBeGreaterThanOrEqual(2 * many + 1)
      expect(await readAll(second)).toEqual(tokens)

      const home = await start(env)
      expect((await migrate(home)).code).toBe(0)
      way.letPass(0)
      expect(await readAll(home)).toEqual(tokens)
    } finally {
      await grantry?.close()
      await way.close()
      await database.drop()
    }
  })
})

/** A way to an HTTP server on which only so many writes get through; `used` resolves when all have. */
async function startNarrowWay(target: string) {
  let left = Number.POSITIVE_INFINITY
  let reads = true
  let used = Promise.withResolvers<void>()
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const writes = request.method === 'POST' && request.url!.includes('/data/')
    if (writes && --left < 0) used.resolve()
    if (!reads || (writes && left < 0)) return void request.socket.destroy()
    const answer = await fetch(target + request.url, {
      method: request.method!,
      headers: { 'x-vault-token': String(request.headers['x-vault-token']) },
      ...(writes ? { body: Buffer.concat(chunks) } : {}),
    })
    response.statusCode = answer.status
    response.end(Buffer.from(await answer.arrayBuffer()))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** 0: nothing gets through any more. */
    letPass(writes: number) {
      left = writes
      reads = writes > 0
      used = Promise.withResolvers<void>()
    },
    get used() {
      return used.promise
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
