import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Secret } from '@grantry/oauth'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  findVaultServers,
  setEnvironment,
  startMoto,
  startOpenBao,
  type VaultServer,
} from '../../../../../test/support/vault-servers.ts'
import { newId } from '../../db/new-id.ts'
import { kmsRootKey } from '../kms-root-key.ts'
import { restingStore } from '../rest-after-outage.ts'
import type { RootKey } from '../root-key.ts'
import { awsSecretsManager } from './aws-secrets-manager.ts'
import { openBao } from './openbao.ts'
import { type Item, nameOf, type SecretStore } from './secret-store.ts'

const { moto, bao } = await findVaultServers()
const random = (bytes: number) => randomBytes(bytes)
const uuid = () => newId({ clock: Date, random })
const newItem = (): Item => ({
  id: uuid(),
  place: { workspace: uuid(), table: 'token_requests', column: 'access_token', row: uuid() },
})
/** Nothing listens there. */
const nowhere = 'http://127.0.0.1:1'

function keepsItems(open: () => SecretStore): void {
  test('an item is there, unchanged, until it is removed', async () => {
    const store = open()
    await store.check()
    const [item, other] = [newItem(), newItem()]
    const record = randomBytes(3000)
    expect(await store.get(item)).toBeNull()
    await store.put(item, record)
    // The answer was lost, and it is put again.
    await store.put(item, record)
    await store.put(other, Uint8Array.of(0))
    expect(Buffer.from((await store.get(item))!).equals(record)).toBe(true)
    await store.remove(other)
    await store.remove(other)
    await store.remove(newItem())
    expect(Buffer.from((await store.get(item))!).equals(record)).toBe(true)
    await store.renew()
    await store.close()
  })
}

describe.skipIf(!moto)('AWS', () => {
  let server: VaultServer
  let keyIds: string[]

  beforeAll(async () => {
    server = await startMoto(moto!)
    const { CreateAliasCommand, CreateKeyCommand, KMSClient } = await import('@aws-sdk/client-kms')
    const kms = new KMSClient({})
    const make = async () => (await kms.send(new CreateKeyCommand({}))).KeyMetadata!.Arn!
    keyIds = [await make(), await make()]
    await kms.send(new CreateAliasCommand({ AliasName: 'alias/grantry', TargetKeyId: keyIds[0]! }))
  })
  afterAll(() => server.close())

  describe('Secrets Manager', () => {
    let store: SecretStore
    beforeAll(async () => {
      store = await awsSecretsManager('test/grantry')
    })
    keepsItems(() => store)

    test('what was removed comes back where a row still points at it', async () => {
      const item = newItem()
      await store.put(item, Uint8Array.of(1, 2, 3))
      await store.remove(item)
      expect([...(await store.get(item))!]).toEqual([1, 2, 3])
    })

    test('names say what a secret is', () => {
      const item = newItem()
      expect(nameOf('test/grantry', item)).toBe(
        `test/grantry/${item.place.workspace}/token_requests.access_token/${item.id}`,
      )
    })

    test('one that cannot be reached says so', async () => {
      const restore = setEnvironment({ AWS_ENDPOINT_URL: nowhere })
      try {
        const away = await awsSecretsManager('test')
        await expect(away.check()).rejects.toMatchObject({ code: 'vault_unavailable' })
      } finally {
        restore()
      }
    })
  })

  describe('KMS', () => {
    let key: RootKey
    beforeAll(async () => {
      key = await kmsRootKey('alias/grantry', random)
    })

    test('a key is known by its ARN, whatever it was named by', async () => {
      expect(key.id).toBe(keyIds[0])
      expect((await kmsRootKey(keyIds[0]!, random)).id).toBe(key.id)
    })

    test('unwraps what it wrapped, for the same purpose only', async () => {
      const plain = randomBytes(32)
      const wrapped = await key.wrap(plain, ['data key', 'a', 'b'])
      expect(Buffer.from(wrapped).includes(plain)).toBe(false)
      expect(plain.equals((await key.unwrap(wrapped, ['data key', 'a', 'b']))!)).toBe(true)
      for (const purpose of [['data key', 'b', 'a'], ['data key', 'a/b'], ['key check']])
        expect(await key.unwrap(wrapped, purpose)).toBeNull()
      const other = await kmsRootKey(keyIds[1]!, random)
      // KMS itself answers so; its emulator says that it has no such key.
      const opened = await other.unwrap(wrapped, ['data key', 'a', 'b']).catch(() => null)
      expect(opened).toBeNull()
    })

    test('one that is not there is refused', async () => {
      await expect(kmsRootKey('alias/none', random)).rejects.toMatchObject({ code: 'vault_refused' })
    })
  })
})

describe.skipIf(!bao)('OpenBao', () => {
  let server: VaultServer & { token: string }
  const settings = (more: Partial<Parameters<typeof openBao>[0]> = {}) => ({
    address: server.url,
    token: { from: 'environment' as const, value: new Secret(server.token) },
    mount: 'secret',
    namespace: null,
    ...more,
  })
  const mount = async (path: string, body: unknown) =>
    fetch(`${server.url}/v1/sys/${path}`, {
      method: 'POST',
      headers: { 'x-vault-token': server.token },
      body: JSON.stringify(body),
    })

  beforeAll(async () => {
    server = await startOpenBao(bao!)
  })
  afterAll(() => server.close())

  keepsItems(() => openBao(settings(), 'test/grantry'))

  describe('with no more than the documentation says', () => {
    let narrow: string
    beforeAll(async () => {
      const text = await readFile(new URL('../../../../../docs/vault.md', import.meta.url), 'utf8')
      const policy = /<<'POLICY'\n(.*?)POLICY/s.exec(text)![1]!
      await mount('mounts/grantry', { type: 'kv', options: { version: '2' } })
      await mount('policies/acl/grantry', { policy })
      const made = await fetch(`${server.url}/v1/auth/token/create-orphan`, {
        method: 'POST',
        headers: { 'x-vault-token': server.token },
        body: JSON.stringify({ policies: ['grantry'], period: '24h' }),
      })
      narrow = ((await made.json()) as { auth: { client_token: string } }).auth.client_token
    })
    const token = () => ({ from: 'environment' as const, value: new Secret(narrow) })
    keepsItems(() => openBao(settings({ mount: 'grantry', token: token() }), 'grantry'))

    test('nothing else can be reached', async () => {
      const store = openBao(settings({ mount: 'grantry', token: token() }), 'other')
      await expect(store.get(newItem())).rejects.toMatchObject({ code: 'vault_refused' })
    })
  })

  test('one that is no KV engine of version 2 is refused at the start', async () => {
    await mount('mounts/old', { type: 'kv', options: { version: '1' } })
    for (const wrong of ['old', 'none', 'cubbyhole'])
      await expect(openBao(settings({ mount: wrong }), 'test').check()).rejects.toMatchObject({
        code: expect.stringMatching(/^vault_(misconfigured|refused)$/),
      })
  })

  test('the token is read from its file each time; one that is not let in is refused', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'grantry-bao-'))
    const path = join(folder, 'token')
    const store = openBao(settings({ token: { from: 'file', path } }), 'test')
    await expect(store.check()).rejects.toMatchObject({ code: 'vault_unavailable' })
    await writeFile(path, 'wrong')
    await expect(store.check()).rejects.toMatchObject({ code: 'vault_refused' })
    await expect(store.get(newItem())).rejects.toMatchObject({ code: 'vault_refused' })
    await writeFile(path, `${server.token}\n`)
    await store.check()
    await rm(folder, { recursive: true })
  })

  test('what is out of reach, or sealed, says so; and is left alone for a moment', async () => {
    await expect(openBao(settings({ address: nowhere }), 'test').check()).rejects.toMatchObject({
      code: 'vault_unavailable',
    })
    let now = 0
    const store = restingStore({ now: () => now }, openBao(settings(), 'test'))
    await fetch(`${server.url}/v1/sys/seal`, {
      method: 'PUT',
      headers: { 'x-vault-token': server.token },
    })
    const failure = await store.check().catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'vault_unavailable', message: expect.stringContaining('sealed') })
    now = 1999
    expect(await store.get(newItem()).catch((error: unknown) => error)).toBe(failure)
    now = 2000
    expect(await store.get(newItem()).catch((error: unknown) => error)).not.toBe(failure)
  })
})
