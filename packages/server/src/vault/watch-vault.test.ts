import { Secret } from '@grantry/oauth'
import { expect, test } from 'vitest'
import { VaultError } from './errors.ts'
import type { Vault } from './vault.ts'
import { watchVault } from './watch-vault.ts'

const place = { workspace: 'w', table: 't', row: 'r', column: 'c', version: 1 }

test('each use is counted; what fails is told by its code, in a span too, and never by what it holds', async () => {
  const counted: unknown[] = []
  const spans: unknown[] = []
  const refuse = async () => {
    throw new VaultError('vault_unavailable', 'canary')
  }
  const vault = { seal: async () => Uint8Array.of(1), sealer: refuse, open: refuse } as unknown as Vault
  const watched = watchVault(vault, {
    use: {
      used: (operation: string) => counted.push(operation),
      failed: (operation: string, code: string) => counted.push([operation, code]),
    } as never,
    tracing: {
      on: true,
      begin: (name, options) => ({
        set: (facts) => spans.push(facts),
        fail: (type) => spans.push([name, Object.keys(options), type]),
        end: () => spans.push('ended'),
      }),
    },
  })
  await expect(watched.open(place, Uint8Array.of(1))).rejects.toThrow('canary')
  expect(spans).toEqual([['vault open', ['since'], 'vault_unavailable'], 'ended'])
  await watched.seal(place, new Secret('canary'))
  expect(counted).toEqual([['open', 'vault_unavailable'], 'open', 'seal'])
})
